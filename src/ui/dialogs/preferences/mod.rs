//! The preferences: what a person can set, bound to the settings in both directions.
//!
//! - [`languages`]: in which language films are heard and read.
//! - [`library`]: how often libraries are compared with their servers.
//! - [`moments`]: what is skipped, what begins by itself, where a title goes on.
//! - [`network`]: how long to wait, relays, limits of the choice of connections.
//! - [`quality`]: what a server may send, by the way to it.
//! - [`pictures`]: how much room pictures may take.
//! - [`proxy`]: the proxy; its password goes to the credentials and is never a setting.
//! - [`certificates`]: what was accepted beyond the system's certificates, to be taken back.

mod certificates;
mod languages;
mod library;
mod moments;
mod network;
mod pictures;
mod proxy;
mod quality;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender};
use secrecy::SecretString;

use crate::db::TrustedCertificate;
use crate::models::{Source, SourceId};
use crate::net::ProxyAddress;
use crate::services::images::ImageService;
use crate::services::proxy::ProxySetting;
use crate::services::trust::TrustService;
use crate::services::{AppContext, ProxyService, ServiceError};
use crate::ui::error_text;
use crate::ui::network_settings::NetworkSettings;
use crate::ui::settings::Settings;
use certificates::CertificatesGroup;
use pictures::PicturesGroup;
use proxy::ProxyGroup;

/// Height of the dialog where there is room, in pixels: all groups of a usual setup are seen.
const HEIGHT: i32 = 700;

/// What the dialog starts with.
#[derive(Debug)]
pub(in crate::ui) struct PreferencesInit {
    pub(in crate::ui) ctx: AppContext,
    pub(in crate::ui) settings: Settings,
    pub(in crate::ui) network_settings: NetworkSettings,
}

/// Messages to the dialog.
#[derive(Debug)]
pub(in crate::ui) enum PreferencesInput {
    /// A setting of the proxy is another.
    ProxyChanged,
    /// An address of a proxy was entered.
    AddressEntered(String),
    /// A password for the proxy was entered; an empty one forgets it.
    PasswordEntered(SecretString),
    /// A certificate is no longer to be trusted.
    Revoke(SourceId, String),
    /// All kept pictures are to be removed.
    ClearPictures,
}

/// What the dialog says.
#[derive(Debug)]
pub(in crate::ui) enum PreferencesOutput {
    /// A certificate of a source is no longer trusted.
    Revoked(SourceId),
}

/// Results of what the dialog had done in the background.
#[derive(Debug)]
pub(in crate::ui) enum PreferencesCommand {
    /// Accepted certificates with their sources.
    Certificates(Result<Vec<(Source, TrustedCertificate)>, ServiceError>),
    /// An address of a proxy is free of credentials, and the old one's password forgotten: with the user's name when
    /// one was written with it.
    AddressReady(Result<(ProxyAddress, Option<String>), ServiceError>),
    /// Whether a password is kept for the proxy.
    Kept(bool),
    /// A password was kept or forgotten.
    PasswordKept(Result<bool, ServiceError>),
    /// A certificate of a host was taken back.
    Revoked(SourceId, String, Result<(), ServiceError>),
    /// So many bytes are taken by pictures.
    PictureBytes(u64),
}

/// The dialog.
#[derive(Debug)]
pub(in crate::ui) struct PreferencesDialog {
    init: PreferencesInit,
    proxy: ProxyGroup,
    certificates: CertificatesGroup,
    pictures: PicturesGroup,
}

