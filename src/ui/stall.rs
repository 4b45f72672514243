//! How long the main loop is kept from its work: a figure for benches, told at the target `gnome_reel::stall`.
//!
//! Nothing runs unless that target is enabled for traces. Then a short timer notices how late it comes; what
//! GTK's own frames took of that is told apart.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use gtk::glib;
use gtk::prelude::*;
use relm4::gtk;
use tracing::Level;

const TARGET: &str = "gnome_reel::stall";
/// How often the timer comes: what may go unnoticed at the begin of a stall.
const INTERVAL: Duration = Duration::from_millis(5);
/// Shorter lateness is not worth a line.
const WORTH_TELLING: Duration = Duration::from_millis(20);
/// Beyond this a frame is felt to be late; it is counted.
const FELT: Duration = Duration::from_millis(8);
/// How often the counts are told, in ticks of the timer.
const TICKS_OF_A_SUM: u32 = 200;

/// Watches the main loop for as long as the program runs, when somebody asked for it.
pub(super) fn watch(window: &adw::ApplicationWindow) {
    if !tracing::enabled!(target: TARGET, Level::TRACE) {
        return;
    }
    let frames = Rc::new(Cell::new(Duration::ZERO));
    let counted = frames.clone();
    window.connect_realize(move |window| {
        let Some(clock) = window.frame_clock() else { return };
        let began = Rc::new(Cell::new(None));
        let begin = began.clone();
        clock.connect_before_paint(move |_| begin.set(Some(Instant::now())));
        let counted = counted.clone();
        clock.connect_after_paint(move |_| {
            let took = began.take().map_or(Duration::ZERO, |began: Instant| began.elapsed());
            counted.set(counted.get() + took);
        });
    });
    let last = Cell::new(Instant::now());
    let sum = Cell::new(Sum::default());
    glib::timeout_add_local(INTERVAL, move || {
        let now = Instant::now();
        let late = now.duration_since(last.replace(now)).saturating_sub(INTERVAL);
        let frames = frames.take();
        sum.set(sum.get().with(late.saturating_sub(frames)));
        if late >= WORTH_TELLING {
            let (late_ms, frames_ms) = (milliseconds(late), milliseconds(frames));
            tracing::trace!(target: TARGET, late_ms, frames_ms, "the main loop was late");
        }
        glib::ControlFlow::Continue
    });
}

/// What of the last ticks was late by our own work, without frames.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    ticks: u32,
    felt: u32,
    worst: Duration,
}

impl Sum {
    /// With one tick more; told and begun anew when there are enough.
    fn with(self, own: Duration) -> Self {
        let sum = Self {
            ticks: self.ticks + 1,
            felt: self.felt + u32::from(own > FELT),
            worst: self.worst.max(own),
        };
        if sum.ticks < TICKS_OF_A_SUM {
            return sum;
        }
        let worst_ms = milliseconds(sum.worst);
        tracing::trace!(target: TARGET, ticks = sum.ticks, felt = sum.felt, worst_ms, "lateness of our own");
        Self::default()
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
