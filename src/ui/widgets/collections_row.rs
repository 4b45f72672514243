//! The collections that a title is in, as rows that lead there.

use std::cell::RefCell;
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;

use crate::models::ShelfId;
use crate::services::core::library::ShelfCard;
use crate::ui::shelf_text;

/// The rows under their heading; hidden while there are none.
#[derive(Debug)]
pub(in crate::ui) struct CollectionsRow {
    group: adw::PreferencesGroup,
    shown: RefCell<(Vec<ShelfCard>, Vec<adw::ActionRow>)>,
}

impl CollectionsRow {
    /// Without rows.
    pub(in crate::ui) fn new() -> Self {
        // Translators: heading over the collections that a film is in.
        let group = adw::PreferencesGroup::builder().title(gettext("Collections")).visible(false).build();
        Self { group, shown: RefCell::default() }
    }

    /// The widget.
    pub(in crate::ui) fn widget(&self) -> &adw::PreferencesGroup {
        &self.group
    }

    /// Shows these collections; `opened` is told which one is wanted.
    pub(in crate::ui) fn show(&self, cards: &[ShelfCard], opened: impl Fn(ShelfId) + 'static) {
        let mut shown = self.shown.borrow_mut();
        if shown.0 == cards {
            return;
        }
        for row in shown.1.drain(..) {
            self.group.remove(&row);
        }
        let opened = Rc::new(opened);
        for card in cards {
            let row = adw::ActionRow::builder()
                .title(&card.shelf.record.title)
                .use_markup(false)
                .subtitle(shelf_text::subtitle(card))
                .activatable(true)
                .build();
            row.add_suffix(&gtk::Image::from_icon_name("go-next-symbolic"));
            let (opened, id) = (Rc::clone(&opened), card.shelf.id);
            row.connect_activated(move |_| opened(id));
            self.group.add(&row);
            shown.1.push(row);
        }
        shown.0 = cards.to_vec();
        self.group.set_visible(!cards.is_empty());
    }
}
