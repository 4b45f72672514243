//! The page on which a server is chosen from the network, or its address is typed.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::super::form::{Form, column, fill_page, rows, when_shown};
use super::{JellyfinInput, JellyfinWay};

/// The page.
#[derive(Debug)]
pub(super) struct AddressPage {
    page: adw::NavigationPage,
    address: adw::EntryRow,
    form: Form,
}

impl AddressPage {
    /// Fills a page; `network` lists what answers in this network.
    pub(super) fn build(
        page: &adw::NavigationPage,
        network: &gtk::Box,
        sender: &ComponentSender<JellyfinWay>,
    ) -> Self {
        let address = adw::EntryRow::builder()
            .title(gettext("Server address"))
            .input_purpose(gtk::InputPurpose::Url)
            .build();
        let hint = gtk::Label::builder()
            .label(gettext("For example media.lan, 10.0.0.2:8096 or https://example.org/jellyfin"))
            .wrap(true)
            .xalign(0.0)
            .css_classes(["dim-label", "caption"])
            .build();
        let input = sender.input_sender().clone();
        let form = Form::new(&gettext("Continue"), move || input.emit(JellyfinInput::LookAtTyped));
        let input = sender.input_sender().clone();
        address.connect_entry_activated(move |_| input.emit(JellyfinInput::LookAtTyped));
        let typed = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).build();
        typed.append(&rows(&[&address]));
        typed.append(&hint);
        let content = column();
        content.append(network);
        content.append(&typed);
        content.append(form.widget());
        fill_page(page, &gettext("Add Jellyfin"), &content);
        when_shown(page, form.button(), &address);
        Self { page: page.clone(), address, form }
    }

    pub(super) fn page(&self) -> &adw::NavigationPage {
        &self.page
    }

    pub(super) fn form(&self) -> &Form {
        &self.form
    }

    /// What was typed; says when that is nothing.
    pub(super) fn typed(&self) -> Option<String> {
        let address = self.address.text().to_string();
        if address.trim().is_empty() {
            self.form.fail(&gettext("Enter the address of the server."));
            self.address.grab_focus();
            return None;
        }
        Some(address)
    }
}
