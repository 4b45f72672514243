//! Folders that are away, and come back.

use super::*;

#[tokio::test]
async fn one_folder_that_is_away_keeps_its_items_and_the_other_goes_on() {
    let bed = Bed::new().await;
    let (one, two) = (make(&bed, "one", &["Alien (1979).mkv"]), make(&bed, "two", &["Heat (1995).mkv"]));
    let id = add(&bed, &[&one, &two]).await;
    let away = bed.folder.path().join("away");
    fs::rename(&one, &away).unwrap();
    write(&two.join("Ran (1985).mkv"), "ran");
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.removed), (1, 0));
    assert_eq!(names(&bed, id).await.len(), 3);
    let source = bed.ctx.db.sources().get(id).await.unwrap();
    let since: Vec<bool> = source.folders.iter().map(|folder| folder.away_since.is_some()).collect();
    assert_eq!((since, source.is_online), (vec![true, false], true));
    let item = bed.item(id, "movie:alien%20(1979)").await;
    let error = BackendService::get_stream_url(&bed.ctx, item.id, None).await.unwrap_err();
    assert_eq!(error.kind(), gnome_reel::net::ErrorKind::Offline);
    assert!(bed.ctx.db.sources().get(id).await.unwrap().is_online, "the other one is there");

    let mut events = bed.ctx.events.subscribe();
    assert!(FolderService::look(&bed.ctx, &source).await.unwrap());
    assert!(!drain(&mut events).contains(&Event::FolderBack(id)));
    fs::rename(&away, &one).unwrap();
    FolderService::look(&bed.ctx, &source).await.unwrap();
    assert!(drain(&mut events).contains(&Event::FolderBack(id)), "it is to be read");
    assert_eq!(folders(&bed, id).await[0].away_since, None);
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.removed), (0, 0));
}

#[tokio::test]
async fn the_time_since_when_a_folder_is_away_stays() {
    let bed = Bed::new().await;
    let one = make(&bed, "one", &["Alien (1979).mkv"]);
    let id = add(&bed, &[&one]).await;
    fs::rename(&one, bed.folder.path().join("away")).unwrap();
    let mut events = bed.ctx.events.subscribe();
    for _ in 0..2 {
        let source = bed.ctx.db.sources().get(id).await.unwrap();
        assert!(!FolderService::look(&bed.ctx, &source).await.unwrap());
        assert!(!bed.ctx.db.sources().get(id).await.unwrap().is_online);
    }
    let since = folders(&bed, id).await[0].away_since.unwrap();
    bed.try_sync(id).await.unwrap_err();
    assert_eq!(folders(&bed, id).await[0].away_since, Some(since));
    let told = drain(&mut events);
    assert_eq!(told.iter().filter(|event| **event == Event::SourceChanged(id)).count(), 1, "{told:?}");
}

#[tokio::test]
async fn an_empty_mount_point_deletes_nothing() {
    let bed = Bed::new().await;
    let (one, two) = (make(&bed, "one", &["Alien (1979).mkv"]), make(&bed, "two", &["Heat (1995).mkv"]));
    let id = add(&bed, &[&one, &two]).await;
    fs::rename(&one, bed.folder.path().join("unplugged")).unwrap();
    fs::create_dir(&one).unwrap();
    write(&one.join("This disk is not mounted.txt"), "");
    for _ in 0..2 {
        assert_eq!(bed.sync(id).await.removed, 0);
    }
    assert_eq!((names(&bed, id).await.len(), titles(&bed, id).await.len()), (2, 2));
    let source = bed.ctx.db.sources().get(id).await.unwrap();
    assert!(source.folders[0].away_since.is_some());
    // Looking again does not take it for one that is back.
    let mut events = bed.ctx.events.subscribe();
    FolderService::look(&bed.ctx, &source).await.unwrap();
    assert!(!drain(&mut events).contains(&Event::FolderBack(id)));
    fs::remove_dir_all(&one).unwrap();
    fs::rename(bed.folder.path().join("unplugged"), &one).unwrap();
    FolderService::look(&bed.ctx, &source).await.unwrap();
    assert!(drain(&mut events).contains(&Event::FolderBack(id)));
}

#[tokio::test]
async fn another_disk_at_the_same_place_deletes_nothing() {
    let bed = Bed::new().await;
    let one = make(&bed, "one", &["Alien (1979).mkv", "Aliens (1986).mkv", "Dark/Season 1/S01E01.mkv"]);
    let id = add(&bed, &[&one]).await;
    let before = names(&bed, id).await;
    let first_disk = bed.folder.path().join("first disk");
    fs::rename(&one, &first_disk).unwrap();
    write(&one.join("Heat (1995).mkv"), "another disk");
    for _ in 0..2 {
        assert_eq!(bed.sync(id).await.removed, 0);
    }
    assert_eq!(names(&bed, id).await.len(), before.len() + 1, "what is there is shown");
    fs::remove_dir_all(&one).unwrap();
    fs::rename(&first_disk, &one).unwrap();
    assert_eq!(bed.sync(id).await.removed, 1);
    assert_eq!(names(&bed, id).await, before);
    // What is missing from the folder that it was is gone.
    fs::remove_file(one.join("Alien (1979).mkv")).unwrap();
    fs::remove_dir_all(one.join("Dark")).unwrap();
    bed.sync(id).await;
    assert_eq!(names(&bed, id).await, ["movie:aliens%20(1986)"]);
}

#[tokio::test]
async fn a_source_is_away_when_all_of_its_folders_are() {
    let bed = Bed::new().await;
    let (one, two) = (make(&bed, "one", &["Alien (1979).mkv"]), make(&bed, "two", &["Heat (1995).mkv"]));
    let id = add(&bed, &[&one, &two]).await;
    for folder in [&one, &two] {
        fs::rename(folder, folder.with_extension("away")).unwrap();
    }
    let error = bed.try_sync(id).await.unwrap_err();
    assert!(matches!(error, ServiceError::Offline(_)), "{error:?}");
    let source = bed.ctx.db.sources().get(id).await.unwrap();
    assert!(!source.is_online && source.folders.iter().all(|folder| folder.away_since.is_some()));
    assert_eq!(names(&bed, id).await.len(), 2);
}
