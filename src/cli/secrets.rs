//! Secrets from standard input or a file.

use std::io::{self, IsTerminal as _, Read as _};
use std::path::Path;

use anyhow::Context as _;
use secrecy::SecretString;

use super::Result;
use super::output;

/// Longest secret that makes sense.
const LONGEST: u64 = 4096;

/// Reads a secret: the first line of a file, or of standard input for `-`.
pub(super) fn read(path: &Path, what: &str) -> Result<SecretString> {
    let mut text = String::new();
    if path == Path::new("-") {
        if io::stdin().is_terminal() {
            output::say(&format!("{what} (it will be shown as you type; use a file to avoid that):"));
            io::stdin().read_line(&mut text)?;
        } else {
            io::stdin().take(LONGEST).read_to_string(&mut text)?;
        }
    } else {
        let file = std::fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        file.take(LONGEST).read_to_string(&mut text)?;
    }
    Ok(SecretString::from(text.lines().next().unwrap_or_default().to_owned()))
}
