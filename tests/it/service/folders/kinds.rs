//! What a folder holds, said otherwise later.

use super::*;

#[tokio::test]
async fn places_are_kept_when_videos_become_films_and_back() {
    let bed = Bed::new().await;
    let one = make(&bed, "one", &["Clips/a day out.mp4", "Clips/zoo.mp4", "Clips/at sea.mp4"]);
    let id = add(&bed, &[&one]).await;
    let before = bed.item(id, "video:Clips/zoo.mp4").await;
    watch(&bed, &before).await;
    let folder = folders(&bed, id).await[0].id;
    let films = Some(LibraryKind::Movies);
    SourceService::set_folder_kind(&bed.ctx, id, folder, films).await.unwrap();
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.removed), (0, 0));
    assert_eq!(titles(&bed, id).await, ["Films"]);
    assert_kept(&bed, id, "movie:Clips/zoo", &before).await;
    let item = bed.item(id, "movie:Clips/zoo").await;
    assert_eq!(item.record.kind, gnome_reel::models::ItemKind::Movie);

    SourceService::set_folder_kind(&bed.ctx, id, folder, Some(LibraryKind::Shows)).await.unwrap();
    bed.sync(id).await;
    assert_eq!(titles(&bed, id).await, ["Series"]);
    let episode = bed.items(id).await.into_iter().find(|item| item.id == before.id).unwrap();
    assert_eq!(episode.record.kind, gnome_reel::models::ItemKind::Episode);
    assert_eq!(episode.record.watch.position, PLACE);

    let mut events = bed.ctx.events.subscribe();
    SourceService::set_folder_kind(&bed.ctx, id, folder, None).await.unwrap();
    assert!(drain(&mut events).contains(&Event::FolderBack(id)), "it is to be read");
    bed.sync(id).await;
    assert_kept(&bed, id, "video:Clips/zoo.mp4", &before).await;
}

#[tokio::test]
async fn the_kind_of_one_folder_is_not_that_of_the_others() {
    let bed = Bed::new().await;
    let (one, two) = (make(&bed, "one", &["zoo.mp4", "sea.mp4"]), make(&bed, "two", &["zoo.mp4", "sea.mp4"]));
    let id = add(&bed, &[&one, &two]).await;
    let second = folders(&bed, id).await[1].clone();
    SourceService::set_folder_kind(&bed.ctx, id, second.id, Some(LibraryKind::Movies)).await.unwrap();
    bed.sync(id).await;
    let libraries = bed.ctx.db.libraries().list(Some(id)).await.unwrap();
    let kinds: Vec<_> = libraries.iter().map(|library| (library.title.as_str(), library.kind)).collect();
    assert_eq!(kinds, [("one", LibraryKind::HomeVideos), ("two", LibraryKind::Movies)]);
    assert_eq!(FolderService::guess(&bed.ctx, &one).await.unwrap(), LibraryKind::HomeVideos);
}