impl Component for PreferencesDialog {
    type Init = PreferencesInit;
    type Input = PreferencesInput;
    type Output = PreferencesOutput;
    type CommandOutput = PreferencesCommand;
    type Root = adw::PreferencesDialog;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::PreferencesDialog::builder()
            .title(gettext("Preferences"))
            .search_enabled(false)
            .content_height(HEIGHT)
            .build()
    }

    fn init(init: PreferencesInit, root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let page = adw::PreferencesPage::builder()
            .title(gettext("Network"))
            .icon_name("network-workgroup-symbolic")
            .build();
        let input = sender.input_sender();
        let proxy = ProxyGroup::build(&init.settings, input);
        let certificates = CertificatesGroup::build();
        page.add(&network::group(&init.settings));
        page.add(proxy.widget());
        page.add(certificates.widget());
        root.add(&page);
        root.add(&playback_page(&init.settings));
        let pictures = PicturesGroup::build(&init.settings, input);
        root.add(&library_page(&init.settings, &pictures));
        let model = Self { init, proxy, certificates, pictures };
        model.measure_pictures(&sender);
        model.read_certificates(&sender);
        model.show_proxy(&sender);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: PreferencesInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            PreferencesInput::ProxyChanged => self.show_proxy(&sender),
            PreferencesInput::AddressEntered(text) => self.address_entered(&text, &sender),
            PreferencesInput::PasswordEntered(password) => self.password_entered(password, &sender),
            PreferencesInput::Revoke(id, host) => self.revoke(id, host, &sender),
            PreferencesInput::ClearPictures => self.clear_pictures(&sender),
        }
    }

    fn update_cmd(&mut self, command: PreferencesCommand, sender: ComponentSender<Self>, root: &Self::Root) {
        match command {
            PreferencesCommand::Certificates(Ok(all)) => self.show_certificates(&all, root, &sender),
            PreferencesCommand::Certificates(Err(error)) => say(root, &error_text::sentence(&error)),
            PreferencesCommand::AddressReady(ready) => self.address_ready(ready, root),
            PreferencesCommand::Kept(kept) => self.proxy.show_kept(kept),
            PreferencesCommand::PasswordKept(kept) => self.password_kept(kept, root),
            PreferencesCommand::PictureBytes(bytes) => self.pictures.show_size(bytes),
            PreferencesCommand::Revoked(id, host, result) => self.revoked(id, &host, result, root, &sender),
        }
    }
}

impl PreferencesDialog {
    /// The proxy that is set by hand.
    fn address(&self) -> Option<ProxyAddress> {
        match self.init.settings.proxy() {
            ProxySetting::Manual { address, .. } => Some(address),
            ProxySetting::System | ProxySetting::None => None,
        }
    }

    fn show_proxy(&self, sender: &ComponentSender<Self>) {
        self.proxy.show_settings();
        let Some(address) = self.address() else { return self.proxy.show_kept(false) };
        let ctx = self.init.ctx.clone();
        sender.oneshot_command(async move {
            PreferencesCommand::Kept(ProxyService::has_password(&ctx, &address).await)
        });
    }

    fn address_entered(&self, text: &str, sender: &ComponentSender<Self>) {
        let address: ProxyAddress = match text.parse() {
            Ok(address) => address,
            Err(problem) => return self.proxy.show_problem(Some(&error_text::proxy_sentence(problem))),
        };
        let (ctx, before) = (self.init.ctx.clone(), self.address());
        sender.oneshot_command(async move {
            PreferencesCommand::AddressReady(take_out(&ctx, address, before).await)
        });
    }

    fn address_ready(
        &self,
        ready: Result<(ProxyAddress, Option<String>), ServiceError>,
        root: &adw::PreferencesDialog,
    ) {
        match ready {
            Ok((address, user)) => {
                let user = user.unwrap_or_else(|| self.proxy.user());
                self.init.settings.store_proxy(&address, &user);
                self.proxy.show_settings();
                self.init.network_settings.apply_proxy();
            }
            Err(error) => say(root, &error_text::sentence(&error)),
        }
    }

    fn password_entered(&self, password: SecretString, sender: &ComponentSender<Self>) {
        let Some(address) = self.address() else { return };
        let ctx = self.init.ctx.clone();
        sender.oneshot_command(async move {
            let stored = ProxyService::set_password(&ctx, &address, &password).await;
            let kept = match stored {
                Ok(()) => Ok(ProxyService::has_password(&ctx, &address).await),
                Err(error) => Err(error),
            };
            PreferencesCommand::PasswordKept(kept)
        });
    }

