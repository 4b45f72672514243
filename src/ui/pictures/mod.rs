//! Pictures as the window shows them: decoded off the main thread, shared, and no more of them than fit.
//!
//! [`Pictures`] is the one place that all pictures of items come from. What is kept in [`memory`] is there at once.
//! Everything else goes through the [`board`]: workers, as many as there are cores, read files and decode them in the
//! order of the [`queue`]; what is not on disk is fetched, at most six at a time from each source. Whoever waits holds a
//! [`Ticket`]; letting it go ends the work that nobody else wants. Nothing here touches a widget.

mod blur;
mod board;
mod decode;
mod memory;
mod queue;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use gtk::gdk;
use gtk::prelude::*;

pub(in crate::ui) use board::Shown;
pub(in crate::ui) use decode::{Fit, file as decode_file, texture};
pub(in crate::ui) use queue::Rank;

use self::board::{Board, Work};
use self::memory::Memory;
use crate::models::{Blur, ImageRequest, SourceId};
use crate::net::ErrorKind;
use crate::services::AppContext;
use crate::services::images::{Fetched, ImageService, Kept};

/// Screens full of decoded pictures that are kept, so that a scroll back finds them.
const SCREENS: usize = 6;
/// Bytes of a decoded pixel.
const PIXEL: usize = 3;
/// Fewer bytes are not kept, and not more: a phone has screens to scroll back, and a wall of screens other uses for
/// its memory.
const LEAST_KEPT: usize = 16 * 1024 * 1024;
const MOST_KEPT: usize = 64 * 1024 * 1024;
/// Workers for decoding. More than this wait for memory, not for a core.
const MOST_WORKERS: usize = 4;
/// A picture whose source cannot be reached is tried again after this, should nobody tell that it can.
const REST: Duration = Duration::from_mins(1);

/// Which picture, how large.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::ui) struct Wanted {
    /// Whose it is.
    pub(in crate::ui) source: SourceId,
    /// Which one.
    pub(in crate::ui) request: ImageRequest,
    /// How large it is shown.
    pub(in crate::ui) fit: Fit,
}

/// The answer to who wants a picture.
pub(in crate::ui) enum Answer {
    /// It is there.
    Here(gdk::Texture),
    /// It is not; it comes as long as the ticket is held.
    Coming(Ticket, UnboundedReceiver<Shown<gdk::Texture>>),
}

/// All pictures of the window.
pub(in crate::ui) struct Pictures {
    state: Mutex<State>,
    most_workers: usize,
}

struct State {
    memory: Memory<Wanted, gdk::Texture>,
    board: Board<gdk::Texture>,
    workers: usize,
}

impl fmt::Debug for Pictures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pictures")
    }
}

impl Pictures {
    /// The pictures of a context. They live as long as it does.
    pub(in crate::ui) fn of(ctx: &AppContext) -> Option<Arc<Self>> {
        ctx.images.companion(Self::new)
    }

    fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let state = State { memory: Memory::new(room()), board: Board::default(), workers: 0 };
        Self { state: Mutex::new(state), most_workers: cores.clamp(1, MOST_WORKERS) }
    }

    /// Asks for a picture; `blur` is what stands for it when it is not on disk.
    pub(in crate::ui) fn want(
        self: &Arc<Self>,
        ctx: &AppContext,
        wanted: Wanted,
        rank: Rank,
        blur: Option<&Blur>,
    ) -> Answer {
        let mut state = self.lock();
        if let Some(texture) = state.memory.get(&wanted) {
            return Answer::Here(texture);
        }
        let (tell, told) = unbounded();
        let number = state.board.want(&wanted, rank, blur.cloned(), tell, Instant::now());
        self.work(&mut state, ctx);
        Answer::Coming(Ticket { pictures: Arc::clone(self), wanted, number }, told)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a worker when there is work for one more.
    fn work(self: &Arc<Self>, state: &mut State, ctx: &AppContext) {
        if state.workers < self.most_workers && state.board.has_work() {
            state.workers += 1;
            let (this, ctx) = (Arc::clone(self), ctx.clone());
            relm4::spawn_blocking(move || this.worker(&ctx));
        }
    }

    /// Works until there is nothing to do.
    fn worker(self: Arc<Self>, ctx: &AppContext) {
        loop {
            let (wanted, work) = {
                let mut state = self.lock();
                let Some(next) = state.board.next_work() else {
                    state.workers -= 1;
                    return;
                };
                self.work(&mut state, ctx);
                next
            };
            match work {
                Work::Read => self.read(ctx, &wanted),
                Work::Bytes(bytes) => self.decoded(&wanted, decode::bytes(&bytes, wanted.fit)),
                Work::File(file) => self.decoded(&wanted, decode::file(&file, wanted.fit)),
            }
        }
    }

    fn read(self: &Arc<Self>, ctx: &AppContext, wanted: &Wanted) {
        match ImageService::kept(ctx, wanted.source, &wanted.request) {
            Kept::Picture { bytes, is_due, .. } => {
                let Some(texture) = decode::bytes(&bytes, wanted.fit) else {
                    return self.decoded(wanted, None);
                };
                if !is_due {
                    return self.decoded(wanted, Some(texture));
                }
                // Shown as it is, and asked about.
                self.lock().board.tell(wanted, &Shown::Picture(texture));
                self.lock().board.stand_in_line(wanted, Instant::now());
                self.fetch_next(ctx, wanted.source);
            }
            Kept::Absent => self.decoded(wanted, None),
            Kept::Nothing => {
                let blur = self.lock().board.stand_in_line(wanted, Instant::now());
                self.fetch_next(ctx, wanted.source);
                if let Some(texture) = blur.and_then(|blur| blur::texture(&blur, wanted.fit)) {
                    self.lock().board.tell(wanted, &Shown::Blur(texture));
                }
            }
        }
    }

    fn decoded(&self, wanted: &Wanted, texture: Option<gdk::Texture>) {
        let mut state = self.lock();
        let Some(texture) = texture else { return state.board.finish(wanted, &Shown::None) };
        tracing::trace!(target: "gnome_reel::pictures", width = texture.width(), "picture decoded");
        state.memory.put(wanted.clone(), texture.clone(), decode::weight(&texture));
        state.board.finish(wanted, &Shown::Picture(texture));
    }

    /// Starts what may be fetched from a source now.
    fn fetch_next(self: &Arc<Self>, ctx: &AppContext, source: SourceId) {
        loop {
            let Some(wanted) = self.lock().board.next_fetch(source) else { return };
            let under_way = UnderWay { pictures: Arc::clone(self), ctx: ctx.clone(), wanted: wanted.clone() };
            let fetch = relm4::spawn(under_way.fetch());
            self.lock().board.fetch_begun(&wanted, fetch.abort_handle());
        }
    }

    /// A fetch failed: it rests, and whoever waits goes on waiting.
    fn rest(self: &Arc<Self>, ctx: &AppContext, wanted: &Wanted) {
        let pause = ImageService::again_in(ctx, wanted.source, &wanted.request).unwrap_or(REST);
        let (this, ctx, resting) = (Arc::clone(self), ctx.clone(), wanted.clone());
        let mut state = self.lock();
        let rest = relm4::spawn(async move {
            tokio::time::sleep(pause).await;
            this.lock().board.rested(&resting, Instant::now());
            this.fetch_next(&ctx, resting.source);
        });
        state.board.rest(wanted, rest.abort_handle());
    }
}

