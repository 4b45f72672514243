//! Start: with a subcommand the command line, without one the app.

use std::process::ExitCode;

fn main() -> ExitCode {
    gnome_reel::logging::start();
    gnome_reel::cli::run()
}
