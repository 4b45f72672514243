//! Who waits for which picture, and what is done about it: pure, nothing is read, fetched or decoded here.
//!
//! A picture that is wanted goes through stages: it is *ready* to be read from the disk; when it is not there it stands
//! in the *line* of its source; when it was fetched it is ready again, to be decoded; when that failed it *rests* until
//! it is worth trying again. Whoever gives up leaves, and with the last one goes all that was still to be done.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Instant;

use futures::channel::mpsc::UnboundedSender;
use tokio::task::AbortHandle;

use super::Wanted;
use super::queue::{Queue, Rank};
use crate::models::{Blur, SourceId};

/// Pictures asked of one source at a time: its scaler competes with playback.
pub(super) const MOST_PER_SOURCE: usize = 6;

/// What somebody who waits is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ui) enum Shown<V> {
    /// What stands for the picture for now.
    Blur(V),
    /// The picture.
    Picture(V),
    /// There is none, or none that can be shown.
    None,
}

/// What is to be done with a picture that is ready.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Look for it on disk.
    Read,
    /// Decode what came.
    Bytes(Vec<u8>),
    /// Decode a file.
    File(PathBuf),
}

/// Somebody who waits.
#[derive(Debug)]
struct Waiter<V> {
    number: u64,
    rank: Rank,
    tell: UnboundedSender<Shown<V>>,
}

#[derive(Debug)]
struct Want<V> {
    waiters: Vec<Waiter<V>>,
    rank: Rank,
    blur: Option<Blur>,
    work: Option<Work>,
    /// Tried again when this is over.
    rest: Option<AbortHandle>,
}

/// The line of a source.
#[derive(Debug)]
struct Line {
    waiting: Queue<Wanted>,
    under_way: HashMap<Wanted, Option<AbortHandle>>,
}

/// Everything that is wanted.
#[derive(Debug)]
pub(super) struct Board<V> {
    wants: HashMap<Wanted, Want<V>>,
    ready: Queue<Wanted>,
    lines: HashMap<SourceId, Line>,
    number: u64,
}

impl<V> Default for Board<V> {
    fn default() -> Self {
        Self { wants: HashMap::new(), ready: Queue::default(), lines: HashMap::new(), number: 0 }
    }
}

impl<V: Clone> Board<V> {
    /// Somebody wants a picture. Gives the number to leave with.
    pub(super) fn want(
        &mut self,
        wanted: &Wanted,
        rank: Rank,
        blur: Option<Blur>,
        tell: UnboundedSender<Shown<V>>,
        now: Instant,
    ) -> u64 {
        self.number += 1;
        let waiter = Waiter { number: self.number, rank, tell };
        if let Some(want) = self.wants.get_mut(wanted) {
            want.waiters.push(waiter);
            want.blur = want.blur.take().or(blur);
            self.rank_again(wanted, now);
        } else {
            let want = Want { waiters: vec![waiter], rank, blur, work: Some(Work::Read), rest: None };
            self.wants.insert(wanted.clone(), want);
            self.ready.push(wanted.clone(), rank, now);
        }
        self.number
    }

    /// Somebody does not want it any more.
    pub(super) fn leave(&mut self, wanted: &Wanted, number: u64, now: Instant) {
        let Some(want) = self.wants.get_mut(wanted) else { return };
        want.waiters.retain(|waiter| waiter.number != number);
        if want.waiters.is_empty() {
            self.drop_want(wanted);
        } else {
            self.rank_again(wanted, now);
        }
    }

    /// It has become more urgent for somebody, or less.
    pub(super) fn rank(&mut self, wanted: &Wanted, number: u64, rank: Rank, now: Instant) {
        let Some(want) = self.wants.get_mut(wanted) else { return };
        if let Some(waiter) = want.waiters.iter_mut().find(|waiter| waiter.number == number) {
            waiter.rank = rank;
        }
        self.rank_again(wanted, now);
    }

    /// What is to be read or decoded next.
    pub(super) fn next_work(&mut self) -> Option<(Wanted, Work)> {
        while let Some(wanted) = self.ready.pop() {
            if let Some(work) = self.wants.get_mut(&wanted).and_then(|want| want.work.take()) {
                return Some((wanted, work));
            }
        }
        None
    }

    /// Whether something is to be read or decoded.
    pub(super) fn has_work(&self) -> bool {
        !self.ready.is_empty()
    }

    /// It is not on disk, or may be another now: puts it in the line of its source. Gives what stands for it, once.
    pub(super) fn stand_in_line(&mut self, wanted: &Wanted, now: Instant) -> Option<Blur> {
        let want = self.wants.get_mut(wanted)?;
        let rank = want.rank;
        let blur = want.blur.take();
        self.line(wanted.source).waiting.push(wanted.clone(), rank, now);
        blur
    }

