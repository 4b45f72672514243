//! The chapters that a file brings along.

use std::time::Duration;

use crate::player::Chapter;

/// Reads the chapters of a table of contents; of several editions the first that has any.
pub(super) fn read(contents: &gst::Toc) -> Vec<Chapter> {
    let mut chapters = Vec::new();
    for entry in contents.entries() {
        collect(&entry, &mut chapters);
        if !chapters.is_empty() && entry.entry_type() == gst::TocEntryType::Edition {
            break;
        }
    }
    chapters.sort_by_key(|chapter| chapter.start);
    chapters.dedup_by_key(|chapter| chapter.start);
    chapters
}

fn collect(entry: &gst::TocEntry, chapters: &mut Vec<Chapter>) {
    if entry.entry_type() == gst::TocEntryType::Chapter {
        chapters.extend(chapter(entry));
        // What lies inside a chapter is finer than what people look for.
        return;
    }
    for part in entry.sub_entries() {
        collect(&part, chapters);
    }
}

fn chapter(entry: &gst::TocEntry) -> Option<Chapter> {
    let (start, end) = entry.start_stop_times()?;
    let start = Duration::from_nanos(u64::try_from(start).ok()?);
    let end = u64::try_from(end).ok().map(Duration::from_nanos).filter(|end| *end > start);
    let title = entry
        .tags()
        .and_then(|tags| tags.get::<gst::tags::Title>().map(|title| title.get().trim().to_owned()))
        .filter(|title| !title.is_empty());
    Some(Chapter { start, end, title })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn entry(kind: gst::TocEntryType, id: &str, start: i64, end: i64, title: &str) -> gst::TocEntry {
        let mut entry = gst::TocEntry::new(kind, id);
        let part = entry.get_mut().unwrap();
        part.set_start_stop_times(start, end);
        let mut tags = gst::TagList::new();
        tags.get_mut().unwrap().add::<gst::tags::Title>(&title, gst::TagMergeMode::Append);
        part.set_tags(tags);
        entry
    }

    #[test]
    fn the_first_edition_is_read_in_order() {
        gst::init().unwrap();
        let second = 1_000_000_000;
        let mut edition = entry(gst::TocEntryType::Edition, "e", 0, 9 * second, "x");
        let chapter = gst::TocEntryType::Chapter;
        for (id, start, end, title) in [("b", 4, 9, " "), ("a", 0, 4, "Arrival"), ("c", -1, 3, "before")] {
            let part = entry(chapter, id, start * second, end * second, title);
            edition.get_mut().unwrap().append_sub_entry(part);
        }
        let mut other = entry(gst::TocEntryType::Edition, "f", 0, 9 * second, "y");
        other.get_mut().unwrap().append_sub_entry(entry(chapter, "d", 2 * second, 3 * second, "other"));
        let mut contents = gst::Toc::new(gst::TocScope::Global);
        contents.get_mut().unwrap().append_entry(edition);
        contents.get_mut().unwrap().append_entry(other);
        let at = |seconds| Duration::from_secs(seconds);
        assert_eq!(
            read(&contents),
            [
                Chapter { start: at(0), end: Some(at(4)), title: Some("Arrival".to_owned()) },
                Chapter { start: at(4), end: Some(at(9)), title: None },
            ]
        );
    }
}
