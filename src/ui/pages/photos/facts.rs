//! What is known of a photo, in a list beside it.

use adw::prelude::*;
use gettextrs::gettext;

use crate::models::{Item, MediaDetails, StreamKind};
use crate::ui::text;

/// The list.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    root: gtk::ScrolledWindow,
    list: gtk::ListBox,
}

impl Facts {
    pub(super) fn new() -> Self {
        let list = gtk::ListBox::builder()
            .selection_mode(gtk::SelectionMode::None)
            .css_classes(["boxed-list"])
            .valign(gtk::Align::Start)
            .margin_top(12)
            .margin_bottom(12)
            .margin_start(12)
            .margin_end(12)
            .build();
        list.update_property(&[gtk::accessible::Property::Label(&gettext("Information"))]);
        let root =
            gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).child(&list).build();
        Self { root, list }
    }

    pub(super) fn widget(&self) -> &gtk::ScrolledWindow {
        &self.root
    }

    pub(super) fn show(&self, photo: &Item, album: Option<&Item>, details: Option<&MediaDetails>) {
        self.list.remove_all();
        for (name, fact) in facts(photo, album, details) {
            let row = adw::ActionRow::builder()
                .title(name)
                .subtitle(fact)
                .use_markup(false)
                .subtitle_selectable(true)
                .css_classes(["property"])
                .build();
            self.list.append(&row);
        }
    }
}

/// Names and facts.
fn facts(photo: &Item, album: Option<&Item>, details: Option<&MediaDetails>) -> Vec<(String, String)> {
    let record = &photo.record;
    let version = details.and_then(|details| details.versions.first());
    let picture = version
        .and_then(|version| version.streams.iter().find(|stream| stream.kind == StreamKind::Video))
        .and_then(|stream| stream.width.zip(stream.height));
    [
        (gettext("Title"), Some(text::title(photo).to_owned())),
        // Translators: when a photo was taken.
        (gettext("Taken"), record.release_date.map(text::date)),
        (gettext("Added"), record.added_at.map(text::day)),
        // Translators: the folder that a photo lies in.
        (gettext("Album"), album.map(|album| text::title(album).to_owned())),
        // Translators: width and height of a photo.
        (gettext("Dimensions"), picture.map(|(width, height)| format!("{width} × {height}"))),
        (gettext("Size"), version.and_then(|version| version.size).map(size)),
        (gettext("Description"), record.summary.clone()),
    ]
    .into_iter()
    .filter_map(|(name, fact)| Some((name, fact?)))
    .collect()
}

fn size(bytes: u64) -> String {
    gtk::glib::format_size(bytes).to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::models::{
        ItemKind, ItemRecord, LibraryId, MediaId, MediaStream, MediaVersion, RemoteId, SourceId,
    };

    #[test]
    fn only_what_is_known_is_said() {
        let photo = Item {
            id: MediaId(1),
            source_id: SourceId::random(),
            library_id: LibraryId(1),
            parent_id: None,
            series_id: None,
            record: ItemRecord::new(RemoteId::new("a"), ItemKind::Photo, "Pier"),
        };
        assert_eq!(facts(&photo, None, None), [("Title".to_owned(), "Pier".to_owned())]);
        let version = MediaVersion {
            size: Some(2_400_000),
            streams: vec![MediaStream::picture(2400, 1600)],
            ..MediaVersion::default()
        };
        let details = MediaDetails { versions: vec![version], ..MediaDetails::default() };
        let names: Vec<String> =
            facts(&photo, Some(&photo), Some(&details)).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["Title", "Album", "Dimensions", "Size"]);
    }
}
