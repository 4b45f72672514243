//! Seasons and episodes of a series.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::{Content, DetailsInput, DetailsPage};
use crate::models::{ImageSize, Item, ItemKind};
use crate::services::AppContext;
use crate::ui::text;
use crate::ui::widgets::{Artwork, Sight};

/// The season switch and the list below it.
#[derive(Debug)]
pub(super) struct EpisodeList {
    root: gtk::Box,
    seasons: gtk::DropDown,
    list: gtk::ListBox,
    shown: RefCell<Vec<Item>>,
    names: RefCell<Vec<String>>,
    sight: Sight,
    /// Set while the code, and not the user, moves the switch.
    showing: Rc<Cell<bool>>,
}

impl EpisodeList {
    pub(super) fn build(sight: &Sight, sender: &ComponentSender<DetailsPage>) -> Self {
        let showing = Rc::new(Cell::new(false));
        let heading = gtk::Label::builder()
            .label(gettext("Episodes"))
            .xalign(0.0)
            .hexpand(true)
            .css_classes(["title-3"])
            .build();
        let seasons = gtk::DropDown::from_strings(&[]);
        seasons.update_property(&[gtk::accessible::Property::Label(&gettext("Season"))]);
        let (input, quiet) = (sender.input_sender().clone(), Rc::clone(&showing));
        seasons.connect_selected_notify(move |choice| {
            if !quiet.get() && choice.selected() != gtk::INVALID_LIST_POSITION {
                input.emit(DetailsInput::SeasonChosen(choice.selected()));
            }
        });
        let bar = gtk::Box::builder().spacing(12).build();
        bar.append(&heading);
        bar.append(&seasons);
        let list = gtk::ListBox::builder()
            .selection_mode(gtk::SelectionMode::None)
            .css_classes(["boxed-list"])
            .build();
        list.update_property(&[gtk::accessible::Property::Label(&gettext("Episodes"))]);
        let root = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
        root.append(&bar);
        root.append(&list);
        Self {
            root,
            seasons,
            list,
            shown: RefCell::default(),
            names: RefCell::default(),
            sight: sight.clone(),
            showing,
        }
    }

    pub(super) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    pub(super) fn show(&self, ctx: &AppContext, content: &Content, sender: &ComponentSender<DetailsPage>) {
        self.root.set_visible(!content.episodes.is_empty());
        self.show_seasons(content);
        if *self.shown.borrow() == content.episodes {
            return;
        }
        self.list.remove_all();
        for episode in &content.episodes {
            self.list.append(&row(ctx, episode, &self.sight, sender));
        }
        self.shown.replace(content.episodes.clone());
    }

    fn show_seasons(&self, content: &Content) {
        let is_series = content.item.record.kind == ItemKind::Series;
        self.seasons.set_visible(is_series && content.children.len() > 1);
        if !is_series {
            return;
        }
        self.showing.set(true);
        let names: Vec<String> = content.children.iter().map(season_name).collect();
        if *self.names.borrow() != names {
            let names_list: Vec<&str> = names.iter().map(String::as_str).collect();
            self.seasons.set_model(Some(&gtk::StringList::new(&names_list)));
            self.names.replace(names);
        }
        let front = content.episodes.first().and_then(|episode| episode.parent_id);
        let place = content.children.iter().position(|season| Some(season.id) == front);
        if let Some(place) = place.and_then(|place| u32::try_from(place).ok()) {
            self.seasons.set_selected(place);
        }
        self.showing.set(false);
    }
}

fn season_name(season: &Item) -> String {
    let title = text::season_title(season);
    match season.record.unwatched_children.filter(|count| *count > 0) {
        Some(count) => format!("{title} ({count})"),
        None => title,
    }
}

fn row(
    ctx: &AppContext,
    episode: &Item,
    sight: &Sight,
    sender: &ComponentSender<DetailsPage>,
) -> gtk::ListBoxRow {
    let record = &episode.record;
    let artwork = Artwork::sized("reel-series-symbolic", 128, 72).within(sight);
    artwork.widget().add_css_class("card");
    let picture = gtk::Overlay::builder().child(artwork.widget()).valign(gtk::Align::Center).build();
    picture.add_overlay(&play(episode, sender));
    artwork.show(ctx, episode.source_id, record.images.primary.as_ref(), ImageSize::Small);

    let number = record.episode.map(|number| format!("{number}. ")).unwrap_or_default();
    let title = gtk::Label::builder()
        .label(format!("{number}{}", text::title(episode)))
        .xalign(0.0)
        .ellipsize(gtk::pango::EllipsizeMode::End)
        .css_classes(["heading"])
        .build();
    let mut facts: Vec<String> = record.duration.map(text::length).into_iter().collect();
    facts.extend(text::time_left(episode));
    let facts = gtk::Label::builder()
        .label(facts.join(" · "))
        .xalign(0.0)
        .ellipsize(gtk::pango::EllipsizeMode::End)
        .css_classes(["dim-label", "caption"])
        .build();
    let words = gtk::Box::builder()
        .orientation(gtk::Orientation::Vertical)
        .spacing(3)
        .hexpand(true)
        .valign(gtk::Align::Center)
        .build();
    words.append(&title);
    words.append(&facts);
    if let Some(summary) = &record.summary {
        let summary = gtk::Label::builder()
            .label(summary)
            .xalign(0.0)
            .wrap(true)
            .lines(2)
            .ellipsize(gtk::pango::EllipsizeMode::End)
            .css_classes(["caption"])
            .build();
        words.append(&summary);
    }
    if let Some(progress) = episode.progress() {
        let bar = gtk::ProgressBar::builder()
            .fraction(progress)
            .css_classes(["episode-progress"])
            .accessible_role(gtk::AccessibleRole::Presentation)
            .build();
        words.append(&bar);
    }
    let content =
        gtk::Box::builder().spacing(12).margin_top(8).margin_bottom(8).margin_start(8).margin_end(8).build();
    content.append(&picture);
    content.append(&words);
    content.append(&mark(episode, sender));
    let row = gtk::ListBoxRow::builder().child(&content).activatable(false).build();
    row.update_property(&[gtk::accessible::Property::Label(&text::card_label(episode))]);
    row
}

fn mark(episode: &Item, sender: &ComponentSender<DetailsPage>) -> gtk::ToggleButton {
    let label = gettext("Watched");
    let button = gtk::ToggleButton::builder()
        .icon_name("object-select-symbolic")
        .tooltip_text(&label)
        .active(episode.record.watch.watched)
        .valign(gtk::Align::Center)
        .css_classes(["flat", "circular"])
        .build();
    button.update_property(&[gtk::accessible::Property::Label(&label)]);
    let (input, id) = (sender.input_sender().clone(), episode.id);
    button.connect_toggled(move |button| input.emit(DetailsInput::SetEpisodeWatched(id, button.is_active())));
    button
}

fn play(episode: &Item, sender: &ComponentSender<DetailsPage>) -> gtk::Button {
    let label = gettext("Play {title}").replace("{title}", text::title(episode));
    let button = gtk::Button::builder()
        .icon_name("media-playback-start-symbolic")
        .tooltip_text(&label)
        .halign(gtk::Align::Center)
        .valign(gtk::Align::Center)
        .css_classes(["circular", "osd"])
        .build();
    button.update_property(&[gtk::accessible::Property::Label(&label)]);
    let (input, id) = (sender.input_sender().clone(), episode.id);
    button.connect_clicked(move |_| input.emit(DetailsInput::PlayEpisode(id)));
    button
}
