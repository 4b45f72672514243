//! Another quality in the middle of it, and what the player does when a file cannot be decoded here.
//!
//! The owner asks the server; meanwhile it plays on, and what comes takes its place where it is by then.

use std::time::Instant;

use super::PlayerPage;
use super::messages::PlayerOutput;
use super::reports::Reports;
use super::state::Phase;
use crate::backends::{Location, StreamSource};
use crate::models::{PlayMethod, Quality};
use crate::player::{EngineError, EngineErrorKind, EngineState};

/// What is asked of the owner about what plays.
#[derive(Debug, Default)]
pub(super) struct Asking {
    /// Why a conversion was asked for: what is shown when there is none.
    failure: Option<EngineError>,
    /// That is done once for each title.
    asked: bool,
}

impl PlayerPage {
    /// A person wants this quality.
    pub(super) fn choose_quality(&mut self, quality: Quality) {
        let Some(request) = &self.request else { return };
        let is_same = request.source.delivery.quality == quality && !self.has_failed();
        if !is_same && is_served(&request.source) {
            self.output.emit(PlayerOutput::QualityChosen(quality));
        }
        self.controls.stir(Instant::now());
    }

    /// The next lower quality than the present one; `None` when there is none.
    pub(super) fn next_lower(&self) -> Option<Quality> {
        let source = &self.request.as_ref().filter(|request| is_served(&request.source))?.source;
        source.delivery.quality.lower(source.delivery.file_bits)
    }

    /// Asks for that.
    pub(super) fn lower_quality(&mut self) {
        if let Some(quality) = self.next_lower() {
            self.choose_quality(quality);
        }
    }

    /// The same title from another source, from where it is now.
    pub(super) fn replace(&mut self, source: StreamSource) {
        let Some(mut request) = self.request.clone() else { return };
        let waited = self.asking.failure.take().is_some();
        if !waited {
            self.read_position();
        }
        request.source = source;
        request.start = self.state.position;
        if self.has_failed() {
            // It was told as stopped: it begins anew.
            return self.open(request);
        }
        let was_paused = self.state.phase == Phase::Active(EngineState::Paused);
        self.reports = Reports::default();
        self.state.phase = Phase::Active(EngineState::Buffering(0));
        self.engine.load(&request.source, request.start);
        self.restore();
        if was_paused {
            self.engine.pause();
        }
        self.bar.show_quality(Some(&request.source));
        self.request = Some(request);
        self.controls.stir(Instant::now());
    }

    /// There is no other source. What played goes on; what could not be decoded has failed for good.
    pub(super) fn keep_source(&mut self) {
        if let Some(error) = self.asking.failure.take() {
            self.failed(error);
        }
        self.show_quality();
    }

    /// Instead of failing for want of a decoder: asks once whether the server converts it. `false` when that is no way.
    pub(super) fn asks_for_conversion(&mut self, error: &EngineError) -> bool {
        let Some(request) = &self.request else { return false };
        let is_decoder = matches!(error.kind, EngineErrorKind::DecoderMissing(_));
        let is_final = request.source.delivery.method == PlayMethod::Transcode;
        if !is_decoder || is_final || self.asking.asked || !is_served(&request.source) {
            return false;
        }
        self.asking = Asking { failure: Some(error.clone()), asked: true };
        self.engine.stop();
        self.state.phase = Phase::Active(EngineState::Buffering(0));
        self.output.emit(PlayerOutput::ConversionNeeded);
        true
    }

    /// A conversion that has ended cannot be gone on with: the owner asks for a new one. `false` for a file as it is.
    pub(super) fn asks_again(&self) -> bool {
        let delivery = self.request.as_ref().map(|request| &request.source.delivery);
        let Some(delivery) = delivery.filter(|delivery| delivery.is_converted()) else { return false };
        self.output.emit(PlayerOutput::QualityChosen(delivery.quality));
        true
    }

    /// Another title begins: nothing was asked about it.
    pub(super) fn forget_asking(&mut self) {
        self.asking = Asking::default();
    }

    /// Shows in the menu what is delivered.
    pub(super) fn show_quality(&self) {
        self.bar.show_quality(self.request.as_ref().map(|request| &request.source));
    }
}

/// Whether a server delivers it: a file of this machine is what it is.
fn is_served(source: &StreamSource) -> bool {
    matches!(source.location, Location::Remote(_))
}
