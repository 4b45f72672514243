//! Words for qualities. Numbers are written for the eye: bits per second in millions, height in lines.

use gettextrs::gettext;

use crate::models::Quality;

/// The name of a quality in menus and settings.
pub fn quality_name(quality: Quality) -> String {
    match quality {
        // Translators: the file as it is on the server, not converted.
        Quality::Original => gettext("Original"),
        Quality::Limit { bits_per_second, height } => {
            // Translators: a quality of a video, as “8 Mbit/s, 1080p”: at most so many megabits in a second, and lines.
            gettext("{rate} Mbit/s, {height}p")
                .replace("{rate}", &megabits(bits_per_second))
                .replace("{height}", &height.to_string())
        }
    }
}

/// Bits as megabits, with a decimal only where there is one.
fn megabits(bits: u32) -> String {
    let tenths = bits / 100_000;
    if tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualities_have_short_names() {
        assert_eq!(quality_name(Quality::Original), "Original");
        assert_eq!(quality_name(Quality::from_kilobits(8000)), "8 Mbit/s, 1080p");
        assert_eq!(quality_name(Quality::from_kilobits(500)), "0.5 Mbit/s, 240p");
    }
}
