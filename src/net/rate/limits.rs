//! The limits of one origin, and who may pass them now. No waiting here: see `limiter.rs`.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::LONGEST_PAUSE;
use super::bucket::Bucket;
use super::headers::LimitHeaders;
use super::lanes::{Lane, Lanes, Ticket, Traffic, Waiter};

/// API requests at a time: what a media server on small hardware answers without queueing.
const MOST_API: usize = 8;
/// Pictures at a time: scaling them is work for the server.
const MOST_IMAGES: usize = 6;
/// The status of a refusal.
pub(super) const TOO_MANY_REQUESTS: u16 = 429;

/// How an origin stands towards us.
#[derive(Debug)]
pub(super) struct Origin {
    in_use: [usize; 2],
    lanes: Lanes,
    bucket: Option<Bucket>,
    paused_until: Option<Instant>,
    /// Who sleeps until the time allows the next request. The others are woken when it is their turn.
    sleeper: Option<Ticket>,
    granted: Vec<Ticket>,
    next_ticket: Ticket,
    pub(super) last_used: Instant,
}

impl Origin {
    /// An origin nothing is known of, with a token bucket or without.
    pub(super) fn new(bucketed: bool, now: Instant) -> Self {
        Self {
            in_use: [0; 2],
            lanes: Lanes::default(),
            bucket: bucketed.then(|| Bucket::new(now)),
            paused_until: None,
            sleeper: None,
            granted: Vec::new(),
            next_ticket: 0,
            last_used: now,
        }
    }

    /// Queues a request.
    pub(super) fn enter(&mut self, lane: Lane, traffic: Traffic, wake: Arc<Notify>, now: Instant) -> Ticket {
        self.last_used = now;
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.lanes.push(lane, traffic, Waiter { ticket, wake });
        ticket
    }

    /// Takes up a grant; otherwise says until when this waiter has to sleep, `None` meaning until it is woken.
    pub(super) fn poll(&mut self, ticket: Ticket, now: Instant) -> Result<(), Option<Instant>> {
        self.pump(now);
        if let Some(index) = self.granted.iter().position(|granted| *granted == ticket) {
            self.granted.swap_remove(index);
            return Ok(());
        }
        Err((self.sleeper == Some(ticket)).then(|| self.blocked_until(now)).flatten())
    }

    /// A waiter gave up, perhaps after it was granted.
    pub(super) fn leave(&mut self, lane: Lane, traffic: Traffic, ticket: Ticket, now: Instant) {
        if let Some(index) = self.granted.iter().position(|granted| *granted == ticket) {
            self.granted.swap_remove(index);
            if let Some(bucket) = &mut self.bucket {
                bucket.put_back();
            }
            self.release(traffic, now);
        } else if self.lanes.remove(lane, traffic, ticket) {
            self.pump(now);
        }
    }

    /// A request is over.
    pub(super) fn release(&mut self, traffic: Traffic, now: Instant) {
        let in_use = &mut self.in_use[traffic as usize];
        *in_use = in_use.saturating_sub(1);
        self.last_used = now;
        self.pump(now);
    }

    /// Learns from an answer.
    pub(super) fn note(&mut self, status: u16, limits: &LimitHeaders, now: Instant) {
        let refused = status == TOO_MANY_REQUESTS;
        if refused || limits.is_limited() {
            let bucket = self.bucket.get_or_insert_with(|| Bucket::new(now));
            if refused {
                bucket.refused(now);
            }
        }
        let spent = limits.reset.filter(|_| limits.remaining == Some(0));
        let asked = limits.retry_after.filter(|_| refused);
        if let Some(pause) = spent.max(asked) {
            let until = now + pause.min(LONGEST_PAUSE);
            self.paused_until = self.paused_until.max(Some(until));
        }
    }

    /// The end of a pause the server asked for.
    pub(super) fn paused_until(&self, now: Instant) -> Option<Instant> {
        self.paused_until.filter(|until| *until > now)
    }

    /// Ends a pause, and looks at once who may pass now.
    pub(super) fn end_pause(&mut self, now: Instant) {
        self.paused_until = None;
        self.sleeper = None;
        self.pump(now);
    }

    /// Requests a second; `None` when they are not limited.
    pub(super) fn rate(&mut self, now: Instant) -> Option<f64> {
        self.bucket.as_mut().map(|bucket| bucket.rate(now))
    }

    /// Whether nobody uses it or waits for it.
    pub(super) fn is_idle(&self) -> bool {
        self.in_use == [0; 2] && self.granted.is_empty() && self.lanes.is_empty()
    }

    /// Whether forgetting it would change nothing.
    pub(super) fn knows_nothing(&self, now: Instant) -> bool {
        self.bucket.is_none() && self.paused_until(now).is_none()
    }

    fn blocked_until(&mut self, now: Instant) -> Option<Instant> {
        if let Some(until) = self.paused_until(now) {
            return Some(until);
        }
        self.bucket.as_mut()?.due(now)
    }

    /// Lets pass whoever may; wakes the one who has to watch the clock for the others.
    fn pump(&mut self, now: Instant) {
        loop {
            let in_use = self.in_use;
            let has_room = |traffic| match traffic {
                Traffic::Api => in_use[traffic as usize] < MOST_API,
                Traffic::Image => in_use[traffic as usize] < MOST_IMAGES,
            };
            let Some((lane, traffic, waiter)) = self.lanes.next(has_room) else {
                self.sleeper = None;
                return;
            };
            let (ticket, wake) = (waiter.ticket, Arc::clone(&waiter.wake));
            if self.blocked_until(now).is_some() {
                if self.sleeper.replace(ticket) != Some(ticket) {
                    wake.notify_one();
                }
                return;
            }
            if let Some(bucket) = &mut self.bucket {
                bucket.take();
            }
            self.lanes.pop(lane, traffic);
            self.in_use[traffic as usize] += 1;
            self.granted.push(ticket);
            wake.notify_one();
        }
    }
}
