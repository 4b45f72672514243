//! The words for orders, filters and counts.

use gettextrs::{gettext, ngettext};

use crate::models::{ItemFilter, ItemSort, Resolution};
use crate::services::core::marking::Mark;

/// An order.
pub(super) fn sort(sort: ItemSort) -> String {
    match sort {
        ItemSort::Title => gettext("Title"),
        ItemSort::DateAdded => gettext("Date Added"),
        ItemSort::ReleaseDate => gettext("Release Date"),
        ItemSort::Rating => gettext("Rating"),
        ItemSort::Duration => gettext("Duration"),
        ItemSort::LastPlayed => gettext("Last Played"),
        // Translators: an order of a list, by chance.
        ItemSort::Random(_) => gettext("Random"),
    }
}

/// Ten years, by their first one.
pub(super) fn decade(year: i32) -> String {
    // Translators: ten years, as "1980s". {year} is the first of them.
    gettext("{year}s").replace("{year}", &year.to_string())
}

/// Years beside each other that are still quickly gone through; of more only decades are shown.
const MOST_YEARS: usize = 24;

/// The names of the years of a list, each with its place: decades where there are many.
pub(super) fn years(years: &[(Option<i32>, u32)]) -> Vec<(String, u32)> {
    let by_decade = years.len() > MOST_YEARS;
    let mut names: Vec<(String, u32)> = Vec::new();
    for (year, place) in years {
        let name = match year {
            Some(year) if by_decade => decade(year.div_euclid(10) * 10),
            Some(year) => year.to_string(),
            None => "…".to_owned(),
        };
        if names.last().is_none_or(|(last, _)| *last != name) {
            names.push((name, *place));
        }
    }
    names
}

/// A resolution.
pub(super) fn resolution(resolution: Resolution) -> String {
    match resolution {
        // Translators: standard definition, less than 720 lines.
        Resolution::Sd => gettext("SD"),
        Resolution::Hd => "720p".to_owned(),
        Resolution::FullHd => "1080p".to_owned(),
        Resolution::Uhd => "4K".to_owned(),
    }
}

/// The parts of a filter that are set, each with the filter without it.
pub(super) fn chips(filter: &ItemFilter) -> Vec<(String, ItemFilter)> {
    let without = |change: fn(&mut ItemFilter)| {
        let mut rest = filter.clone();
        change(&mut rest);
        rest
    };
    let mut chips = Vec::new();
    if filter.unwatched {
        chips.push((gettext("Unwatched"), without(|rest| rest.unwatched = false)));
    }
    if filter.in_progress {
        chips.push((gettext("In Progress"), without(|rest| rest.in_progress = false)));
    }
    if filter.favourites {
        chips.push((gettext("Favourites"), without(|rest| rest.favourites = false)));
    }
    if let Some(genre) = &filter.genre {
        chips.push((genre.clone(), without(|rest| rest.genre = None)));
    }
    if let Some(year) = filter.decade {
        chips.push((decade(year), without(|rest| rest.decade = None)));
    }
    if let Some(class) = filter.resolution {
        chips.push((resolution(class), without(|rest| rest.resolution = None)));
    }
    chips
}

/// How many titles there are.
pub(super) fn count(count: u32) -> String {
    ngettext("{n} title", "{n} titles", count).replace("{n}", &count.to_string())
}

/// How many titles are selected.
pub(super) fn selected(count: u32) -> String {
    if count == 0 {
        return gettext("Select Titles");
    }
    ngettext("{n} selected", "{n} selected", count).replace("{n}", &count.to_string())
}

/// What a marking has done.
pub(super) fn marked(mark: Mark, count: u32) -> String {
    let text = match mark {
        Mark::Watched(true) => ngettext("{n} title marked as watched", "{n} titles marked as watched", count),
        Mark::Watched(false) => {
            ngettext("{n} title marked as unwatched", "{n} titles marked as unwatched", count)
        }
        Mark::Favourite(true) => {
            ngettext("{n} title added to favourites", "{n} titles added to favourites", count)
        }
        Mark::Favourite(false) => {
            ngettext("{n} title removed from favourites", "{n} titles removed from favourites", count)
        }
    };
    text.replace("{n}", &count.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_filter_is_a_chip_that_takes_only_itself_away() {
        let filter = ItemFilter {
            unwatched: true,
            in_progress: true,
            favourites: true,
            genre: Some("Drama".to_owned()),
            decade: Some(1980),
            resolution: Some(Resolution::Uhd),
        };
        let found = chips(&filter);
        let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Unwatched", "In Progress", "Favourites", "Drama", "1980s", "4K"]);
        for (name, rest) in &found {
            let left: Vec<_> = chips(rest).into_iter().map(|(name, _)| name).collect();
            assert_eq!(left.len(), 5);
            assert!(!left.contains(name));
        }
        assert!(chips(&ItemFilter::default()).is_empty());
    }

    #[test]
    fn many_years_are_told_by_decades() {
        let few = [(None, 0), (Some(1999), 2), (Some(2001), 3)];
        let named = |names: Vec<(String, u32)>| {
            names.into_iter().map(|(name, place)| format!("{name}:{place}")).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(named(years(&few)), "…:0 1999:2 2001:3");
        let many: Vec<(Option<i32>, u32)> = (1995..2020).map(Some).zip(0..).collect();
        assert_eq!(named(years(&many)), "1990s:0 2000s:5 2010s:15");
    }
}
