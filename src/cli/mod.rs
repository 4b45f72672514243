//! The command line: the same services and the same database as the app, without a window.
//!
//! Exit status 0 done, 1 failed, 2 wrong usage. What was asked for goes to stdout, everything else to stderr.
//! Secrets come from standard input or a file, never from an argument.

mod arguments;
mod connections;
mod discover;
mod doctor;
mod generate;
mod items;
mod listing;
mod output;
mod progress;
mod secrets;
mod shelves;
mod show;
mod sources;
mod sync;
mod trust;

use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind as UsageKind;

use arguments::{Arguments, Command};
use output::Output;

use crate::models::PlayTarget;
use crate::services::AppContext;
use crate::ui::error_text;

/// Result of a command.
type Result<T = ()> = anyhow::Result<T>;

/// Reads the arguments and does what they say; without a subcommand it starts the app.
pub fn run() -> ExitCode {
    error_text::bind_translations();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _printed = error.print();
            let help = matches!(error.kind(), UsageKind::DisplayHelp | UsageKind::DisplayVersion);
            return if help { ExitCode::SUCCESS } else { ExitCode::from(2) };
        }
    };
    match arguments.command {
        Some(Command::Play { target }) => start_app(target.as_ref()),
        Some(Command::Generate { what }) => exit_code(generate::run(what)),
        Some(command) => run_command(command, Output::new(arguments.json)),
        None => start_app(None),
    }
}

#[cfg(feature = "ui")]
fn start_app(target: Option<&PlayTarget>) -> ExitCode {
    crate::ui::run(target)
}

#[cfg(not(feature = "ui"))]
fn start_app(_target: Option<&PlayTarget>) -> ExitCode {
    output::complain("this build has no window; see gnome-reel --help");
    ExitCode::FAILURE
}

fn run_command(command: Command, output: Output) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::complain(&error.to_string());
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(dispatch(command, output));
    // A keyring that waits for a person must not keep the command from ending.
    runtime.shutdown_background();
    exit_code(result)
}

fn exit_code(result: Result) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&output::sentence(&error));
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(command: Command, output: Output) -> Result {
    if let Command::Doctor = command {
        return doctor::run(output).await;
    }
    let ctx = AppContext::open_for_user().await?;
    let done = run_with(&ctx, command, output).await;
    // What a race has found is there for the next command.
    ctx.connections.all_settled().await;
    done
}

async fn run_with(ctx: &AppContext, command: Command, output: Output) -> Result {
    match command {
        Command::Sources { action } => sources::run(ctx, action, output).await,
        Command::Sync { sources, full } => sync::run(ctx, &sources, full, output).await,
        Command::Libraries => items::libraries(ctx, output).await,
        Command::Items(listing) => listing::list(ctx, &listing, output).await,
        Command::Show { item } => show::show(ctx, item, output).await,
        Command::Search { text, limit } => items::search(ctx, &text.join(" "), limit, output).await,
        Command::Collections { collection } => shelves::collections(ctx, collection, output).await,
        Command::Playlists { playlist } => shelves::playlists(ctx, playlist, output).await,
        Command::StreamUrl { item, quality, reveal } => {
            items::stream_url(ctx, item, quality, reveal, output).await
        }
        Command::Progress(change) => progress::run(ctx, change, output).await,
        Command::Discover { seconds } => discover::run(ctx, seconds, output).await,
        Command::Connections(wanted) => connections::run(ctx, &wanted, output).await,
        Command::Trust { action } => trust::run(ctx, action, output).await,
        Command::Outbox { action } => progress::outbox(ctx, action, output).await,
        Command::Doctor | Command::Play { .. } | Command::Generate { .. } => Ok(()),
    }
}

/// Says what went wrong, on one line of stderr: for the app before it has a window.
#[cfg(feature = "ui")]
pub(crate) fn complain(text: &str) {
    output::complain(text);
}
