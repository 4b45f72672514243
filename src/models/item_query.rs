//! What a list of titles is asked for: where, which kinds, in what order, with which filter.

use serde::{Deserialize, Serialize};

use super::{ItemKind, LibraryId};

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ItemSort {
    /// The server's sort title.
    #[default]
    Title,
    /// When the server got it.
    DateAdded,
    /// When it was first shown.
    ReleaseDate,
    /// Public's rating.
    Rating,
    /// Length.
    Duration,
    /// When it was last played.
    LastPlayed,
    /// By chance. The same number gives the same order, also of what stays when other titles come or go.
    Random(u32),
}

impl ItemSort {
    const WORDS: [(Self, &'static str); 6] = [
        (Self::Title, "title"),
        (Self::DateAdded, "added"),
        (Self::ReleaseDate, "released"),
        (Self::Rating, "rating"),
        (Self::Duration, "duration"),
        (Self::LastPlayed, "played"),
    ];

    /// The word in the database.
    pub fn word(self) -> String {
        match self {
            Self::Random(seed) => format!("random:{seed}"),
            sort => Self::WORDS
                .iter()
                .find(|(known, _)| *known == sort)
                .map_or("title", |(_, word)| word)
                .to_owned(),
        }
    }

    /// The order for a word of the database; unknown words are [`ItemSort::Title`].
    pub fn from_word(word: &str) -> Self {
        match word.split_once(':') {
            Some(("random", seed)) => seed.parse().map_or(Self::Title, Self::Random),
            _ => Self::WORDS.iter().find(|(_, known)| *known == word).map_or(Self::Title, |(sort, _)| *sort),
        }
    }

    /// Whether a list in this order begins with the largest unless it is turned round.
    pub fn begins_with_largest(self) -> bool {
        !matches!(self, Self::Title | Self::Random(_))
    }
}

/// How many lines a picture has, in the classes that people know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// Less than 720 lines.
    Sd,
    /// 720 lines.
    Hd,
    /// 1080 lines.
    FullHd,
    /// 2160 lines and more.
    Uhd,
}

impl Resolution {
    /// All, the smallest first.
    pub const ALL: [Self; 4] = [Self::Sd, Self::Hd, Self::FullHd, Self::Uhd];

    /// Nominal lines, as the database has them.
    pub fn lines(self) -> u32 {
        match self {
            Self::Sd => 480,
            Self::Hd => 720,
            Self::FullHd => 1080,
            Self::Uhd => 2160,
        }
    }

    /// The class for nominal lines.
    pub fn from_lines(lines: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|resolution| resolution.lines() == lines)
    }

    /// The class of a picture of this size in pixels. A wide film has fewer lines than its class, a narrow one
    /// fewer columns: the larger of the two decides, with room for cut edges.
    pub fn of_size(width: u32, height: u32) -> Option<Self> {
        if width == 0 && height == 0 {
            return None;
        }
        Some(match (width, height) {
            (3000.., _) | (_, 1700..) => Self::Uhd,
            (1600.., _) | (_, 900..) => Self::FullHd,
            (1100.., _) | (_, 660..) => Self::Hd,
            _ => Self::Sd,
        })
    }
}

/// Which titles of a list are shown. Everything that is set has to hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemFilter {
    /// Not watched to the end.
    pub unwatched: bool,
    /// Begun and not finished; a series of which some episodes were watched.
    pub in_progress: bool,
    /// Marked as favourites.
    pub favourites: bool,
    /// Of this genre.
    pub genre: Option<String>,
    /// Of these ten years, said by the first one.
    pub decade: Option<i32>,
    /// Of this resolution.
    pub resolution: Option<Resolution>,
}

impl ItemFilter {
    /// Whether everything is shown.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Where the titles of a list come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ItemScope {
    /// One library.
    Library(LibraryId),
    /// Favourites of all sources that are switched on.
    Favourites,
}

/// A list of titles, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ItemQuery {
    /// Where from.
    pub scope: ItemScope,
    /// Kinds; none means those of the grid of a library, or all kinds elsewhere.
    pub kinds: Vec<ItemKind>,
    /// Order.
    pub sort: ItemSort,
    /// The other way round.
    pub descending: bool,
    /// Which of them.
    pub filter: ItemFilter,
    /// Most items of a part.
    pub limit: u32,
    /// Items to leave out at the beginning of a part.
    pub offset: u32,
}

impl ItemQuery {
    /// Everything in the grid of a library, by title.
    pub fn library(id: LibraryId) -> Self {
        Self::of(ItemScope::Library(id))
    }

    /// Everything of a scope, by title.
    pub fn of(scope: ItemScope) -> Self {
        Self {
            scope,
            kinds: Vec::new(),
            sort: ItemSort::Title,
            descending: false,
            filter: ItemFilter::default(),
            limit: u32::MAX,
            offset: 0,
        }
    }
}

/// What the titles of a list can be filtered by, each with how many have it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemFacets {
    /// Genres, the most frequent first.
    pub genres: Vec<(String, u32)>,
    /// First years of decades, the latest first.
    pub decades: Vec<(i32, u32)>,
    /// Resolutions, the largest first.
    pub resolutions: Vec<(Resolution, u32)>,
}

/// How the titles of a library are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Layout {
    /// Posters.
    #[default]
    Grid,
    /// Rows.
    List,
}

impl Layout {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::List => "list",
        }
    }

    /// The layout for a word of the database; unknown words are [`Layout::Grid`].
    pub fn from_word(word: &str) -> Self {
        if word == "list" { Self::List } else { Self::Grid }
    }
}

/// How the user wants to see a library.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LibraryView {
    /// Order.
    pub sort: ItemSort,
    /// The other way round.
    pub descending: bool,
    /// Which titles.
    pub filter: ItemFilter,
    /// Posters or rows.
    pub layout: Layout,
    /// Width of a poster, in pixels; `None` for the usual one.
    pub poster_width: Option<u32>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn orders_survive_being_stored() {
        for (sort, _) in ItemSort::WORDS {
            assert_eq!(ItemSort::from_word(&sort.word()), sort);
        }
        assert_eq!(ItemSort::from_word(&ItemSort::Random(17).word()), ItemSort::Random(17));
        assert_eq!(ItemSort::from_word("shoe size"), ItemSort::Title);
        assert_eq!(ItemSort::from_word("random:x"), ItemSort::Title);
    }

    #[test]
    fn a_wide_film_is_of_the_class_of_its_width() {
        let table = [
            ((1920, 1080), Some(Resolution::FullHd)),
            ((1920, 804), Some(Resolution::FullHd)),
            ((1440, 1080), Some(Resolution::FullHd)),
            ((3840, 1600), Some(Resolution::Uhd)),
            ((7680, 4320), Some(Resolution::Uhd)),
            ((1280, 536), Some(Resolution::Hd)),
            ((960, 720), Some(Resolution::Hd)),
            ((720, 576), Some(Resolution::Sd)),
            ((0, 0), None),
        ];
        for ((width, height), class) in table {
            assert_eq!(Resolution::of_size(width, height), class, "{width}×{height}");
        }
    }

    #[test]
    fn filters_of_older_and_newer_versions_are_read() {
        let read = |text: &str| serde_json::from_str::<ItemFilter>(text).unwrap();
        assert!(read("{}").is_empty());
        assert!(read(r#"{"unwatched":true,"mood":"glad"}"#).unwatched);
    }
}
