//! Who is asked.

use std::net::SocketAddrV4;
use std::str::FromStr;

use crate::models::SourceKind;

/// Asks others than the whole network, for tests and the demo: `off`, or a list such as
/// `jellyfin=127.0.0.1:7359,plex=127.0.0.1:32414`.
pub const DISCOVERY_VARIABLE: &str = "GNOME_REEL_DISCOVERY";

/// Who is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Everybody in every network of this machine.
    Network,
    /// Only these; with none, nobody.
    Only(Vec<(SourceKind, SocketAddrV4)>),
}

/// A text that names no audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a list like jellyfin=127.0.0.1:7359,plex=127.0.0.1:32414, and not off")]
pub struct InvalidAudience;

impl Audience {
    /// Nobody.
    pub fn nobody() -> Self {
        Self::Only(Vec::new())
    }
}

impl FromStr for Audience {
    type Err = InvalidAudience;

    fn from_str(text: &str) -> Result<Self, InvalidAudience> {
        if text.trim() == "off" {
            return Ok(Self::nobody());
        }
        let one = |part: &str| {
            let (kind, address) = part.trim().split_once('=').ok_or(InvalidAudience)?;
            let kind: SourceKind = kind.parse().map_err(|_| InvalidAudience)?;
            if kind == SourceKind::Local {
                return Err(InvalidAudience);
            }
            Ok((kind, address.parse().map_err(|_| InvalidAudience)?))
        };
        text.split(',').map(one).collect::<Result<_, _>>().map(Self::Only)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_list_or_nobody_is_read() {
        assert_eq!("off".parse(), Ok(Audience::nobody()));
        let only = Audience::Only(vec![
            (SourceKind::Jellyfin, "127.0.0.1:1".parse().unwrap()),
            (SourceKind::Plex, "127.0.0.2:2".parse().unwrap()),
        ]);
        assert_eq!("jellyfin=127.0.0.1:1, plex=127.0.0.2:2".parse(), Ok(only));
        for text in
            ["", "on", "jellyfin", "jellyfin=attic:1", "local=127.0.0.1:1", "plex=127.0.0.1", "plex=[::1]:1"]
        {
            assert_eq!(text.parse::<Audience>(), Err(InvalidAudience), "{text}");
        }
    }
}