impl Pictures {
    /// A source answers again, or any of them may: what failed there is asked for at once.
    pub(in crate::ui) fn reconnected(self: &Arc<Self>, ctx: &AppContext, source: Option<SourceId>) {
        let resting = self.lock().board.resting(source);
        for wanted in &resting {
            ImageService::retry(ctx, wanted.source);
            self.lock().board.rested(wanted, Instant::now());
            self.fetch_next(ctx, wanted.source);
        }
        if let Some(source) = source {
            ImageService::retry(ctx, source);
        }
    }

    /// A source is gone, and its pictures with it.
    pub(in crate::ui) fn removed(&self, source: SourceId) {
        self.lock().memory.forget(|wanted| wanted.source == source);
    }
}

/// Somebody waits for a picture. Letting it go ends what nobody else waits for.
#[derive(Debug)]
pub(in crate::ui) struct Ticket {
    pictures: Arc<Pictures>,
    wanted: Wanted,
    number: u64,
}

impl Ticket {
    /// It has become more urgent, or less.
    pub(in crate::ui) fn rank(&self, rank: Rank) {
        self.pictures.lock().board.rank(&self.wanted, self.number, rank, Instant::now());
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.pictures.lock().board.leave(&self.wanted, self.number, Instant::now());
    }
}

/// A fetch, which leaves its place to the next one however it ends.
struct UnderWay {
    pictures: Arc<Pictures>,
    ctx: AppContext,
    wanted: Wanted,
}

impl UnderWay {
    async fn fetch(self) {
        let Self { pictures, ctx, wanted } = &self;
        let work = match ImageService::fetch(ctx, wanted.source, &wanted.request).await {
            Ok(Fetched::Bytes(bytes)) => Work::Bytes(bytes),
            Ok(Fetched::File(file)) => Work::File(file),
            Err(error) if error.kind() == ErrorKind::NotFound => return pictures.decoded(wanted, None),
            Err(error) => {
                tracing::debug!(kind = ?error.kind(), "no picture for now");
                return pictures.rest(ctx, wanted);
            }
        };
        let mut state = pictures.lock();
        state.board.came(wanted, work, Instant::now());
        pictures.work(&mut state, ctx);
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.pictures.lock().board.fetch_ended(&self.wanted);
        self.pictures.fetch_next(&self.ctx, self.wanted.source);
    }
}

/// Bytes of decoded pictures to keep, for the largest screen that there is.
fn room() -> usize {
    let monitors = gdk::Display::default().map(|display| display.monitors());
    let pixels =
        monitors.iter().flat_map(|list| list.iter::<gdk::Monitor>().filter_map(Result::ok)).map(|monitor| {
            let (area, scale) = (monitor.geometry(), monitor.scale_factor());
            let side = |length: i32| usize::try_from(length * scale).unwrap_or_default();
            side(area.width()) * side(area.height())
        });
    (pixels.max().unwrap_or_default() * PIXEL * SCREENS).clamp(LEAST_KEPT, MOST_KEPT)
}
