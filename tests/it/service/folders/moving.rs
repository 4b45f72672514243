//! Folders and files that are elsewhere now.

use super::*;

#[tokio::test]
async fn a_folder_that_is_pointed_elsewhere_keeps_places() {
    let bed = Bed::new().await;
    let one = make(&bed, "one", &["Films/Alien (1979).mkv", "Films/Heat (1995).mkv"]);
    let two = make(&bed, "two", &["Ran (1985).mkv"]);
    let id = add(&bed, &[&one, &two]).await;
    let before = bed.item(id, "movie:Films/alien%20(1979)").await;
    watch(&bed, &before).await;
    let disk = bed.folder.path().join("new disk");
    fs::create_dir(&disk).unwrap();
    fs::rename(&one, disk.join("moved")).unwrap();
    bed.sync(id).await;
    let folder = folders(&bed, id).await[0].clone();
    let place = NewFolder { shown: Some("/media/moved".to_owned()), ..NewFolder::new(disk.join("moved")) };
    SourceService::move_folder(&bed.ctx, id, folder.id, &place).await.unwrap();
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.removed), (0, 0));
    assert_kept(&bed, id, "movie:Films/alien%20(1979)", &before).await;
    let moved = folders(&bed, id).await[0].clone();
    assert_eq!((moved.id, moved.number, moved.away_since), (folder.id, folder.number, None));
    assert_eq!(
        (moved.place(), titles(&bed, id).await[0].clone()),
        ("/media/moved".to_owned(), "moved".to_owned())
    );
    let stream = BackendService::get_stream_url(&bed.ctx, before.id, None).await.unwrap();
    let gnome_reel::backends::Location::File(file) = stream.location else { panic!("a file") };
    assert!(file.is_file());
}

#[tokio::test]
async fn a_folder_is_not_pointed_to_other_films() {
    let bed = Bed::new().await;
    let (one, two) = (make(&bed, "one", &["Alien (1979).mkv"]), make(&bed, "two", &["Heat (1995).mkv"]));
    let id = add(&bed, &[&one]).await;
    let folder = folders(&bed, id).await[0].id;
    let error = SourceService::move_folder(&bed.ctx, id, folder, &NewFolder::new(&two)).await.unwrap_err();
    assert!(matches!(error, ServiceError::Folder(FolderProblem::OtherFiles)), "{error:?}");
    let error = SourceService::move_folder(&bed.ctx, id, folder, &NewFolder::new(two.join("gone"))).await;
    assert!(matches!(error.unwrap_err(), ServiceError::Folder(FolderProblem::Missing)));
    assert_eq!(folders(&bed, id).await[0].path, one);
}

#[tokio::test]
async fn a_film_whose_folder_is_renamed_keeps_its_place() {
    let bed = Bed::new().await;
    let one = make(&bed, "one", &["Aline (1979)/film.mkv", "Heat (1995)/heat.mkv"]);
    let id = add(&bed, &[&one]).await;
    let before = bed.item(id, "movie:Aline%20(1979)/").await;
    watch(&bed, &before).await;
    fs::rename(one.join("Aline (1979)"), one.join("Alien (1979)")).unwrap();
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.removed), (0, 0));
    assert_kept(&bed, id, "movie:Alien%20(1979)/", &before).await;
    assert_eq!(bed.item(id, "movie:Alien%20(1979)/").await.record.title, "Alien");
}

#[tokio::test]
async fn a_series_whose_folder_is_renamed_keeps_places_and_favourites() {
    let bed = Bed::new().await;
    let one = make(&bed, "one", &["Dakr/Season 1/S01E01.mkv", "Dakr/Season 1/S01E02.mkv"]);
    let id = add(&bed, &[&one]).await;
    let (series, episode) =
        (bed.item(id, "series:Dakr/").await, bed.item(id, "episode:Dakr/Season%201/s01e02").await);
    watch(&bed, &episode).await;
    PlaybackService::set_favourite(&bed.ctx, series.id, true).await.unwrap();
    fs::rename(one.join("Dakr"), one.join("Dark")).unwrap();
    bed.sync(id).await;
    assert_kept(&bed, id, "episode:Dark/Season%201/s01e02", &episode).await;
    let now = bed.item(id, "series:Dark/").await;
    assert_eq!((now.id, now.record.watch.favourite), (series.id, Some(true)));
    assert_eq!(bed.item(id, "episode:Dark/Season%201/s01e02").await.series_id, Some(series.id));
    assert_eq!(bed.items(id).await.len(), 4);
}

#[tokio::test]
async fn a_file_that_moves_to_another_folder_of_the_source_keeps_its_place() {
    let bed = Bed::new().await;
    let one = make(&bed, "one", &["Alien (1979).mkv", "Heat (1995).mkv"]);
    let two = make(&bed, "two", &["Ran (1985).mkv"]);
    let id = add(&bed, &[&one, &two]).await;
    let before = bed.item(id, "movie:alien%20(1979)").await;
    watch(&bed, &before).await;
    fs::rename(one.join("Alien (1979).mkv"), two.join("Alien (1979).mkv")).unwrap();
    bed.sync(id).await;
    let number = folders(&bed, id).await[1].number.0;
    assert_kept(&bed, id, &format!("{number}@movie:alien%20(1979)"), &before).await;
    assert_eq!(bed.items(id).await.len(), 3);
}

#[tokio::test]
async fn everything_is_written_anew_on_demand() {
    let bed = Bed::new().await;
    let one = make(&bed, "one", &["Alien (1979).mkv"]);
    let id = add(&bed, &[&one]).await;
    let before = bed.item(id, "movie:alien%20(1979)").await;
    watch(&bed, &before).await;
    // What was changed here is written once more.
    bed.sync(id).await;
    assert_eq!(bed.sync(id).await.updated, 0);
    let full = SyncOptions { full: true, ..SyncOptions::default() };
    assert_eq!(BackendService::sync_source(&bed.ctx, id, full).await.unwrap().updated, 1);
    assert_kept(&bed, id, "movie:alien%20(1979)", &before).await;
}