    /// What is to be fetched from a source now; counts as under way until [`Board::fetch_ended`].
    pub(super) fn next_fetch(&mut self, source: SourceId) -> Option<Wanted> {
        let line = self.lines.get_mut(&source)?;
        if line.under_way.len() >= MOST_PER_SOURCE {
            return None;
        }
        let next = line.waiting.pop()?;
        line.under_way.insert(next.clone(), None);
        Some(next)
    }

    /// How to end a fetch that is under way.
    pub(super) fn fetch_begun(&mut self, wanted: &Wanted, abort: AbortHandle) {
        let is_wanted = self.wants.contains_key(wanted);
        let line = self.line(wanted.source);
        match line.under_way.get_mut(wanted) {
            Some(_) if !is_wanted => abort.abort(),
            Some(known) => *known = Some(abort),
            // Over already.
            None => {}
        }
    }

    /// A fetch is over, well or not.
    pub(super) fn fetch_ended(&mut self, wanted: &Wanted) {
        if let Some(line) = self.lines.get_mut(&wanted.source) {
            line.under_way.remove(wanted);
            if line.under_way.is_empty() && line.waiting.is_empty() {
                self.lines.remove(&wanted.source);
            }
        }
    }

    /// It has come and is ready to be decoded.
    pub(super) fn came(&mut self, wanted: &Wanted, work: Work, now: Instant) {
        if let Some(want) = self.wants.get_mut(wanted) {
            want.work = Some(work);
            self.ready.push(wanted.clone(), want.rank, now);
        }
    }

    /// It failed: it rests until it is tried again. Whoever waits goes on waiting.
    pub(super) fn rest(&mut self, wanted: &Wanted, rest: AbortHandle) {
        match self.wants.get_mut(wanted) {
            Some(want) => {
                if let Some(before) = want.rest.replace(rest) {
                    before.abort();
                }
            }
            None => rest.abort(),
        }
    }

    /// The rest of a picture is over.
    pub(super) fn rested(&mut self, wanted: &Wanted, now: Instant) {
        let Some(want) = self.wants.get_mut(wanted) else { return };
        if let Some(rest) = want.rest.take() {
            rest.abort();
            let rank = want.rank;
            self.line(wanted.source).waiting.push(wanted.clone(), rank, now);
        }
    }

    /// What rests of a source, or of all of them.
    pub(super) fn resting(&self, source: Option<SourceId>) -> Vec<Wanted> {
        let is_meant = |wanted: &&Wanted| source.is_none_or(|source| wanted.source == source);
        let resting = self.wants.iter().filter(|(_, want)| want.rest.is_some()).map(|(wanted, _)| wanted);
        resting.filter(is_meant).cloned().collect()
    }

    /// Tells everybody who waits something for now. Gives whether anybody does.
    pub(super) fn tell(&mut self, wanted: &Wanted, shown: &Shown<V>) -> bool {
        let Some(want) = self.wants.get(wanted) else { return false };
        for waiter in &want.waiters {
            let _may_have_left = waiter.tell.unbounded_send(shown.clone());
        }
        true
    }

    /// Tells everybody who waits the end of it.
    pub(super) fn finish(&mut self, wanted: &Wanted, shown: &Shown<V>) {
        self.tell(wanted, shown);
        self.drop_want(wanted);
    }

    fn drop_want(&mut self, wanted: &Wanted) {
        if let Some(rest) = self.wants.remove(wanted).and_then(|want| want.rest) {
            rest.abort();
        }
        self.ready.remove(wanted);
        if let Some(line) = self.lines.get_mut(&wanted.source) {
            line.waiting.remove(wanted);
            if let Some(Some(fetch)) = line.under_way.get(wanted) {
                fetch.abort();
            }
        }
    }

    fn rank_again(&mut self, wanted: &Wanted, now: Instant) {
        let Some(want) = self.wants.get_mut(wanted) else { return };
        let Some(rank) = want.waiters.iter().map(|waiter| waiter.rank).min() else { return };
        want.rank = rank;
        if self.ready.remove(wanted) {
            self.ready.push(wanted.clone(), rank, now);
        } else if let Some(line) = self.lines.get_mut(&wanted.source)
            && line.waiting.remove(wanted)
        {
            line.waiting.push(wanted.clone(), rank, now);
        }
    }

    fn line(&mut self, source: SourceId) -> &mut Line {
        let empty = || Line { waiting: Queue::default(), under_way: HashMap::new() };
        self.lines.entry(source).or_insert_with(empty)
    }
}

#[cfg(test)]
mod tests;
