//! **Play All** and **Shuffle**, as pages with several titles have them.

use std::rc::Rc;

use gettextrs::gettext;
use gtk::prelude::*;

use super::icon_button;

/// Both buttons beside each other. `chosen` hears whether the order is to be any.
pub(in crate::ui) fn play_buttons(chosen: impl Fn(bool) + 'static) -> gtk::Box {
    let chosen = Rc::new(chosen);
    let all = gtk::Button::builder()
        .label(gettext("Play All"))
        .valign(gtk::Align::Center)
        .css_classes(["pill", "suggested-action"])
        .build();
    let told = Rc::clone(&chosen);
    all.connect_clicked(move |_| told(false));
    let shuffle = icon_button("media-playlist-shuffle-symbolic", &gettext("Shuffle"));
    shuffle.set_valign(gtk::Align::Center);
    shuffle.add_css_class("circular");
    shuffle.connect_clicked(move |_| chosen(true));
    let buttons = gtk::Box::builder().spacing(8).valign(gtk::Align::Center).build();
    buttons.append(&all);
    buttons.append(&shuffle);
    buttons
}
