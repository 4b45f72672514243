//! Counts of what travelled, for the doctor's report.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

/// What a pool has done since it was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct TransportStats {
    /// The generation of clients in use, from 1.
    pub generation: u64,
    /// Answers.
    pub answers: u64,
    /// Of these, over a connection that stood already.
    pub reused: u64,
    /// Connections opened.
    pub opened: u64,
    /// Answers over HTTP/1.
    pub http1: u64,
    /// Answers over HTTP/2.
    pub http2: u64,
    /// Answers through a proxy.
    pub through_proxy: u64,
    /// Answers that said that the remembered one still holds.
    pub not_modified: u64,
    /// Bytes of bodies as they came.
    pub bytes_received: u64,
    /// Bytes of bodies after decompression.
    pub bytes_read: u64,
}

/// The counters behind [`TransportStats`].
#[derive(Debug, Default)]
pub(in crate::net) struct Counters {
    answers: AtomicU64,
    reused: AtomicU64,
    opened: AtomicU64,
    http1: AtomicU64,
    http2: AtomicU64,
    through_proxy: AtomicU64,
    not_modified: AtomicU64,
    bytes_received: AtomicU64,
    bytes_read: AtomicU64,
}

fn add(counter: &AtomicU64, value: u64) {
    counter.fetch_add(value, Ordering::Relaxed);
}

impl Counters {
    /// A connection was opened.
    pub(super) fn opened(&self) {
        add(&self.opened, 1);
    }

    /// The head of an answer came.
    pub(in crate::net) fn answered(&self, version: reqwest::Version, is_reused: bool, through_proxy: bool) {
        add(&self.answers, 1);
        add(&self.reused, is_reused.into());
        add(&self.through_proxy, through_proxy.into());
        add(if version == reqwest::Version::HTTP_2 { &self.http2 } else { &self.http1 }, 1);
    }

    /// A remembered answer still holds.
    pub(in crate::net) fn not_modified(&self) {
        add(&self.not_modified, 1);
    }

    /// A part of a body came.
    pub(super) fn received(&self, bytes: usize) {
        add(&self.bytes_received, bytes as u64);
    }

    /// A body was read.
    pub(super) fn read(&self, bytes: usize) {
        add(&self.bytes_read, bytes as u64);
    }

    pub(in crate::net) fn snapshot(&self, generation: u64) -> TransportStats {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        TransportStats {
            generation,
            answers: get(&self.answers),
            reused: get(&self.reused),
            opened: get(&self.opened),
            http1: get(&self.http1),
            http2: get(&self.http2),
            through_proxy: get(&self.through_proxy),
            not_modified: get(&self.not_modified),
            bytes_received: get(&self.bytes_received),
            bytes_read: get(&self.bytes_read),
        }
    }
}
