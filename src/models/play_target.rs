//! What somebody wants to play from outside of the app.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

use super::MediaId;

/// What the address of an item begins with.
const ITEM: &str = "gnome-reel:item/";

/// An item of the library, or a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlayTarget {
    /// An item.
    Item(MediaId),
    /// A file, which need not be of any source.
    File(PathBuf),
}

impl PlayTarget {
    /// As an argument or address that says which it is: `gnome-reel:item/5`, or the path.
    pub fn to_argument(&self) -> String {
        match self {
            Self::Item(id) => format!("{ITEM}{id}"),
            Self::File(path) => path.to_string_lossy().into_owned(),
        }
    }
}

impl FromStr for PlayTarget {
    type Err = Infallible;

    /// A number is an item; a file of such a name is reached as `./5`.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let item = text.strip_prefix(ITEM).unwrap_or(text).parse().map(Self::Item);
        Ok(item.unwrap_or_else(|_| Self::File(PathBuf::from(text))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_are_items_and_the_rest_is_files() {
        let read = |text: &str| text.parse::<PlayTarget>();
        assert_eq!(read("5"), Ok(PlayTarget::Item(MediaId(5))));
        assert_eq!(read("gnome-reel:item/5"), Ok(PlayTarget::Item(MediaId(5))));
        for path in ["./5", "/films/5", "Film.mkv", "gnome-reel:item/x"] {
            assert_eq!(read(path), Ok(PlayTarget::File(PathBuf::from(path))));
        }
        assert_eq!(read(&PlayTarget::Item(MediaId(7)).to_argument()), Ok(PlayTarget::Item(MediaId(7))));
    }
}
