//! The invented series of the demo.

/// An invented series with the episodes of its seasons.
pub(super) struct Series {
    pub(super) title: &'static str,
    pub(super) year: u32,
    pub(super) minutes: u64,
    pub(super) rating: f32,
    pub(super) genres: &'static [&'static str],
    pub(super) summary: &'static str,
    pub(super) cast: [(&'static str, &'static str); 2],
    /// Titles of the episodes, by season; a season 0 holds the specials.
    pub(super) seasons: &'static [(u32, &'static [&'static str])],
    /// Whether its episodes have the length of their file: then a player ends where the server says.
    pub(super) miniature: bool,
}

/// Jellyfin has the series before this, Plex the others.
pub(super) const FIRST_OF_PLEX: usize = 3;

/// All series.
pub(super) const SERIES: &[Series] = &[
    Series {
        title: "Tidewater",
        year: 2021,
        minutes: 48,
        rating: 8.1,
        genres: &["Drama", "Mystery"],
        summary: "The harbour master of a drowned town keeps its clocks, its debts and its one remaining secret.",
        cast: [("Ada Mir", "Harbour master"), ("Samir Haddad", "Idris")],
        seasons: &[
            (0, &["The Flood of '53"]),
            (1, &["Spring Tide", "The Bell Buoy", "Low Water", "Drift", "The Lock", "High Water"]),
            (2, &["Slack", "A Berth for Winter", "Undertow", "Lee Shore", "The Second Bell", "Ebb"]),
        ],
        miniature: false,
    },
    Series {
        title: "Postcards",
        year: 2023,
        minutes: 1,
        rating: 7.6,
        genres: &["Documentary", "Travel"],
        summary: "One place, one minute, no words: the smallest travel programme in the world.",
        cast: [("Linh Dao", "Traveller"), ("Mei Tachibana", "Traveller")],
        seasons: &[
            (1, &["A Pier in Ostend", "The Roofs of Sighișoara", "Fog on the Douro", "A Tram in Melbourne"]),
            (2, &["Snow in Otaru", "The Salt Flats", "A Night Market"]),
        ],
        miniature: true,
    },
    Series {
        title: "The Understudies",
        year: 2018,
        minutes: 27,
        rating: 7.9,
        genres: &["Comedy"],
        summary: "Nobody in the second cast of a touring opera has ever been on stage. Then the first cast eats the oysters.",
        cast: [("Nadia Okoye", "Dolores"), ("Gus Lindqvist", "Maestro Blum")],
        seasons: &[(
            1,
            &["Overture", "The Oysters", "A Cold in Act Two", "Prompt Side", "The Wrong Carmen", "Curtain"],
        )],
        miniature: false,
    },
    Series {
        title: "Station North",
        year: 2020,
        minutes: 52,
        rating: 8.3,
        genres: &["Science Fiction", "Thriller"],
        summary: "Eight people winter at a weather station. On the first day of the dark a ninth sits down to breakfast.",
        cast: [("Bruno Achterberg", "Nilsen"), ("Clara Benedek", "Dr. Aune")],
        seasons: &[
            (1, &["The Ninth", "Whiteout", "Inventory", "The Generator", "Sun Dogs", "Relief"]),
            (2, &["Return", "The Core", "Black Ice", "Aurora", "Melt"]),
            (3, &["Overwinter", "The Log", "A Tenth", "Daybreak"]),
        ],
        miniature: false,
    },
    Series {
        title: "Minute Mysteries",
        year: 2022,
        minutes: 1,
        rating: 7.2,
        genres: &["Mystery", "Comedy"],
        summary: "Inspector Quint solves them all in sixty seconds, or in thirty.",
        cast: [("Piet Voss", "Inspector Quint"), ("Mei Tachibana", "Sergeant Bell")],
        seasons: &[(
            1,
            &[
                "The Missing Minute",
                "A Body of Water",
                "Two Left Gloves",
                "The Butler's Alibi",
                "Quint on Holiday",
            ],
        )],
        miniature: true,
    },
    Series {
        title: "Orchard Lane",
        year: 2012,
        minutes: 43,
        rating: 7.4,
        genres: &["Drama", "Family"],
        summary: "Four houses, one well, and a hundred years of neighbours who remember everything.",
        cast: [("Edmund Carrow", "Old Hobb"), ("Ada Mir", "Winifred")],
        seasons: &[
            (0, &["Christmas at Number Three"]),
            (1, &["The Well", "Number Four", "A Fence", "Blossom", "Windfalls"]),
            (2, &["New People", "The Hedge", "First Frost", "Wassail"]),
        ],
        miniature: false,
    },
];
