//! What can be typed.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand};

use super::connections::AddressAction;
use super::generate::Generated;
use super::listing::Listing;
use super::sources::{FolderAction, FolderKind};
use super::trust::TrustAction;
use crate::models::{MediaId, OperationId, PlayTarget, Quality, ShelfId, SourceId, UserRating};

/// Films and series from Plex, Jellyfin and folders. Without a command the app starts.
#[derive(Debug, Parser)]
#[command(name = "gnome-reel", version = crate::config::VERSION)]
pub(super) struct Arguments {
    /// Print JSON for machines.
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List, add, rename and remove sources.
    Sources {
        #[command(subcommand)]
        action: SourceAction,
    },
    /// Bring the local library up to date.
    Sync {
        /// Only these sources.
        sources: Vec<SourceId>,
        /// Write every item anew, changed or not.
        #[arg(long)]
        full: bool,
    },
    /// Show the addresses of sources, which one is used, and why; add, remove or accept one.
    Connections(Connections),
    /// Show and take back certificates that were accepted for servers.
    Trust {
        #[command(subcommand)]
        action: TrustAction,
    },
    /// Look for servers in this network.
    Discover {
        /// How many seconds to look.
        #[arg(long = "for", value_name = "SECONDS", default_value_t = 3,
            value_parser = clap::value_parser!(u32).range(1..=86_400))]
        seconds: u32,
    },
    /// List libraries.
    Libraries,
    /// List the items of a library.
    Items(Listing),
    /// Show an item with its details.
    Show { item: MediaId },
    /// Find items by title.
    Search {
        #[arg(required = true)]
        text: Vec<String>,
        /// Most items to print.
        #[arg(long, default_value_t = 30)]
        limit: u32,
    },
    /// List the collections of all sources, or the titles of one.
    Collections {
        /// Only what is in this one.
        collection: Option<ShelfId>,
    },
    /// List the playlists of all sources, or the items of one.
    Playlists {
        /// Only what is in this one.
        playlist: Option<ShelfId>,
    },
    /// Print where an item can be streamed from.
    StreamUrl {
        item: MediaId,
        /// In this quality: `original`, or kilobits per second.
        #[arg(long, value_parser = quality)]
        quality: Option<Quality>,
        /// Print the token too.
        #[arg(long)]
        reveal: bool,
    },
    /// Start the app and play an item.
    Play { target: Option<PlayTarget> },
    /// Set the place or a mark of an item.
    Progress(Change),
    /// Show and handle changes that wait for a server.
    Outbox {
        #[command(subcommand)]
        action: OutboxAction,
    },
    /// Print a report for a bug report; no secrets in it.
    Doctor,
    /// Print what is installed beside the program.
    #[command(hide = true)]
    Generate { what: Generated },
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[command(group = ArgGroup::new("what").args(["probe", "watch", "metrics", "pin", "no_pin"]))]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Connections {
    #[command(subcommand)]
    pub(super) action: Option<AddressAction>,
    /// Only these sources.
    pub(super) sources: Vec<SourceId>,
    /// Check every address now.
    #[arg(long)]
    pub(super) probe: bool,
    /// Go on looking after the sources, and print what changes, until interrupted.
    #[arg(long)]
    pub(super) watch: bool,
    /// Check every address now and print the figures as text for Prometheus.
    #[arg(long)]
    pub(super) metrics: bool,
    /// Use this address of the one given source whenever it answers.
    #[arg(long, value_name = "ADDRESS", requires = "sources")]
    pub(super) pin: Option<String>,
    /// Choose freely again.
    #[arg(long, requires = "sources")]
    pub(super) no_pin: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum SourceAction {
    /// List sources.
    List,
    /// Add a source.
    Add {
        #[command(subcommand)]
        source: AddSource,
    },
    /// Remove a source and everything kept of it here; nothing is deleted on the server.
    Remove { id: SourceId },
    /// Rename a source.
    Rename { id: SourceId, name: String },
    /// List and change the folders of a source.
    Folders {
        id: SourceId,
        #[command(subcommand)]
        action: Option<FolderAction>,
    },
    /// Sign in to a source again; it keeps everything.
    SignIn(SignIn),
    /// Add another user of a source's server, as a source beside it.
    AddUser(AddUser),
    /// Let a source take part again.
    Enable { id: SourceId },
    /// Let a source take part in nothing; it keeps everything.
    Disable { id: SourceId },
    /// Move a source to a place in the order; 1 is the first.
    Move { id: SourceId, place: usize },
    /// Ask plex.tv for the addresses of all servers again.
    Refresh,
}

#[derive(Debug, Args)]
pub(super) struct SignIn {
    pub(super) id: SourceId,
    /// Jellyfin: user name; the one of the source when not given.
    #[arg(long)]
    pub(super) username: Option<String>,
    /// Jellyfin: file with the password; `-` reads standard input.
    #[arg(long, default_value = "-")]
    pub(super) password_file: PathBuf,
    /// Jellyfin: show a code to confirm where you are signed in.
    #[arg(long, conflicts_with_all = ["username", "password_file"])]
    pub(super) quick_connect: bool,
    /// Plex: file with a token of the server; `-` reads standard input.
    #[arg(long, conflicts_with_all = ["username", "password_file", "quick_connect"])]
    pub(super) token_file: Option<PathBuf>,
    /// Plex: file with the PIN of the Home's user; `-` reads standard input.
    #[arg(long, conflicts_with = "token_file")]
    pub(super) home_pin_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct AddUser {
    /// A source of the server.
    pub(super) id: SourceId,
    /// Let the new user stand in for the one of the source, which is disabled and keeps everything.
    #[arg(long)]
    pub(super) switch: bool,
    /// Jellyfin: user name.
    #[arg(long)]
    pub(super) username: Option<String>,
    /// Jellyfin: file with the password; `-` reads standard input.
    #[arg(long, default_value = "-")]
    pub(super) password_file: PathBuf,
    /// Plex: the user of the Home; without one, whoever confirms the code.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["username", "password_file"])]
    pub(super) home_user: Option<String>,
    /// Plex: file with the PIN of that user; `-` reads standard input.
    #[arg(long, requires = "home_user")]
    pub(super) home_pin_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum AddSource {
    /// Add a Jellyfin server.
    Jellyfin {
        /// Its address.
        #[arg(long)]
        url: String,
        /// User name.
        #[arg(long, required_unless_present = "quick_connect")]
        username: Option<String>,
        /// File with the password; `-` reads standard input.
        #[arg(long, default_value = "-")]
        password_file: PathBuf,
        /// Show a code to confirm where you are signed in.
        #[arg(long, conflicts_with_all = ["username", "password_file"])]
        quick_connect: bool,
        /// Trust the server's certificate with this fingerprint, although nothing else vouches for it.
        #[arg(long, value_name = "SHA256")]
        accept_certificate: Option<String>,
    },
    /// Add a Plex server: through plex.tv, or by address and token.
    Plex {
        #[command(flatten)]
        wanted: PlexWanted,
        /// Its address.
        #[arg(long, requires = "token_file", conflicts_with_all = ["server", "all", "home_user"])]
        url: Option<String>,
        /// File with the token; `-` reads standard input.
        #[arg(long, requires = "url")]
        token_file: Option<PathBuf>,
        /// Trust the server's certificate with this fingerprint, although nothing else vouches for it.
        #[arg(long, value_name = "SHA256", requires = "url")]
        accept_certificate: Option<String>,
    },
    /// Add one or several folders as one source.
    Local {
        #[arg(required = true)]
        folders: Vec<PathBuf>,
        /// Its name in the app; that of the first folder when not given.
        #[arg(long)]
        name: Option<String>,
        /// What they hold; found out when not given.
        #[arg(long, value_enum)]
        kind: Option<FolderKind>,
    },
}

/// What to add of an account: its own servers and those of its Home, unless said otherwise.
#[derive(Debug, Args)]
pub(super) struct PlexWanted {
    /// Only the server of this name; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub(super) server: Vec<String>,
    /// The servers that others share, too.
    #[arg(long, conflicts_with = "server")]
    pub(super) all: bool,
    /// The servers as this user of the Home.
    #[arg(long, value_name = "NAME")]
    pub(super) home_user: Option<String>,
    /// File with the PIN of that user; `-` reads standard input.
    #[arg(long, requires = "home_user")]
    pub(super) home_pin_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[command(group = ArgGroup::new("change").required(true).args(["position", "watched", "unwatched", "favourite", "unfavourite", "rating"]))]
pub(super) struct Change {
    pub(super) item: MediaId,
    /// Set the place, in seconds.
    #[arg(long, value_name = "SECONDS")]
    pub(super) position: Option<u32>,
    /// Mark as watched.
    #[arg(long)]
    pub(super) watched: bool,
    /// Mark as not watched.
    #[arg(long)]
    pub(super) unwatched: bool,
    /// Mark as favourite.
    #[arg(long)]
    pub(super) favourite: bool,
    /// Mark as no favourite.
    #[arg(long)]
    pub(super) unfavourite: bool,
    /// Rate from 0.5 to 5 stars; 0 takes the rating back.
    #[arg(long, value_name = "STARS", value_parser = stars)]
    pub(super) rating: Option<Stars>,
}

#[derive(Debug, Subcommand)]
pub(super) enum OutboxAction {
    /// List what waits.
    List,
    /// Try everything, or one change, again now; also what was refused.
    Retry { operation: Option<OperationId> },
    /// Give up one change.
    Drop { operation: OperationId },
}

/// A quality as people write it.
fn quality(text: &str) -> Result<Quality, String> {
    if text == "original" {
        return Ok(Quality::Original);
    }
    match text.parse() {
        Ok(kilobits) if kilobits > 0 => Ok(Quality::from_kilobits(kilobits)),
        _ => Err("it is neither “original” nor a number of kilobits per second".to_owned()),
    }
}

/// A rating as it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stars(pub(super) Option<UserRating>);

/// Stars in steps of one half.
fn stars(text: &str) -> Result<Stars, &'static str> {
    const WRONG: &str = "not from 0 to 5, in steps of 0.5";
    let stars: f64 = text.parse().map_err(|_| WRONG)?;
    let half_stars = stars * 2.0;
    if !(0.0..=f64::from(UserRating::BEST.half_stars())).contains(&half_stars) || half_stars.fract() != 0.0 {
        return Err(WRONG);
    }
    Ok(Stars(UserRating::from_number(half_stars)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratings_are_in_half_stars() {
        let half_stars =
            |text| stars(text).ok().map(|Stars(rating)| rating.map_or(0, UserRating::half_stars));
        assert_eq!(half_stars("4.5"), Some(9));
        assert_eq!(half_stars("5"), Some(10));
        assert_eq!(half_stars("0"), Some(0));
        for wrong in ["5.5", "-1", "4.3", "many", "NaN"] {
            assert_eq!(half_stars(wrong), None, "{wrong}");
        }
    }
}
