//! A pretended server with two connections, a file, and faults by the number of the request.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use futures::StreamExt as _;
use futures::stream;
use tokio_util::bytes::Bytes;

use super::bases;
use crate::models::ServerUrl;
use crate::net::{ErrorKind, MediaHead, Validators};
use crate::services::gateway::range::Wanted;
use crate::services::gateway::upstream::{Ask, Opened, Place, Upstream};

/// Pieces of a body.
const PIECE: usize = 1000;

/// What becomes of the body of one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It breaks after so many bytes.
    Cut(usize),
    /// It ends after so many bytes, as if that were all.
    Short(usize),
    /// It falls silent after so many bytes.
    Silent(usize),
    /// No answer at all, after everything was tried.
    Refused(ErrorKind),
}

#[derive(Debug)]
pub(super) struct PretendedServer {
    pub(super) state: Mutex<State>,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) file: Vec<u8>,
    pub(super) content_type: String,
    pub(super) validators: Validators,
    /// Whether it knows ranges.
    pub(super) ranges: bool,
    /// Whether it tells lengths.
    pub(super) lengths: bool,
    /// Which of the connections answers.
    pub(super) connection: usize,
    /// Of the next answers.
    pub(super) fates: VecDeque<Fate>,
    pub(super) asked: Vec<Ask>,
    pub(super) broke: Vec<(ServerUrl, ErrorKind)>,
    pub(super) doubts: usize,
}

impl PretendedServer {
    pub(super) fn new(file: impl Into<Vec<u8>>) -> Self {
        let etag = Some("\"one\"".to_owned());
        let state = State {
            file: file.into(),
            content_type: "video/x-matroska".to_owned(),
            validators: Validators { etag, modified: None },
            ranges: true,
            lengths: true,
            connection: 0,
            fates: VecDeque::new(),
            asked: Vec::new(),
            broke: Vec::new(),
            doubts: 0,
        };
        Self { state: Mutex::new(state) }
    }

    /// With faults.
    pub(super) fn with(self, fates: impl IntoIterator<Item = Fate>) -> Self {
        self.state().fates.extend(fates);
        self
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The ranges that were asked for.
    pub(super) fn ranges(&self) -> Vec<Option<String>> {
        self.state().asked.iter().map(|ask| ask.range.clone()).collect()
    }
}

#[async_trait]
impl Upstream for PretendedServer {
    async fn open(&self, ask: &Ask) -> Result<Opened, ErrorKind> {
        let mut state = self.state();
        state.asked.push(ask.clone());
        let fate = state.fates.pop_front();
        if let Some(Fate::Refused(kind)) = fate {
            return Err(kind);
        }
        let connection = bases()[state.connection].clone();
        let url = match &ask.place {
            Place::Server(target) => target.at(&connection),
            Place::Elsewhere(url) => url.clone(),
        };
        let changed = ask.if_range.as_ref().is_some_and(|mark| Some(mark) != state.validators.etag.as_ref());
        let range = ask.range.as_deref().filter(|_| state.ranges && !changed);
        let (head, sent) = state.answer(range.map_or(Wanted::Everything, Wanted::parse));
        let (kept, end) = match fate {
            Some(Fate::Cut(count)) => (count, Some(Err(ErrorKind::Reset))),
            Some(Fate::Silent(count)) => (count, None),
            Some(Fate::Short(count)) => (count, Some(Ok(Bytes::new()))),
            _ => (usize::MAX, Some(Ok(Bytes::new()))),
        };
        let pieces: Vec<_> = sent[..sent.len().min(kept)].chunks(PIECE).map(Bytes::copy_from_slice).collect();
        let mut pieces = pieces.into_iter();
        let first = pieces.next().unwrap_or_default();
        let body = stream::iter(pieces.map(Ok));
        let rest = match end {
            None => body.chain(stream::pending()).boxed(),
            Some(Ok(_)) => body.boxed(),
            Some(Err(kind)) => body.chain(stream::iter([Err(kind)])).boxed(),
        };
        Ok(Opened { connection, url, head, first, rest })
    }

    async fn broke(&self, connection: &ServerUrl, kind: ErrorKind) {
        let mut state = self.state();
        state.broke.push((connection.clone(), kind));
        state.connection = 1;
    }

    async fn doubt(&self, _: &ServerUrl) {
        let mut state = self.state();
        state.doubts += 1;
        state.connection = 1;
    }
}

impl State {
    /// What a plain server answers.
    fn answer(&self, wanted: Wanted) -> (MediaHead, Vec<u8>) {
        let length = self.file.len();
        let at = |place: u64| usize::try_from(place).unwrap();
        let part = match wanted {
            Wanted::Everything => None,
            Wanted::From(first, last) => {
                Some((at(first), last.map_or(length, |last| (at(last) + 1).min(length))))
            }
            Wanted::Last(count) => Some((length.saturating_sub(at(count)), length)),
        };
        let (status, range, sent) = match part {
            None => (200, None, self.file.clone()),
            Some((first, end)) if first < end => {
                let range = format!("bytes {first}-{}/{length}", end - 1);
                (206, Some(range), self.file[first..end].to_vec())
            }
            Some(_) => (416, Some(format!("bytes */{length}")), Vec::new()),
        };
        let head = MediaHead {
            status,
            content_type: Some(self.content_type.clone()),
            content_length: self.lengths.then_some(sent.len() as u64),
            content_range: range,
            refuses_ranges: !self.ranges,
            validators: self.validators.clone(),
        };
        (head, sent)
    }
}
