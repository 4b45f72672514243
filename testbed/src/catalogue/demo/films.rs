//! The invented films of the demo.

/// An invented film.
pub(super) struct Film {
    pub(super) title: &'static str,
    pub(super) year: u32,
    pub(super) minutes: u64,
    pub(super) rating: f32,
    pub(super) age: &'static str,
    pub(super) genres: &'static [&'static str],
    pub(super) tagline: &'static str,
    pub(super) summary: &'static str,
    pub(super) director: &'static str,
    pub(super) cast: [(&'static str, &'static str); 3],
}

/// Both servers have the films from here …
pub(super) const FIRST_SHARED: usize = 10;
/// … to before here.
pub(super) const AFTER_SHARED: usize = 14;

macro_rules! films {
    ($($title:literal $year:literal $minutes:literal $rating:literal $age:literal [$($genre:literal)+]
       $tagline:literal $summary:literal $director:literal [$($name:literal: $role:literal)+])+) => {
        &[$(Film {
            title: $title, year: $year, minutes: $minutes, rating: $rating, age: $age, genres: &[$($genre),+],
            tagline: $tagline, summary: $summary, director: $director, cast: [$(($name, $role)),+],
        }),+]
    };
}

/// All films: first those of Jellyfin alone, then the shared ones, then those of Plex alone.
pub(super) const FILMS: &[Film] = films! {
    "The Lantern Keeper" 2019 114 7.8 "PG-13" ["Drama" "Mystery"]
    "One light. One long winter."
    "On an island that the ferry reaches twice a year, a keeper finds that her lamp has been answered for months by a light that is on no chart."
    "Jo Ruiz" ["Ada Mir": "Keeper" "Tomas Wehr": "The pilot" "Linh Dao": "Maren"]
    "Salt and Copper" 2021 102 7.1 "PG" ["Drama" "Romance"]
    "What the sea takes it also keeps."
    "Two rival salvagers are stranded on the wreck that both have claimed, with one working radio and three days of air."
    "Ines Halvorsen" ["Bruno Achterberg": "Rasmus" "Nadia Okoye": "Ellen" "Piet Voss": "The owner"]
    "Night Train to Orsova" 2016 97 7.4 "PG-13" ["Thriller" "Mystery"]
    "Every stop is a choice."
    "A translator boards the last sleeper of the season and recognises, in the next compartment, a man whose obituary she wrote."
    "Mihai Stanescu" ["Clara Benedek": "Irina" "Tomas Wehr": "The conductor" "Samir Haddad": "Passenger in seven"]
    "Paper Mountains" 2023 91 8.2 "G" ["Animation" "Family" "Adventure"]
    "Fold a way home."
    "When the wind carries off her grandfather's map, a girl of folded paper sets out through a country that changes at each crease."
    "Yuki Amano" ["Mei Tachibana": "Ori" "Ada Mir": "The crane" "Gus Lindqvist": "The north wind"]
    "The Cartographer's Daughter" 2014 126 7.6 "PG-13" ["Drama" "History" "Adventure"]
    "Some coasts should stay blank."
    "In 1788 a young woman finishes her father's last chart, and finds that the admiralty wants the island on it forgotten."
    "Eleanor Finch" ["Nadia Okoye": "Judith" "Edmund Carrow": "The commodore" "Piet Voss": "Brandt"]
    "Low Orbit" 2022 108 6.9 "PG-13" ["Science Fiction" "Comedy"]
    "Parking is extra."
    "The crew of a rubbish hauler inherits a space station, its debts, and its one remaining guest."
    "Dana Kessler" ["Gus Lindqvist": "Captain Bo" "Linh Dao": "Tick" "Samir Haddad": "The guest"]
    "Nine Quiet Rooms" 2018 99 7.3 "R" ["Horror" "Mystery"]
    "Do not count them twice."
    "A family of restorers spends a summer in a house with nine rooms on the plan and ten doors in the hall."
    "Viktor Lund" ["Clara Benedek": "Hanne" "Bruno Achterberg": "Erik" "Mei Tachibana": "Sol"]
    "A Field Guide to Rain" 2020 94 7.9 "PG" ["Romance" "Comedy"]
    "Sixty-three kinds. One umbrella."
    "A failed weather presenter and a botanist who forecasts with moss are made to share the wettest research station in Europe."
    "Ines Halvorsen" ["Nadia Okoye": "Bea" "Tomas Wehr": "Anselm" "Gus Lindqvist": "The mayor"]
    "Harbour Lights" 2009 118 7.0 "R" ["Crime" "Drama"]
    "Everyone owes the tide."
    "A customs officer with two weeks to retirement is handed a container that nobody wants opened."
    "Edmund Carrow" ["Piet Voss": "Inspector Maas" "Clara Benedek": "Lotte" "Samir Haddad": "Idris"]
    "The Clockmaker's Apprentice" 1998 104 7.7 "PG" ["Fantasy" "Family"]
    "Be home before the hour ends."
    "An apprentice repairs a watch that runs an hour slow and finds the town that lives in that hour."
    "Eleanor Finch" ["Mei Tachibana": "Pim" "Edmund Carrow": "Master Quill" "Ada Mir": "The hour"]
    "Signal from Vega" 2024 131 8.1 "PG-13" ["Science Fiction" "Drama"]
    "It knew our name."
    "A retired radio astronomer hears her own voice in a recording that is twenty-five light years old."
    "Jo Ruiz" ["Linh Dao": "Dr. Vega Strand" "Edmund Carrow": "The director" "Bruno Achterberg": "Kai"]
    "Winter Orchard" 2017 109 7.5 "PG-13" ["Drama"]
    "What sleeps is not dead."
    "Three siblings return to the orchard that their mother left to a stranger, for one last harvest under snow."
    "Mihai Stanescu" ["Ada Mir": "Vera" "Tomas Wehr": "Lukas" "Clara Benedek": "Anna"]
    "The Last Projectionist" 2015 96 8.0 "PG" ["Comedy" "Drama"]
    "The show must be rewound."
    "The night before a village cinema closes, its projectionist plays the reel that he has hidden for forty years."
    "Yuki Amano" ["Gus Lindqvist": "Otto" "Nadia Okoye": "Marguerite" "Piet Voss": "The buyer"]
    "Copper Canyon Run" 2011 101 6.6 "PG-13" ["Action" "Adventure" "Western"]
    "Ride, or be the road."
    "A courier who has never lost a letter has until sundown to cross a canyon where every bridge belongs to somebody else."
    "Dana Kessler" ["Samir Haddad": "Cole" "Linh Dao": "Red" "Bruno Achterberg": "The toll keeper"]
    "Glass Meridian" 2023 112 7.2 "PG-13" ["Thriller" "Science Fiction"]
    "Every window looks both ways."
    "An architect discovers that the tower she designed has been built twice, and that somebody lives in the other one."
    "Viktor Lund" ["Clara Benedek": "Mira" "Edmund Carrow": "Halloran" "Mei Tachibana": "Jun"]
    "The Beekeepers' Strike" 2012 98 7.4 "PG" ["Comedy" "History"]
    "Sweetness is a right."
    "In the summer of 1911 a valley of beekeepers stops work, and a nervous ministry sends its only expert on wasps."
    "Ines Halvorsen" ["Nadia Okoye": "Agathe" "Gus Lindqvist": "The expert" "Ada Mir": "Sister Benedetta"]
    "Deep Water Choir" 2020 106 7.7 "PG" ["Documentary" "Music"]
    "Listen lower."
    "Twelve amateur singers and one oceanographer try to be heard by whales."
    "Linh Dao" ["Linh Dao": "Herself" "Tomas Wehr": "Himself" "Mei Tachibana": "Herself"]
    "Three Keys for Lisbon" 2007 111 7.3 "PG-13" ["Crime" "Comedy"]
    "Two are fakes. Both open."
    "A locksmith, a forger and a fado singer are each left one key to a house that does not stand where the deed says."
    "Edmund Carrow" ["Samir Haddad": "Duarte" "Clara Benedek": "Inês" "Bruno Achterberg": "Mr. Pell"]
    "The Moss Garden" 2021 93 7.8 "PG" ["Drama" "Family"]
    "Slow is a speed."
    "A boy who cannot sit still is sent for a summer to the quietest garden in Kyoto."
    "Yuki Amano" ["Mei Tachibana": "Haru" "Gus Lindqvist": "The visitor" "Linh Dao": "Aunt Sachi"]
    "Ember Season" 2022 119 7.0 "R" ["Action" "Thriller"]
    "The wind has turned."
    "A fire lookout sees a second line of smoke where no road leads, and somebody signalling from inside it."
    "Dana Kessler" ["Bruno Achterberg": "Nash" "Nadia Okoye": "Dispatcher" "Piet Voss": "Ranger Holt"]
    "The Astronomer's Tea House" 2005 100 7.6 "PG" ["Fantasy" "Romance"]
    "Open on clear nights."
    "A tea house appears on a mountain pass whenever the sky is clear, and with it a guest who is always a year younger."
    "Jo Ruiz" ["Ada Mir": "Sen" "Tomas Wehr": "The guest" "Edmund Carrow": "The postman"]
    "Switchback" 2018 95 6.8 "PG-13" ["Action" "Comedy"]
    "Four wheels. No brakes. One wedding."
    "The slowest bus in the Alps has a bride, a stolen trophy and forty hairpins ahead of it."
    "Viktor Lund" ["Gus Lindqvist": "Driver" "Clara Benedek": "Bride" "Samir Haddad": "Best man"]
    "A Second Tuesday" 2024 103 7.9 "PG" ["Romance" "Science Fiction"]
    "Same day. Better shoes."
    "A watch repairer lives one Tuesday twice and decides, the second time, to answer the telephone."
    "Eleanor Finch" ["Nadia Okoye": "June" "Piet Voss": "Walter" "Mei Tachibana": "The caller"]
    "The North Wall" 2013 122 7.5 "PG-13" ["Adventure" "Drama"]
    "The mountain keeps the minutes."
    "The daughter of a vanished climber joins the rope of the man who came back without him."
    "Mihai Stanescu" ["Linh Dao": "Kari" "Bruno Achterberg": "Stefan" "Ada Mir": "The hut warden"]
};
