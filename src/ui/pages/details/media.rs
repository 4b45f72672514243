//! The dialog **Media Information**: what the files of a title are made of.

use adw::prelude::*;
use gettextrs::gettext;

use super::content::Content;
use super::media_words::{version_lines, version_names};
use crate::models::{MediaDetails, SourceKind};

/// Width and height of the dialog's content, in pixels; a smaller window makes a sheet of it.
const SIZE: (i32, i32) = (480, 560);

/// Whether there is anything to say.
pub(super) fn is_known(content: &Content) -> bool {
    content.details.as_ref().is_some_and(|details| !details.versions.is_empty())
}

/// The dialog for what is shown.
pub(super) fn dialog(content: &Content) -> adw::Dialog {
    let page = adw::PreferencesPage::new();
    if let Some(details) = &content.details {
        let is_local = content.source.kind == SourceKind::Local;
        for group in groups(details, is_local) {
            page.add(&group);
        }
    }
    let view = adw::ToolbarView::builder().content(&page).build();
    view.add_top_bar(&adw::HeaderBar::new());
    adw::Dialog::builder()
        .title(gettext("Media Information"))
        .content_width(SIZE.0)
        .content_height(SIZE.1)
        .child(&view)
        .build()
}

fn groups(details: &MediaDetails, is_local: bool) -> impl Iterator<Item = adw::PreferencesGroup> {
    let names = version_names(details);
    details.versions.iter().zip(names).map(move |(version, name)| {
        let group = adw::PreferencesGroup::builder().title(gtk::glib::markup_escape_text(&name)).build();
        for (name, value) in version_lines(version, is_local) {
            let row = adw::ActionRow::builder()
                .title(name)
                .subtitle(value)
                .use_markup(false)
                .subtitle_selectable(true)
                .css_classes(["property"])
                .build();
            group.add(&row);
        }
        group
    })
}
