//! The servers of this network, listed as they answer. Asks as long as it can be seen.

use std::pin::pin;
use std::time::Duration;

use adw::prelude::*;
use futures::StreamExt as _;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender};

use crate::models::{Source, SourceId, SourceKind};
use crate::services::AppContext;
use crate::services::core::SourceService;
use crate::services::discovery::{Discovered, DiscoveryService};
use crate::ui::task::Task;

/// A server that was chosen.
#[derive(Debug, Clone)]
pub(in crate::ui) struct Nearby {
    /// What it says of itself.
    pub(in crate::ui) server: Discovered,
    /// A source of this server, when there is one.
    pub(in crate::ui) known: Option<SourceId>,
}

/// Messages to the list.
#[derive(Debug)]
pub(in crate::ui) enum NetworkServersInput {
    /// It came to be seen.
    Shown,
    /// It is no longer seen.
    Hidden,
    /// A server was chosen, by its place in the list.
    Chosen(usize),
}

/// What the search brings.
#[derive(Debug)]
pub(in crate::ui) enum NetworkServersCommand {
    /// The sources that there are.
    Sources(Vec<Source>),
    /// A server has answered, or more is known of one.
    Heard(Box<Discovered>),
    /// Nobody is asked any more.
    Over,
}

/// The list, with a heading.
#[derive(Debug)]
pub(in crate::ui) struct NetworkServers {
    ctx: AppContext,
    /// Only servers of this kind.
    kind: Option<SourceKind>,
    list: gtk::ListBox,
    searching: adw::ActionRow,
    servers: Vec<(Discovered, adw::ActionRow)>,
    sources: Vec<Source>,
    search: Task,
}

impl Component for NetworkServers {
    type Init = (AppContext, Option<SourceKind>);
    type Input = NetworkServersInput;
    type Output = Box<Nearby>;
    type CommandOutput = NetworkServersCommand;
    type Root = gtk::Box;
    type Widgets = ();

    fn init_root() -> Self::Root {
        gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).build()
    }

    fn init(
        (ctx, kind): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let title =
            if kind.is_some() { gettext("Servers on this network") } else { gettext("On This Network") };
        let heading = gtk::Label::builder()
            .label(&title)
            .xalign(0.0)
            .wrap(true)
            .css_classes(["heading"])
            .accessible_role(gtk::AccessibleRole::Heading)
            .build();
        let list = gtk::ListBox::builder()
            .selection_mode(gtk::SelectionMode::None)
            .css_classes(["boxed-list"])
            .build();
        list.update_property(&[gtk::accessible::Property::Label(&title)]);
        let searching = adw::ActionRow::builder().title(gettext("Searching…")).build();
        searching.add_prefix(&adw::Spinner::new());
        searching.add_css_class("dim-label");
        list.append(&searching);
        root.append(&heading);
        root.append(&list);
        let input = sender.input_sender().clone();
        list.connect_row_activated(move |_, row| {
            if let Ok(place) = usize::try_from(row.index()) {
                input.emit(NetworkServersInput::Chosen(place));
            }
        });
        // Both are sent while the window is taken down, too.
        let input = sender.input_sender().clone();
        root.connect_map(move |_| drop(input.send(NetworkServersInput::Shown)));
        let input = sender.input_sender().clone();
        root.connect_unmap(move |_| drop(input.send(NetworkServersInput::Hidden)));
        let (servers, sources, search) = (Vec::new(), Vec::new(), Task::default());
        let model = Self { ctx, kind, list, searching, servers, sources, search };
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: NetworkServersInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            NetworkServersInput::Shown => self.begin(&sender),
            NetworkServersInput::Hidden => self.search.stop(),
            NetworkServersInput::Chosen(place) => self.choose(place, &sender),
        }
    }

    fn update_cmd(
        &mut self,
        command: NetworkServersCommand,
        _sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        match command {
            NetworkServersCommand::Sources(sources) => self.sources = sources,
            NetworkServersCommand::Heard(server) => self.hear(*server),
            NetworkServersCommand::Over => self.searching.set_visible(false),
        }
    }
}

impl NetworkServers {
    fn begin(&mut self, sender: &ComponentSender<Self>) {
        self.searching.set_visible(true);
        let (ctx, out) = (self.ctx.clone(), sender.command_sender().clone());
        self.search.start(|_| async move {
            let sources = SourceService::list(&ctx).await.unwrap_or_default();
            out.emit(NetworkServersCommand::Sources(sources));
            let mut found = pin!(DiscoveryService::search(&ctx, Duration::MAX));
            while let Some(server) = found.next().await {
                if out.send(NetworkServersCommand::Heard(Box::new(server))).is_err() {
                    return;
                }
            }
            drop(out.send(NetworkServersCommand::Over));
        });
    }

    fn hear(&mut self, server: Discovered) {
        if self.kind.is_some_and(|kind| kind != server.kind) || server.addresses.is_empty() {
            return;
        }
        let words = self.words(&server);
        let same = |known: &&mut (Discovered, adw::ActionRow)| {
            known.0.kind == server.kind && known.0.machine_id == server.machine_id
        };
        if let Some((known, row)) = self.servers.iter_mut().find(same) {
            row.set_subtitle(&words);
            *known = server;
            return;
        }
        let row = adw::ActionRow::builder()
            .title(&server.name)
            .subtitle(words)
            .use_markup(false)
            .subtitle_lines(2)
            .activatable(true)
            .build();
        row.add_prefix(&gtk::Image::from_icon_name(icon(server.kind)));
        row.add_suffix(&gtk::Image::from_icon_name("go-next-symbolic"));
        self.list.insert(&row, self.searching.index());
        self.servers.push((server, row));
    }

    /// What stands below the name of a server.
    fn words(&self, server: &Discovered) -> String {
        let kind = if self.kind.is_none() { kind_word(server.kind) } else { "" };
        let address = server.addresses.first().map(ToString::to_string).unwrap_or_default();
        let added = if self.known(server).is_some() { gettext("Added") } else { String::new() };
        let parts = [kind, &address, &added];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    fn known(&self, server: &Discovered) -> Option<SourceId> {
        let is_it = |source: &&Source| {
            source.kind == server.kind && source.machine_id.as_ref() == Some(&server.machine_id)
        };
        self.sources.iter().find(is_it).map(|source| source.id)
    }

    fn choose(&self, place: usize, sender: &ComponentSender<Self>) {
        let Some((server, _)) = self.servers.get(place) else { return };
        let chosen = Nearby { server: server.clone(), known: self.known(server) };
        let _closed = sender.output(Box::new(chosen));
    }
}

/// What a kind of server is called everywhere.
fn kind_word(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Plex => "Plex",
        SourceKind::Jellyfin => "Jellyfin",
        SourceKind::Local => "",
    }
}

/// The icon of a kind.
fn icon(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Plex => "reel-server-play-symbolic",
        SourceKind::Jellyfin => "reel-server-stack-symbolic",
        SourceKind::Local => "folder-videos-symbolic",
    }
}
