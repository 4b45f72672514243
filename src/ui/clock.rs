//! Times as clocks show them, for the window and the command line. Needs no toolkit.

use std::time::Duration;

/// `4:05`, `1:04:05`.
pub(crate) fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_like_clocks() {
        let table = [(0, "0:00"), (65, "1:05"), (3_599, "59:59"), (3_845, "1:04:05")];
        for (seconds, text) in table {
            assert_eq!(clock(Duration::from_secs(seconds)), text);
        }
    }
}
