//! Technical facts over the picture, for whoever looks closer: what plays, how it is decoded, where it comes from.

use gettextrs::{gettext, ngettext};

use super::PlayerPage;
use super::messages::PlayRequest;
use crate::backends::Location;
use crate::models::PlayMethod;
use crate::player::EngineInfo;
use crate::ui::standing;

/// Bits in a megabit, as people and providers count.
const MEGABIT: f64 = 1_000_000.0;

impl PlayerPage {
    /// Shows the facts, or hides them.
    pub(super) fn toggle_information(&mut self) {
        self.information = match self.information {
            Some(_) => None,
            None => Some(self.facts()),
        };
        if let Some(facts) = &self.information {
            self.announce(facts);
        }
    }

    /// Brings facts that are shown up to date.
    pub(super) fn refresh_information(&mut self) {
        if self.information.is_some() {
            self.information = Some(self.facts());
        }
    }

    /// The facts of what plays, a line for each.
    fn facts(&self) -> String {
        let lines = lines(&self.engine.info(), self.request.as_ref());
        if lines.is_empty() { gettext("Nothing is known yet") } else { lines.join("\n") }
    }
}

fn lines(info: &EngineInfo, request: Option<&PlayRequest>) -> Vec<String> {
    let line = |title: String, parts: Vec<Option<String>>| {
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        // Translators: a line of technical facts, as in "Video: H.264, 1920 × 1080".
        let text =
            || gettext("{title}: {facts}").replace("{title}", &title).replace("{facts}", &parts.join(", "));
        (!parts.is_empty()).then(text)
    };
    let video = vec![
        info.video_codec.clone(),
        info.size.map(|(width, height)| format!("{width} × {height}")),
        info.frame_rate.map(|rate| gettext("{rate} fps").replace("{rate}", &trimmed(rate))),
    ];
    let audio = vec![
        info.audio_codec.clone(),
        info.channels.map(|channels| {
            ngettext("{n} channel", "{n} channels", channels).replace("{n}", &channels.to_string())
        }),
        info.sample_rate
            .map(|rate| gettext("{rate} kHz").replace("{rate}", &trimmed(f64::from(rate) / 1000.0))),
    ];
    let hardware =
        if info.is_hardware { gettext("by the graphics hardware") } else { gettext("by the processor") };
    let decoder = vec![info.decoder.clone(), info.decoder.is_some().then_some(hardware)];
    let rate = info.bit_rate.map(|bits| {
        #[expect(clippy::cast_precision_loss, reason = "for reading, with one digit")]
        let megabits = bits as f64 / MEGABIT;
        gettext("{rate} Mbit/s").replace("{rate}", &format!("{megabits:.1}"))
    });
    let dropped = info.decoder.as_ref().map(|_| info.dropped_frames.to_string());
    let source = request.map(|request| match (&request.source.location, request.memory.way) {
        (Location::File(_), _) => gettext("File"),
        (_, Some(way)) => standing::tier(way),
        (_, None) => gettext("Server"),
    });
    let delivery = request.map(|request| match request.source.delivery.method {
        PlayMethod::Direct => gettext("As the file is"),
        PlayMethod::Remux => gettext("In another container"),
        PlayMethod::Transcode => gettext("Converted by the server"),
    });
    let container = request.and_then(|request| request.source.container.clone());
    [
        line(gettext("Video"), video),
        line(gettext("Audio"), audio),
        line(gettext("Container"), vec![container]),
        line(gettext("Delivery"), vec![delivery]),
        line(gettext("Bit Rate"), vec![rate]),
        line(gettext("Decoder"), decoder),
        line(gettext("Pictures Left Out"), vec![dropped]),
        line(gettext("Connection"), vec![source]),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A number with at most three digits behind the point, and none that say nothing.
fn trimmed(number: f64) -> String {
    let text = format!("{number:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_is_said() {
        assert_eq!(lines(&EngineInfo::default(), None), Vec::<String>::new());
        let info = EngineInfo {
            video_codec: Some("H.264".to_owned()),
            size: Some((1920, 1080)),
            frame_rate: Some(24_000.0 / 1001.0),
            audio_codec: Some("AAC".to_owned()),
            channels: Some(6),
            sample_rate: Some(48_000),
            decoder: Some("avdec_h264".to_owned()),
            is_hardware: false,
            bit_rate: Some(8_250_000),
            dropped_frames: 2,
        };
        let expected = [
            "Video: H.264, 1920 × 1080, 23.976 fps",
            "Audio: AAC, 6 channels, 48 kHz",
            "Bit Rate: 8.2 Mbit/s",
            "Decoder: avdec_h264, by the processor",
            "Pictures Left Out: 2",
        ];
        assert_eq!(lines(&info, None), expected);
    }
}
