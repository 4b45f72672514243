//! Artists with their albums, and folders of photos, all invented.

/// An artist: name, genre, albums.
pub(super) struct Artist {
    pub(super) name: &'static str,
    pub(super) genre: &'static str,
    pub(super) albums: &'static [Album],
}

/// An album: each list of titles is a disc.
pub(super) struct Album {
    pub(super) title: &'static str,
    pub(super) year: u32,
    /// Whether its tracks are as long as the file that is served, so that a player comes to their ends.
    pub(super) miniature: bool,
    pub(super) discs: &'static [&'static [&'static str]],
}

/// A folder of photos: title, year, photos.
pub(super) struct Folder {
    pub(super) title: &'static str,
    pub(super) year: i32,
    pub(super) photos: &'static [&'static str],
}

/// Music of the Jellyfin server.
pub(super) const OF_JELLYFIN: [Artist; 3] = [
    Artist {
        name: "The Slow Ferries",
        genre: "Folk",
        albums: &[
            Album {
                title: "Low Water",
                year: 2016,
                miniature: true,
                discs: &[&["Salt Wind", "Pilot Light", "The Keeper’s Daughter", "Low Water"]],
            },
            Album {
                title: "High Water",
                year: 2021,
                miniature: false,
                discs: &[
                    &["Spring Tide", "Harbour Lights", "A Letter from the Island", "Rope and Tar"],
                    &["Spring Tide (live)", "Rope and Tar (live)"],
                ],
            },
        ],
    },
    Artist {
        name: "Ada Mir Trio",
        genre: "Jazz",
        albums: &[Album {
            title: "Blue Hour, Platform Nine",
            year: 2019,
            miniature: false,
            discs: &[&["Last Train", "Platform Nine", "Rain on Glass", "Blue Hour", "Signal Box"]],
        }],
    },
    Artist {
        name: "Nordlicht Orchester",
        genre: "Classical",
        albums: &[Album {
            title: "Winterlicht",
            year: 2011,
            miniature: false,
            discs: &[&["Aufbruch", "Schnee", "Die Brücke", "Stille", "Heimkehr"]],
        }],
    },
];

/// Music of the Plex server.
pub(super) const OF_PLEX: [Artist; 2] = [
    Artist {
        name: "Copper Kites",
        genre: "Indie",
        albums: &[
            Album {
                title: "Paper Weather",
                year: 2018,
                miniature: true,
                discs: &[&["Paper Weather", "String", "Roofs", "Let Go"]],
            },
            Album {
                title: "Thermals",
                year: 2023,
                miniature: false,
                discs: &[&["Lift", "Thermals", "Glass Sky", "Evening Landing", "Copper"]],
            },
        ],
    },
    Artist {
        name: "Óskar Vindur",
        genre: "Ambient",
        albums: &[Album {
            title: "Jökull",
            year: 2020,
            miniature: false,
            discs: &[&["Ís", "Hraun", "Vatn", "Ljós"]],
        }],
    },
];

/// Photos of the Jellyfin server.
pub(super) const PHOTOS_OF_JELLYFIN: [Folder; 3] = [
    Folder {
        title: "A Week on the Coast",
        year: 2022,
        photos: &["Ferry", "Lighthouse", "Dunes", "The long pier", "Gulls", "Last evening"],
    },
    Folder { title: "Garden", year: 2023, photos: &["First snowdrops", "Apple blossom", "The old gate"] },
    Folder { title: "Mountains", year: 2024, photos: &["Hut", "Ridge", "Above the clouds", "Descent"] },
];

/// Photos of the Plex server.
pub(super) const PHOTOS_OF_PLEX: [Folder; 2] = [
    Folder { title: "City at Night", year: 2021, photos: &["Bridge", "Tram", "Neon", "Empty square"] },
    Folder { title: "Lake", year: 2023, photos: &["Morning mist", "Rowing boat", "Reeds"] },
];

/// Photos among the home videos of the Jellyfin server.
pub(super) const BESIDE_VIDEOS: Folder =
    Folder { title: "Birthday", year: 2024, photos: &["Cake", "Candles", "Balloons"] };
