//! The title on a poster.

use super::palette::Palette;
use std::fmt::Write as _;

/// Lines of a title at most; the rest is cut.
const MOST_LINES: usize = 5;

/// The title in the lower third over a shade, as SVG. Nothing when there is no title.
pub(super) fn title(title: &str, palette: Palette, width: f32, height: f32) -> String {
    if title.trim().is_empty() {
        return String::new();
    }
    let longest_word = title.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(1);
    let letters = longest_word.max(if title.chars().count() > 22 { 14 } else { 9 }).min(24);
    let lines = lines(title, letters);
    let letters = u16::try_from(letters).unwrap_or(24);
    let size = (width * 0.86 / (f32::from(letters) * 0.7)).min(width * 0.125);
    let count = f32::from(u16::try_from(lines.len()).unwrap_or(1));
    let first = height * 0.93 - (count - 1.0) * size * 1.12;
    let mut svg = format!(
        "<defs><linearGradient id='shade' x1='0' y1='0' x2='0' y2='1'><stop offset='0' stop-color='{near}' \
         stop-opacity='0'/><stop offset='1' stop-color='{near}' stop-opacity='0.92'/></linearGradient></defs>\
         <rect x='0' y='{top}' width='{width}' height='{depth}' fill='url(#shade)'/>",
        near = palette.near,
        top = height * 0.5,
        depth = height * 0.5,
    );
    let rule = first - size * 1.25;
    let _ = write!(
        svg,
        "<rect x='{}' y='{rule}' width='{}' height='4' fill='{}' opacity='0.8'/>",
        width * 0.07,
        width * 0.14,
        palette.light
    );
    let mut y = first;
    for line in lines {
        let _ = write!(
            svg,
            "<text x='{}' y='{y}' font-family='Inter Display, Inter, Cantarell, Noto Sans' font-weight='700' \
             font-size='{size}' letter-spacing='{}' fill='{}'>{}</text>",
            width * 0.07,
            size * 0.02,
            palette.light,
            escaped(&line)
        );
        y += size * 1.12;
    }
    svg
}

/// Breaks a title into lines of at most so many letters; longer words are cut.
fn lines(title: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in title.split_whitespace() {
        let word: String = word.chars().take(letters).collect();
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= letters => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines
}

/// Text for XML; what XML cannot hold is dropped.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_titles_break_between_words_and_end() {
        assert_eq!(lines("The Quiet Harbour", 9), ["The Quiet", "Harbour"]);
        assert_eq!(lines(&"word ".repeat(60), 9).len(), MOST_LINES);
    }
}
