//! How a user rates a title.

use serde::{Deserialize, Serialize};

/// A user's own rating in half stars, from 1 (half a star) to 10 (five stars). Nothing stands for "not rated".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct UserRating(u8);

impl UserRating {
    /// The best: five stars.
    pub const BEST: Self = Self(10);

    /// A rating of this many half stars; `None` for what is none.
    pub fn from_half_stars(half_stars: u8) -> Option<Self> {
        (1..=Self::BEST.0).contains(&half_stars).then_some(Self(half_stars))
    }

    /// The rating for a number from 0 to 10 as servers have it, to the nearest half star; `None` for 0, for what is
    /// negative and for what is no number.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 10, whatever the server says"
    )]
    pub fn from_number(number: f64) -> Option<Self> {
        Self::from_half_stars(number.round().clamp(0.0, f64::from(Self::BEST.0)) as u8)
    }

    /// How many half stars.
    pub const fn half_stars(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for UserRating {
    type Error = &'static str;

    fn try_from(half_stars: u8) -> Result<Self, Self::Error> {
        Self::from_half_stars(half_stars).ok_or("a rating is from 1 to 10")
    }
}

impl From<UserRating> for u8 {
    fn from(rating: UserRating) -> Self {
        rating.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_servers_become_half_stars() {
        let table = [
            (8.0, Some(8)),
            (7.5, Some(8)),
            (0.6, Some(1)),
            (10.0, Some(10)),
            (12.0, Some(10)),
            (0.0, None),
            (0.4, None),
            (-1.0, None),
            (f64::NAN, None),
        ];
        for (number, expected) in table {
            assert_eq!(UserRating::from_number(number).map(UserRating::half_stars), expected, "{number}");
        }
        assert_eq!(UserRating::from_half_stars(0), None);
        assert_eq!(UserRating::from_half_stars(11), None);
    }
}
