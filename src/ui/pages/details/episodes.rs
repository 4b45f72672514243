//! Seasons and episodes of a series.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::content::Content;
use super::episode_row::row;
use super::{DetailsInput, DetailsOutput, DetailsPage};
use crate::models::{Item, MediaId};
use crate::services::AppContext;
use crate::ui::text;
use crate::ui::widgets::{PlayTitles, Sight, icon_button};

/// The season switch and the list below it.
#[derive(Debug)]
pub(super) struct EpisodeList {
    root: gtk::Box,
    seasons: gtk::DropDown,
    watched: gtk::ToggleButton,
    /// The season that the mark is for.
    season: Rc<Cell<Option<MediaId>>>,
    list: gtk::ListBox,
    shown: Rc<RefCell<Vec<Item>>>,
    names: RefCell<Vec<String>>,
    sight: Sight,
    /// Set while the code, and not the user, moves a switch.
    showing: Rc<Cell<bool>>,
}

impl EpisodeList {
    pub(super) fn build(sight: &Sight, sender: &ComponentSender<DetailsPage>) -> Self {
        let showing = Rc::new(Cell::new(false));
        let season = Rc::new(Cell::new(None));
        let heading = gtk::Label::builder()
            .label(gettext("Episodes"))
            .xalign(0.0)
            .hexpand(true)
            .ellipsize(gtk::pango::EllipsizeMode::End)
            .css_classes(["title-3"])
            .accessible_role(gtk::AccessibleRole::Heading)
            .build();
        let seasons = season_switch(&showing, sender);
        let watched = season_mark(&showing, &season, sender);
        let bar = gtk::Box::builder().spacing(6).build();
        bar.append(&heading);
        bar.append(&seasons);
        bar.append(&watched);
        for button in season_players(&season, sender) {
            bar.append(&button);
        }
        let list = gtk::ListBox::builder()
            .selection_mode(gtk::SelectionMode::None)
            .css_classes(["boxed-list"])
            .build();
        list.update_property(&[gtk::accessible::Property::Label(&gettext("Episodes"))]);
        let shown: Rc<RefCell<Vec<Item>>> = Rc::default();
        let (output, episodes) = (sender.output_sender().clone(), Rc::clone(&shown));
        list.connect_row_activated(move |_, row| {
            let place = usize::try_from(row.index()).ok();
            let chosen = place.and_then(|place| episodes.borrow().get(place).map(|episode| episode.id));
            if let Some(id) = chosen {
                output.emit(DetailsOutput::Open(id));
            }
        });
        let root = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
        root.append(&bar);
        root.append(&list);
        Self {
            root,
            seasons,
            watched,
            season,
            list,
            shown,
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
        self.show_episodes(ctx, &content.episodes, sender);
    }

    /// Makes the list equal to `episodes`. Rows of episodes that are as before stay, and with them the focus.
    fn show_episodes(&self, ctx: &AppContext, episodes: &[Item], sender: &ComponentSender<DetailsPage>) {
        let before = self.shown.replace(episodes.to_vec());
        let ids = |items: &[Item]| items.iter().map(|item| item.id).collect::<Vec<_>>();
        if ids(&before) != ids(episodes) {
            self.list.remove_all();
            for episode in episodes {
                self.list.append(&row(ctx, episode, &self.sight, sender));
            }
            return;
        }
        for (place, (old, new)) in (0_i32..).zip(before.iter().zip(episodes)) {
            if old != new {
                if let Some(stale) = self.list.row_at_index(place) {
                    self.list.remove(&stale);
                }
                self.list.insert(&row(ctx, new, &self.sight, sender), place);
            }
        }
    }

    fn show_seasons(&self, content: &Content) {
        self.showing.set(true);
        self.seasons.set_visible(content.seasons.len() > 1);
        let names: Vec<String> = content.seasons.iter().map(season_name).collect();
        if *self.names.borrow() != names {
            let list: Vec<&str> = names.iter().map(String::as_str).collect();
            self.seasons.set_model(Some(&gtk::StringList::new(&list)));
            self.names.replace(names);
        }
        let place = content.seasons.iter().position(|season| Some(season.id) == content.season);
        if let Some(place) = place.and_then(|place| u32::try_from(place).ok()) {
            self.seasons.set_selected(place);
        }
        self.season.set(content.season);
        self.watched.set_visible(content.season.is_some());
        self.watched.set_active(content.episodes.iter().all(|episode| episode.record.watch.watched));
        self.showing.set(false);
    }
}

fn season_switch(showing: &Rc<Cell<bool>>, sender: &ComponentSender<DetailsPage>) -> gtk::DropDown {
    let seasons = gtk::DropDown::from_strings(&[]);
    seasons.set_valign(gtk::Align::Center);
    // Its name is what is chosen.
    seasons.update_property(&[gtk::accessible::Property::Description(&gettext("Season"))]);
    let (input, quiet) = (sender.input_sender().clone(), Rc::clone(showing));
    seasons.connect_selected_notify(move |choice| {
        if !quiet.get() && choice.selected() != gtk::INVALID_LIST_POSITION {
            input.emit(DetailsInput::SeasonChosen(choice.selected()));
        }
    });
    seasons
}

/// Marks the whole season.
fn season_mark(
    showing: &Rc<Cell<bool>>,
    season: &Rc<Cell<Option<MediaId>>>,
    sender: &ComponentSender<DetailsPage>,
) -> gtk::ToggleButton {
    // Translators: of all episodes of a season
    let label = gettext("Season Watched");
    let button = gtk::ToggleButton::builder()
        .icon_name("object-select-symbolic")
        .tooltip_text(&label)
        .valign(gtk::Align::Center)
        .css_classes(["flat", "circular"])
        .build();
    button.update_property(&[gtk::accessible::Property::Label(&label)]);
    let (input, quiet, season) = (sender.input_sender().clone(), Rc::clone(showing), Rc::clone(season));
    button.connect_toggled(move |button| {
        if let Some(season) = season.get().filter(|_| !quiet.get()) {
            input.emit(DetailsInput::SetItemWatched(season, button.is_active()));
        }
    });
    button
}

/// Play the whole season, in its order or in any.
fn season_players(
    season: &Rc<Cell<Option<MediaId>>>,
    sender: &ComponentSender<DetailsPage>,
) -> [gtk::Button; 2] {
    let kinds = [
        ("media-playback-start-symbolic", gettext("Play Season"), false),
        ("media-playlist-shuffle-symbolic", gettext("Shuffle Season"), true),
    ];
    kinds.map(|(icon, label, shuffled)| {
        let button = icon_button(icon, &label);
        button.set_valign(gtk::Align::Center);
        button.add_css_class("flat");
        button.add_css_class("circular");
        let (output, season) = (sender.output_sender().clone(), Rc::clone(season));
        button.connect_clicked(move |_| {
            if let Some(season) = season.get() {
                let titles = PlayTitles { titles: vec![season], first: None, shuffled };
                output.emit(DetailsOutput::PlayTitles(titles));
            }
        });
        button
    })
}

fn season_name(season: &Item) -> String {
    let title = text::season_title(season);
    match season.record.unwatched_children.filter(|count| *count > 0) {
        Some(count) => format!("{title} ({count})"),
        None => title,
    }
}
