//! Selecting many titles, and marking them.

use std::sync::Arc;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{ComponentSender, Sender};

use super::{LibraryCommand, LibraryInput, LibraryOutput, LibraryPage, words};
use crate::models::MediaId;
use crate::services::ServiceError;
use crate::services::core::MarkService;
use crate::services::core::marking::{Mark, Unmark};
use crate::ui::error_text;
use crate::ui::widgets::PlayTitles;

/// The bars above and below the list while titles are being selected.
#[derive(Debug)]
pub(super) struct SelectionBars {
    top: adw::HeaderBar,
    title: adw::WindowTitle,
    bottom: gtk::ActionBar,
    marks: Vec<gtk::Button>,
}

impl SelectionBars {
    pub(super) fn new(input: &Sender<LibraryInput>) -> Self {
        let title = adw::WindowTitle::new("", "");
        let top = adw::HeaderBar::builder()
            .title_widget(&title)
            .show_back_button(false)
            // Cancel and Select All need their room in a narrow window.
            .show_start_title_buttons(false)
            .show_end_title_buttons(false)
            .visible(false)
            .css_classes(["selection-bar"])
            .build();
        let button = |label: &str, message: fn() -> LibraryInput| {
            let button = gtk::Button::with_label(label);
            let input = input.clone();
            button.connect_clicked(move |_| input.emit(message()));
            button
        };
        top.pack_start(&button(&gettext("Cancel"), || LibraryInput::Select(false)));
        top.pack_end(&button(&gettext("Select All"), || LibraryInput::SelectAll));
        let bottom = gtk::ActionBar::new();
        let action = |icon: &str, label: &str, mark: Option<Mark>| {
            let name = gtk::Label::builder().label(label).ellipsize(gtk::pango::EllipsizeMode::End).build();
            name.add_css_class("caption");
            let content = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(3).build();
            content.append(&gtk::Image::from_icon_name(icon));
            content.append(&name);
            let button = gtk::Button::builder()
                .child(&content)
                .sensitive(false)
                .hexpand(true)
                .css_classes(["flat", "mark-button"])
                .build();
            button.set_tooltip_text(Some(label));
            button.update_property(&[gtk::accessible::Property::Label(label)]);
            let input = input.clone();
            button.connect_clicked(move |_| {
                input.emit(mark.map_or(LibraryInput::PlaySelected, LibraryInput::MarkSelected));
            });
            button
        };
        let mark = |icon: &str, label: &str, mark: Mark| action(icon, label, Some(mark));
        let marks = vec![
            // Translators: a button that plays what is selected.
            action("media-playback-start-symbolic", &gettext("Play"), None),
            mark("object-select-symbolic", &gettext("Mark Watched"), Mark::Watched(true)),
            mark("reel-unwatched-symbolic", &gettext("Mark Unwatched"), Mark::Watched(false)),
            // Translators: a button that adds what is selected to the favourites.
            mark("starred-symbolic", &gettext("Favourite"), Mark::Favourite(true)),
        ];
        let row = gtk::Box::builder().spacing(6).homogeneous(true).hexpand(true).build();
        for button in &marks {
            row.append(button);
        }
        bottom.set_center_widget(Some(&row));
        Self { top, title, bottom, marks }
    }

    /// The bar above.
    pub(super) fn top(&self) -> &gtk::Widget {
        self.top.upcast_ref()
    }

    /// The bar below.
    pub(super) fn bottom(&self) -> &gtk::ActionBar {
        &self.bottom
    }

    /// Shows how many are selected.
    pub(super) fn show(&self, count: u32) {
        self.title.set_title(&words::selected(count));
        for button in &self.marks {
            button.set_sensitive(count > 0);
        }
    }
}

impl LibraryPage {
    /// Begins or ends selecting.
    pub(super) fn select(&self, selecting: bool) {
        if self.list.is_selecting() == selecting || selecting && self.list.n_items() == 0 {
            return;
        }
        self.list.set_selecting(selecting);
        self.view.show_selecting(selecting);
        self.show_selected();
        self.view.titles.focus_in_sight();
    }

    /// Begins selecting with one title.
    pub(super) fn select_from(&self, place: u32) {
        self.select(true);
        self.list.toggle(place);
        self.view.titles.scroll_to(place, gtk::ListScrollFlags::FOCUS);
    }

    /// Selects a title by its id.
    pub(super) fn select_this(&self, id: MediaId) {
        let place = self.list.ids().iter().position(|known| *known == id);
        if let Some(place) = place.and_then(|place| u32::try_from(place).ok()) {
            self.select_from(place);
        }
    }

    pub(super) fn select_all(&self) {
        self.select(true);
        self.list.select(0, self.list.n_items(), true);
    }

    pub(super) fn show_selected(&self) {
        self.view.bars.show(self.list.count_selected());
    }

    /// Marks what is selected, and ends selecting.
    pub(super) fn mark_selected(&self, mark: Mark, sender: &ComponentSender<Self>) {
        let ids = self.list.selected();
        self.select(false);
        self.mark(ids, mark, sender);
    }

    /// Plays what is selected, one after the other.
    pub(super) fn play_selected(&self, sender: &ComponentSender<Self>) {
        let titles = self.list.selected();
        self.select(false);
        let titles = PlayTitles { titles, first: None, shuffled: false };
        let _closed = sender.output(LibraryOutput::PlayTitles(titles));
    }

    /// Marks titles.
    pub(super) fn mark(&self, ids: Vec<MediaId>, mark: Mark, sender: &ComponentSender<Self>) {
        if ids.is_empty() {
            return;
        }
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            LibraryCommand::Marked(mark, MarkService::mark(&ctx, &ids, mark).await)
        });
    }
}

/// Says what a marking has done.
pub(super) fn say_marked(
    mark: Mark,
    marked: Result<Unmark, ServiceError>,
    sender: &ComponentSender<LibraryPage>,
) {
    let output = match marked {
        Ok(unmark) => {
            let text = words::marked(mark, unmark.count());
            LibraryOutput::Marked(text, Arc::new(unmark))
        }
        Err(error) => LibraryOutput::Say(error_text::sentence(&error)),
    };
    let _closed = sender.output(output);
}
