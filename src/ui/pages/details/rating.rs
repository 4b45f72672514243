//! The user's own rating, and where it is kept.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::content::Content;
use super::head::set_optional;
use super::{DetailsInput, DetailsPage};
use crate::models::{ItemKind, SourceKind};
use crate::ui::widgets::{Stars, wrapping_label};

/// The stars, and a word where the server does not learn of them.
#[derive(Debug)]
pub(super) struct Rating {
    root: adw::WrapBox,
    stars: Stars,
    kept_here: gtk::Label,
}

impl Rating {
    pub(super) fn build(sender: &ComponentSender<DetailsPage>) -> Self {
        let input = sender.input_sender().clone();
        let stars = Stars::new(move |rating| input.emit(DetailsInput::SetRating(rating)));
        let kept_here = wrapping_label(&["dim-label", "caption"]);
        kept_here.set_valign(gtk::Align::Center);
        let root = adw::WrapBox::builder().child_spacing(8).line_spacing(4).build();
        root.append(stars.widget());
        root.append(&kept_here);
        Self { root, stars, kept_here }
    }

    pub(super) fn widget(&self) -> &adw::WrapBox {
        &self.root
    }

    pub(super) fn show(&self, content: &Content) {
        self.root.set_visible(content.item.record.kind != ItemKind::Other);
        self.stars.show(content.rating);
        // Only what is there has to be explained.
        let is_kept_here = content.source.kind != SourceKind::Plex && content.rating.is_some();
        let words = is_kept_here.then(|| gettext("Your rating is kept on this computer only."));
        set_optional(&self.kept_here, words.as_deref());
    }
}
