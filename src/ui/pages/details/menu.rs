//! What else can be done with a title: the menu in the header bar.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::gio;
use gtk::glib::VariantTy;
use relm4::ComponentSender;

use super::content::Content;
use super::{DetailsInput, DetailsOutput, DetailsPage, media};
use crate::models::{ExternalIds, ItemKind, MediaId};

/// What the actions are called: `title.media`, ….
pub(super) const GROUP: &str = "title";

/// The actions of a page; the menu and the button of the copies name them.
pub(super) fn actions(sender: &ComponentSender<DetailsPage>) -> gio::SimpleActionGroup {
    let group = gio::SimpleActionGroup::new();
    let input = sender.input_sender().clone();
    let show = gio::SimpleAction::new("media", None);
    show.connect_activate(move |_, _| input.emit(DetailsInput::ShowMedia));
    let input = sender.input_sender().clone();
    let address = gio::SimpleAction::new("address", Some(VariantTy::STRING));
    address.connect_activate(move |_, target| {
        if let Some(address) = target.and_then(gtk::glib::Variant::get::<String>) {
            input.emit(DetailsInput::OpenAddress(address));
        }
    });
    for action in [show, address] {
        group.add_action(&action);
    }
    for (name, message) in [
        ("open", DetailsOutput::Open as fn(MediaId) -> DetailsOutput),
        ("play", |item| DetailsOutput::Play { item, from_start: false }),
    ] {
        let output = sender.output_sender().clone();
        let action = gio::SimpleAction::new(name, Some(VariantTy::INT64));
        action.connect_activate(move |_, target| {
            if let Some(id) = target.and_then(gtk::glib::Variant::get::<i64>) {
                output.emit(message(MediaId(id)));
            }
        });
        group.add_action(&action);
    }
    group
}

/// The menu of a title.
pub(super) fn menu(content: &Content) -> gio::Menu {
    let menu = gio::Menu::new();
    let first = gio::Menu::new();
    if media::is_known(content) {
        first.append(Some(&gettext("Media Information")), Some(&format!("{GROUP}.media")));
    }
    if let Some(series) = content.item.series_id.filter(|_| content.item.record.kind == ItemKind::Episode) {
        first.append_item(&item(&gettext("Go to Series"), "open", &series.0.to_variant()));
    }
    menu.append_section(None, &first);
    let outside = gio::Menu::new();
    let record = &content.item.record;
    for (name, address) in addresses(record.kind, &record.external_ids) {
        let label = gettext("View on {site}").replace("{site}", name);
        outside.append_item(&item(&label, "address", &address.to_variant()));
    }
    menu.append_section(None, &outside);
    menu
}

/// The menu of the copies in other sources: each can be opened or played.
pub(super) fn copies(content: &Content) -> gio::Menu {
    let menu = gio::Menu::new();
    for (copy, source) in &content.copies {
        let part = gio::Menu::new();
        part.append_item(&item(&gettext("Open"), "open", &copy.id.0.to_variant()));
        if copy.record.kind.is_playable() {
            part.append_item(&item(&gettext("Play"), "play", &copy.id.0.to_variant()));
        }
        menu.append_section(Some(&source.name), &part);
    }
    menu
}

fn item(label: &str, action: &str, target: &gtk::glib::Variant) -> gio::MenuItem {
    let item = gio::MenuItem::new(Some(label), None);
    item.set_action_and_target_value(Some(&format!("{GROUP}.{action}")), Some(target));
    item
}

/// Where public databases tell of a title.
fn addresses(kind: ItemKind, ids: &ExternalIds) -> Vec<(&'static str, String)> {
    let imdb = ids.imdb.as_ref().map(|id| ("IMDb", format!("https://www.imdb.com/title/{id}/")));
    let tmdb = ids.tmdb.as_ref().and_then(|id| {
        let what = match kind {
            ItemKind::Movie => "movie",
            ItemKind::Series => "tv",
            // Episodes have numbers there that lead nowhere by themselves.
            _ => return None,
        };
        Some(("TMDB", format!("https://www.themoviedb.org/{what}/{id}")))
    });
    let tvdb = ids.tvdb.as_ref().and_then(|id| {
        let what = match kind {
            ItemKind::Movie => "movie",
            ItemKind::Series => "series",
            ItemKind::Episode => "episode",
            _ => return None,
        };
        Some(("TheTVDB", format!("https://thetvdb.com/dereferrer/{what}/{id}")))
    });
    // What a server sends goes into an address only when it looks like an id.
    let is_plain = |address: &(&str, String)| {
        address.1.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/.".contains(&byte))
    };
    [imdb, tmdb, tvdb].into_iter().flatten().filter(is_plain).collect()
}

/// Shows an address in the browser.
pub(super) fn open(address: &str, root: &adw::NavigationPage) {
    let window = root.root().and_downcast::<gtk::Window>();
    gtk::UriLauncher::new(address).launch(window.as_ref(), gio::Cancellable::NONE, |shown| {
        if let Err(error) = shown {
            tracing::warn!(%error, "no page of a public database could be shown");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_become_addresses() {
        let ids = ExternalIds {
            imdb: Some("tt0078748".to_owned()),
            tmdb: Some("348".to_owned()),
            tvdb: Some("1&x=../y".to_owned()),
        };
        let found: Vec<_> =
            addresses(ItemKind::Movie, &ids).into_iter().map(|(_, address)| address).collect();
        assert_eq!(found, ["https://www.imdb.com/title/tt0078748/", "https://www.themoviedb.org/movie/348"]);
        assert_eq!(addresses(ItemKind::Episode, &ids).len(), 1);
    }
}