    fn password_kept(&self, kept: Result<bool, ServiceError>, root: &adw::PreferencesDialog) {
        match kept {
            Ok(kept) => self.proxy.show_kept(kept),
            Err(error) => say(root, &error_text::sentence(&error)),
        }
        self.init.network_settings.apply_proxy();
    }

    fn measure_pictures(&self, sender: &ComponentSender<Self>) {
        let ctx = self.init.ctx.clone();
        sender
            .oneshot_command(async move { PreferencesCommand::PictureBytes(ImageService::size(&ctx).await) });
    }

    fn clear_pictures(&self, sender: &ComponentSender<Self>) {
        self.pictures.show_clearing();
        let ctx = self.init.ctx.clone();
        sender.oneshot_command(async move {
            ImageService::clear(&ctx).await;
            PreferencesCommand::PictureBytes(ImageService::size(&ctx).await)
        });
    }

    fn read_certificates(&self, sender: &ComponentSender<Self>) {
        let ctx = self.init.ctx.clone();
        sender.oneshot_command(async move {
            PreferencesCommand::Certificates(TrustService::everything(&ctx).await)
        });
    }

    fn show_certificates(
        &mut self,
        all: &[(Source, TrustedCertificate)],
        root: &adw::PreferencesDialog,
        sender: &ComponentSender<Self>,
    ) {
        self.certificates.show(all, sender.input_sender());
        // With the row that was used the focus goes, and the keys of the dialog with it.
        let focus = root.root().and_then(|window| window.focus());
        if focus.is_none_or(|focus| !focus.is_ancestor(root)) {
            self.certificates.widget().child_focus(gtk::DirectionType::TabForward);
        }
    }

    fn revoke(&self, id: SourceId, host: String, sender: &ComponentSender<Self>) {
        let ctx = self.init.ctx.clone();
        sender.oneshot_command(async move {
            let result = TrustService::forget(&ctx, id, Some(&host)).await;
            PreferencesCommand::Revoked(id, host, result)
        });
    }

    fn revoked(
        &self,
        id: SourceId,
        host: &str,
        result: Result<(), ServiceError>,
        root: &adw::PreferencesDialog,
        sender: &ComponentSender<Self>,
    ) {
        match result {
            Ok(()) => {
                let text = gettext("The certificate of {host} is no longer trusted");
                say(root, &text.replace("{host}", host));
                let _closed = sender.output(PreferencesOutput::Revoked(id));
            }
            Err(error) => say(root, &error_text::sentence(&error)),
        }
        self.read_certificates(sender);
    }
}

/// The page about playing.
fn playback_page(settings: &Settings) -> adw::PreferencesPage {
    let page = adw::PreferencesPage::builder()
        .title(gettext("Playback"))
        .icon_name("media-playback-start-symbolic")
        .build();
    page.add(&languages::group(settings));
    page.add(&moments::group(settings));
    page.add(&quality::group(settings));
    page
}

/// The page about what is kept of libraries.
fn library_page(settings: &Settings, pictures: &PicturesGroup) -> adw::PreferencesPage {
    let page =
        adw::PreferencesPage::builder().title(gettext("Library")).icon_name("reel-films-symbolic").build();
    page.add(&library::group(settings));
    page.add(pictures.widget());
    page
}

/// Frees an address of credentials. The password at the proxy before is of no use any more.
async fn take_out(
    ctx: &AppContext,
    address: ProxyAddress,
    before: Option<ProxyAddress>,
) -> Result<(ProxyAddress, Option<String>), ServiceError> {
    if let Some(before) = before.filter(|before| before.as_str() != address.as_str()) {
        ProxyService::set_password(ctx, &before, &SecretString::default()).await?;
    }
    Ok(match ProxyService::take_out(ctx, &address).await? {
        Some((address, user)) => (address, Some(user)),
        None => (address, None),
    })
}

fn say(dialog: &adw::PreferencesDialog, text: &str) {
    dialog.add_toast(adw::Toast::builder().title(text).use_markup(false).build());
}
