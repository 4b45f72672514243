//! The board with numbers for pictures.

#![allow(clippy::unwrap_used, reason = "tests")]

use futures::channel::mpsc::{UnboundedReceiver, unbounded};

use super::*;
use crate::models::{ImageKey, ImageRequest, ImageSize};
use crate::ui::pictures::Fit;

struct Fixture {
    board: Board<u32>,
    source: SourceId,
    now: Instant,
}

impl Fixture {
    fn new() -> Self {
        Self { board: Board::default(), source: SourceId::random(), now: Instant::now() }
    }

    fn key(&self, number: usize) -> Wanted {
        let key = ImageKey::new(format!("{number}/Primary/0/t"));
        let request = ImageRequest { key, size: ImageSize::Small };
        Wanted { source: self.source, request, fit: Fit::Width(1) }
    }

    fn want(&mut self, number: usize, rank: Rank) -> (u64, UnboundedReceiver<Shown<u32>>) {
        let (tell, told) = unbounded();
        let key = self.key(number);
        (self.board.want(&key, rank, Blur::of_hash("L00000"), tell, self.now), told)
    }

    /// Wants that were looked for on disk and not found.
    fn in_line(&mut self, numbers: std::ops::Range<usize>) -> Vec<u64> {
        let tickets = numbers.clone().map(|number| self.want(number, Rank::Visible).0).collect();
        while let Some((wanted, _)) = self.board.next_work() {
            self.board.stand_in_line(&wanted, self.now);
        }
        tickets
    }

    fn fetch(&mut self) -> Option<Wanted> {
        self.board.next_fetch(self.source)
    }
}

fn nothing() -> (tokio::task::JoinHandle<()>, AbortHandle) {
    let task = tokio::spawn(std::future::pending());
    let abort = task.abort_handle();
    (task, abort)
}

#[test]
fn the_same_picture_is_worked_on_once_and_told_to_all() {
    let mut fixture = Fixture::new();
    let key = fixture.key(1);
    let (_, mut first) = fixture.want(1, Rank::Far);
    let (_, mut second) = fixture.want(1, Rank::Visible);
    assert_eq!(fixture.board.next_work(), Some((key.clone(), Work::Read)));
    assert_eq!(fixture.board.next_work(), None);
    fixture.board.finish(&key, &Shown::Picture(7));
    for told in [&mut first, &mut second] {
        assert_eq!(told.try_recv().unwrap(), Shown::Picture(7));
        assert!(told.try_recv().is_err());
    }
}

#[test]
fn a_source_gets_six_requests_at_a_time() {
    let mut fixture = Fixture::new();
    fixture.in_line(0..20);
    let under_way: Vec<Wanted> = std::iter::from_fn(|| fixture.fetch()).collect();
    assert_eq!(under_way.len(), MOST_PER_SOURCE);
    fixture.board.fetch_ended(&under_way[0]);
    assert!(fixture.fetch().is_some());
    assert!(fixture.fetch().is_none());
    // Another source has its own line.
    fixture.source = SourceId::random();
    fixture.in_line(0..1);
    assert!(fixture.fetch().is_some());
}

#[test]
fn what_becomes_urgent_passes_the_others() {
    let mut fixture = Fixture::new();
    let tickets: Vec<u64> = (0..3).map(|number| fixture.want(number, Rank::Near).0).collect();
    let (one, two) = (fixture.key(1), fixture.key(2));
    fixture.board.rank(&two, tickets[2], Rank::Visible, fixture.now);
    assert_eq!(fixture.board.next_work().unwrap().0, two);
    while let Some((wanted, _)) = fixture.board.next_work() {
        fixture.board.stand_in_line(&wanted, fixture.now);
    }
    fixture.board.rank(&one, tickets[1], Rank::Visible, fixture.now);
    assert_eq!(fixture.fetch(), Some(one));
}

#[test]
fn what_nobody_waits_for_is_not_done() {
    let mut fixture = Fixture::new();
    let (first, _) = fixture.want(1, Rank::Visible);
    let (second, _) = fixture.want(1, Rank::Near);
    let key = fixture.key(1);
    fixture.board.leave(&key, first, fixture.now);
    assert!(fixture.board.has_work(), "the other one still waits");
    fixture.board.leave(&key, second, fixture.now);
    assert!(!fixture.board.has_work());
    let tickets = fixture.in_line(2..4);
    let (two, three) = (fixture.key(2), fixture.key(3));
    fixture.board.leave(&two, tickets[0], fixture.now);
    assert_eq!(fixture.fetch(), Some(three));
    assert_eq!(fixture.fetch(), None);
}

#[tokio::test]
async fn a_fetch_ends_when_nobody_waits_for_it() {
    let mut fixture = Fixture::new();
    let tickets = fixture.in_line(0..2);
    let (kept, left) = (fixture.key(0), fixture.key(1));
    let ((_kept_task, kept_abort), (left_task, left_abort)) = (nothing(), nothing());
    fixture.fetch();
    fixture.fetch();
    fixture.board.fetch_begun(&kept, kept_abort.clone());
    fixture.board.fetch_begun(&left, left_abort);
    fixture.board.leave(&left, tickets[1], fixture.now);
    assert!(left_task.await.unwrap_err().is_cancelled());
    assert!(!kept_abort.is_finished());
}

#[tokio::test]
async fn what_failed_rests_and_is_tried_again_when_its_source_is_back() {
    let mut fixture = Fixture::new();
    fixture.in_line(0..1);
    let key = fixture.fetch().unwrap();
    fixture.board.fetch_ended(&key);
    let (task, abort) = nothing();
    fixture.board.rest(&key, abort);
    assert_eq!(fixture.fetch(), None);
    assert!(fixture.board.resting(Some(SourceId::random())).is_empty());
    assert_eq!(fixture.board.resting(Some(fixture.source)), std::slice::from_ref(&key));
    fixture.board.rested(&key, fixture.now);
    assert!(task.await.unwrap_err().is_cancelled(), "its timer has nothing to do any more");
    assert_eq!(fixture.fetch(), Some(key));
}

#[test]
fn the_blur_is_shown_once_and_the_picture_after_it() {
    let mut fixture = Fixture::new();
    let (_, mut told) = fixture.want(1, Rank::Visible);
    let key = fixture.board.next_work().unwrap().0;
    assert!(fixture.board.stand_in_line(&key, fixture.now).is_some());
    assert!(fixture.board.tell(&key, &Shown::Blur(1)));
    assert_eq!(fixture.fetch(), Some(key.clone()));
    fixture.board.fetch_ended(&key);
    fixture.board.came(&key, Work::Bytes(vec![1]), fixture.now);
    assert_eq!(fixture.board.next_work(), Some((key.clone(), Work::Bytes(vec![1]))));
    fixture.board.finish(&key, &Shown::Picture(2));
    assert_eq!([told.try_recv().unwrap(), told.try_recv().unwrap()], [Shown::Blur(1), Shown::Picture(2)]);
    assert!(!fixture.board.tell(&key, &Shown::None), "nobody waits any more");
}
