//! What of a listing is kept.

use super::ids::plain;
use super::parameters::Parameters;
use super::state::View;
use super::wire::type_name;
use crate::catalogue::Item;
use chrono::{DateTime, Utc};

/// Types that the server knows. A misspelt one is dropped: when none is left, every type is meant.
const KNOWN_TYPES: [&str; 22] = [
    "Movie",
    "Series",
    "Season",
    "Episode",
    "Video",
    "BoxSet",
    "Playlist",
    "MusicVideo",
    "Trailer",
    "Audio",
    "MusicAlbum",
    "MusicArtist",
    "Genre",
    "Studio",
    "Person",
    "Photo",
    "PhotoAlbum",
    "Book",
    "AudioBook",
    "Folder",
    "CollectionFolder",
    "UserView",
];

/// The item types of a parameter.
pub(crate) fn types(parameters: &Parameters, name: &str) -> Vec<&'static str> {
    let asked = parameters.list(name);
    KNOWN_TYPES
        .into_iter()
        .filter(|known| asked.iter().any(|asked| asked.eq_ignore_ascii_case(known)))
        .collect()
}

/// Conditions; all of them have to be met.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    exclude_types: Vec<&'static str>,
    folder: Option<bool>,
    played: Option<bool>,
    favourite: Option<bool>,
    resumable: bool,
    missing: bool,
    video: Option<bool>,
    search: Option<String>,
    starts_with: Option<String>,
    from_name: Option<String>,
    before_name: Option<String>,
    genres: Vec<String>,
    genre_ids: Vec<String>,
    person_ids: Vec<String>,
    years: Vec<u32>,
    ratings: Vec<String>,
    least_rating: Option<f32>,
    season: Option<usize>,
    number: Option<usize>,
    pub(crate) saved_since: Option<DateTime<Utc>>,
}

impl Filter {
    pub(crate) fn of(parameters: &Parameters) -> Self {
        let names = parameters.list("filters");
        let has = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        let either = |yes: &str, no: &str| if has(yes) { Some(true) } else { has(no).then_some(false) };
        let lower = |name: &str| parameters.get(name).map(str::to_lowercase);
        let media_types = parameters.list("mediaTypes");
        Self {
            exclude_types: types(parameters, "excludeItemTypes"),
            folder: either("IsFolder", "IsNotFolder"),
            played: either("IsPlayed", "IsUnplayed").or(parameters.flag("isPlayed")),
            favourite: if has("IsFavorite") || has("IsFavoriteOrLikes") {
                Some(true)
            } else {
                parameters.flag("isFavorite")
            },
            resumable: has("IsResumable"),
            missing: parameters.flag("isMissing") == Some(true),
            video: (!media_types.is_empty())
                .then(|| media_types.iter().any(|kind| kind.eq_ignore_ascii_case("Video"))),
            search: lower("searchTerm"),
            starts_with: lower("nameStartsWith"),
            from_name: lower("nameStartsWithOrGreater"),
            before_name: lower("nameLessThan"),
            genres: parameters.piped("genres"),
            genre_ids: parameters.list("genreIds").iter().map(|id| plain(id)).collect(),
            person_ids: parameters.list("personIds").iter().map(|id| plain(id)).collect(),
            years: parameters.list("years").iter().filter_map(|year| year.parse().ok()).collect(),
            ratings: parameters.piped("officialRatings"),
            least_rating: parameters.decimal("minCommunityRating"),
            season: parameters.number("parentIndexNumber"),
            number: parameters.number("indexNumber"),
            saved_since: parameters.date("minDateLastSavedForUser"),
        }
    }

    /// Whether an item is kept. Where it lies and its type were looked at before.
    pub(crate) fn keeps(&self, view: &View<'_>, item: &Item) -> bool {
        view.may_see(item.library)
            && !self.missing
            && !self.exclude_types.contains(&type_name(item.kind))
            && self.folder.is_none_or(|folder| folder != item.kind.is_leaf())
            && self.video.is_none_or(|video| video && item.kind.is_leaf())
            && self.keeps_marks(view, item)
            && self.keeps_names(item)
            && self.keeps_facts(item)
            && self.keeps_named(view, item)
    }

    fn keeps_marks(&self, view: &View<'_>, item: &Item) -> bool {
        let state = || view.marks().known(item.number);
        self.played.is_none_or(|played| view.marks().played(view.catalogue, item) == played)
            && self.favourite.is_none_or(|wanted| state().is_some_and(|state| state.favourite) == wanted)
            && (!self.resumable || state().is_some_and(|state| !state.position.is_zero()))
    }

    // Called for every item of a library: letters are made small only where a condition needs it.
    fn keeps_names(&self, item: &Item) -> bool {
        let sort_title = || item.sort_title.to_lowercase();
        let names = || [Some(&item.title), item.original_title.as_ref()].into_iter().flatten();
        self.search.as_ref().is_none_or(|text| names().any(|name| name.to_lowercase().contains(text)))
            && self.starts_with.as_ref().is_none_or(|start| sort_title().starts_with(start))
            && self.from_name.as_ref().is_none_or(|name| sort_title() >= *name)
            && self.before_name.as_ref().is_none_or(|name| sort_title() < *name)
    }

    fn keeps_facts(&self, item: &Item) -> bool {
        let is = |wanted: Option<usize>, found: Option<u32>| {
            wanted.is_none_or(|wanted| found.is_some_and(|found| found as usize == wanted))
        };
        (self.years.is_empty() || item.year.is_some_and(|year| self.years.contains(&year)))
            && (self.ratings.is_empty()
                || item.age_rating.as_ref().is_some_and(|rating| self.ratings.contains(rating)))
            && self
                .least_rating
                .is_none_or(|least| item.community_rating.is_some_and(|rating| rating >= least))
            && self.saved_since.is_none_or(|since| item.updated >= since)
            && is(self.season, item.season)
            && is(self.number, item.episode.or(item.season))
    }

    /// Genres and people, by name or by id.
    fn keeps_named(&self, view: &View<'_>, item: &Item) -> bool {
        let ids = view.ids();
        let in_genre = || {
            item.genres.iter().any(|genre| {
                self.genres.iter().any(|wanted| wanted.eq_ignore_ascii_case(genre))
                    || self.genre_ids.contains(&ids.name("genre", genre))
            })
        };
        let with_person =
            || item.people.iter().any(|person| self.person_ids.contains(&ids.name("person", &person.name)));
        (self.genres.is_empty() && self.genre_ids.is_empty() || in_genre())
            && (self.person_ids.is_empty() || with_person())
    }
}
