//! What a package installs beside the program and is made from the command line itself, so that it never says
//! something else: the manual page and the completions of shells. Called by the build.

use std::io::{self, Write as _};

use clap::{Arg, Command, CommandFactory as _, ValueEnum};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::Result;
use super::arguments::Arguments;

/// What can be made.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Generated {
    /// The manual page, section 1.
    Man,
    /// Completions for bash.
    Bash,
    /// Completions for fish.
    Fish,
    /// Completions for zsh.
    Zsh,
}

/// Prints it.
pub(super) fn run(what: Generated) -> Result {
    let mut command = visible(&Arguments::command());
    let mut printed = Vec::new();
    match what {
        Generated::Man => manual(&mut printed, command)?,
        Generated::Bash => completions(&mut printed, &mut command, Shell::Bash),
        Generated::Fish => completions(&mut printed, &mut command, Shell::Fish),
        Generated::Zsh => completions(&mut printed, &mut command, Shell::Zsh),
    }
    io::stdout().write_all(&printed)?;
    Ok(())
}

fn completions(printed: &mut Vec<u8>, command: &mut Command, shell: Shell) {
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, command, name, printed);
}

/// The command line as people see it: without what is hidden.
fn visible(whole: &Command) -> Command {
    Command::new("gnome-reel")
        .version(crate::config::VERSION)
        .about(whole.get_about().cloned().unwrap_or_default())
        .args(whole.get_arguments().cloned())
        .subcommands(whole.get_subcommands().filter(|command| !command.is_hide_set()).cloned())
}

fn manual(printed: &mut Vec<u8>, mut command: Command) -> io::Result<()> {
    command.build();
    let page =
        Man::new(command.clone()).source(format!("Reel {}", crate::config::VERSION)).manual("User Commands");
    page.render_title(printed)?;
    page.render_name_section(printed)?;
    page.render_synopsis_section(printed)?;
    page.render_description_section(printed)?;
    page.render_options_section(printed)?;
    let mut rest = Roff::new();
    rest.control("SH", ["COMMANDS"]);
    describe(&mut rest, &command, "");
    for (title, entries) in SECTIONS {
        rest.control("SH", [*title]);
        for (name, text) in *entries {
            rest.control("TP", []).text([bold(*name)]).text([roman(*text)]);
        }
    }
    rest.to_writer(printed)
}

/// Each command that does something, with its options.
fn describe(page: &mut Roff, command: &Command, path: &str) {
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
        let path = format!("{path} {}", sub.get_name());
        if !sub.is_subcommand_required_set() {
            page.control("SS", [path.trim()]);
            page.text([bold(usage(sub, &path))]);
            page.control("PP", []);
            page.text([roman(sub.get_about().map(sentence).unwrap_or_default())]);
            for argument in sub.get_arguments().filter(|argument| is_told(argument)) {
                page.control("TP", []).text([bold(shown(argument))]);
                page.text([roman(argument.get_help().map(sentence).unwrap_or_default())]);
            }
        }
        describe(page, sub, &path);
    }
}

/// Whether there is more to say of an argument than its name in the usage.
fn is_told(argument: &Arg) -> bool {
    !argument.is_hide_set()
        && !argument.is_global_set()
        && argument.get_id() != "help"
        && argument.get_help().is_some()
}

fn usage(command: &Command, path: &str) -> String {
    let usage = command.clone().render_usage().to_string();
    let line = usage.lines().next().unwrap_or_default();
    let after = line.split_once(command.get_name()).map_or("", |(_, after)| after);
    format!("gnome-reel{path}{after}")
}

fn shown(argument: &Arg) -> String {
    argument.to_string()
}

/// clap leaves the full stop of a single sentence out; a page of text has it.
fn sentence(text: &clap::builder::StyledStr) -> String {
    let text = text.to_string();
    if text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") }
}

/// What the command line itself does not know.
const SECTIONS: &[(&str, &[(&str, &str)])] = &[
    (
        "EXIT STATUS",
        &[("0", "What was asked for was done."), ("1", "It failed; stderr says why."), ("2", "Wrong usage.")],
    ),
    (
        "ENVIRONMENT",
        &[
            ("RUST_LOG", "What is logged to stderr, for example gnome_reel=debug."),
            (
                "GNOME_REEL_DISCOVERY",
                "Where servers are looked for instead of the networks of this machine: off, or a list such as \
                 jellyfin=127.0.0.1:7359,plex=127.0.0.1:32414.",
            ),
        ],
    ),
    (
        "FILES",
        &[
            ("$XDG_DATA_HOME/gnome-reel/reel.db", "The library, and the changes that wait for a server."),
            (
                "$XDG_DATA_HOME/gnome-reel/credentials.json",
                "Tokens, where there is no keyring. Readable by its owner only.",
            ),
            ("$XDG_CACHE_HOME/gnome-reel", "Pictures. May be deleted while Reel is not running."),
        ],
    ),
];

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn page() -> String {
        let mut printed = Vec::new();
        manual(&mut printed, visible(&Arguments::command())).unwrap();
        String::from_utf8(printed).unwrap()
    }

    #[test]
    fn the_manual_has_every_command_that_does_something() {
        let page = page();
        for name in
            ["sync", "sources add jellyfin", "sources list", "connections add", "outbox drop", "doctor"]
        {
            let escaped = name.replace('-', "\\-");
            assert!(
                page.contains(&format!(".SS \"{escaped}\"")) || page.contains(&format!(".SS {escaped}\n")),
                "{name}: {page}"
            );
        }
        assert!(page.contains("Show a code to confirm where you are signed in."));
        assert!(page.contains("credentials.json"));
    }

    #[test]
    fn what_is_hidden_is_in_nothing_that_is_installed() {
        assert!(!page().contains("generate"));
        for shell in [Shell::Bash, Shell::Fish, Shell::Zsh] {
            let mut printed = Vec::new();
            completions(&mut printed, &mut visible(&Arguments::command()), shell);
            let script = String::from_utf8(printed).unwrap();
            assert!(script.contains("stream-url"), "{shell}");
            assert!(!script.contains("completions of shells") && !script.contains("generate"), "{shell}");
        }
    }
}
