//! Choices are kept with what they were made for.

use super::*;
use crate::models::{PlayChoices, SubtitleChoice, TrackChoice};

#[tokio::test]
async fn choices_stay_with_their_film_and_go_with_it() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    fixture.list(place, &[film("1", "Lantern"), film("2", "Harbour")]).await;
    let (lantern, harbour) = (fixture.id(place, "1").await, fixture.id(place, "2").await);
    let choices = fixture.db.play_choices();
    assert_eq!(choices.get(lantern).await.unwrap(), PlayChoices::default());
    let german = TrackChoice { language: Some("German".to_owned()), title: None, forced: false };
    let mut chosen =
        PlayChoices { rate: Some(1.25), audio: Some(german.clone()), subtitle: Some(SubtitleChoice::Off) };
    choices.put(lantern, &chosen).await.unwrap();
    assert_eq!(choices.get(lantern).await.unwrap(), chosen);
    chosen.subtitle = Some(SubtitleChoice::Track(german));
    choices.put(lantern, &chosen).await.unwrap();
    assert_eq!(choices.get(lantern).await.unwrap(), chosen);
    assert_eq!(choices.get(harbour).await.unwrap(), PlayChoices::default());
    fixture.db.sources().remove(place.source).await.unwrap();
    assert_eq!(choices.get(lantern).await.unwrap(), PlayChoices::default());
}
