//! Folders that are away, or of which a part cannot be read.

use super::*;

#[tokio::test]
async fn a_folder_that_is_not_there_is_an_error_and_never_empty() {
    let fixture = Fixture::new(&["Alien (1979).mkv", "file"]);
    let backend = fixture.backend();
    backend.libraries().await.unwrap();
    let id = RemoteId::new("movie:alien%20(1979)");
    let file = fixture.folder.path().join("file");
    let not_a_folder = fixture.backend_over(vec![FolderSpec::new(file, None)]);
    assert_eq!(not_a_folder.test_connection().await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(not_a_folder.libraries().await.unwrap_err().kind(), ErrorKind::NotFound);

    fs::remove_dir_all(fixture.folder.path()).unwrap();
    // Read before: the folder went away between two pages.
    let library = library(LibraryKind::Movies);
    let page = backend.items(&library, ItemKind::Movie, PageRequest { start: 0, limit: 10 }).await;
    assert_eq!(page.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(backend.details(&id).await.unwrap_err().kind(), ErrorKind::Offline);
    let backend = fixture.backend();
    assert_eq!(backend.test_connection().await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(backend.libraries().await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(backend.stream(&id, &StreamAsk::original(None)).await.unwrap_err().kind(), ErrorKind::Offline);
    assert_eq!(guess_kind(fixture.folder.path()), LibraryKind::Mixed);
}

#[tokio::test]
async fn a_file_that_goes_between_pages_hides_the_total() {
    let fixture = Fixture::new(&["Alien (1979).mkv", "Aliens (1986).mkv"]);
    let backend = fixture.backend();
    backend.libraries().await.unwrap();
    fs::remove_file(fixture.folder.path().join("Alien (1979).mkv")).unwrap();
    let library = library(LibraryKind::Movies);
    let page = backend.items(&library, ItemKind::Movie, PageRequest { start: 0, limit: 10 }).await.unwrap();
    assert_eq!((titles(&page.items), page.skipped, page.total), (vec!["Aliens"], 1, None));
}

#[tokio::test]
async fn a_folder_that_lost_every_video_is_away() {
    let fixture = Fixture::new(&["Alien (1979).mkv"]);
    fixture.backend().libraries().await.unwrap();
    fs::remove_file(fixture.folder.path().join("Alien (1979).mkv")).unwrap();
    fixture.write("not mounted.txt", b"");
    let known = vec![LibraryKind::Movies];
    let spec = FolderSpec { known, ..FolderSpec::new(fixture.folder.path(), None) };
    let error = fixture.backend_over(vec![spec.clone()]).libraries().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    // One that never had any is only empty.
    assert_eq!(fixture.backend().libraries().await.unwrap(), []);
}

#[tokio::test]
async fn a_look_at_a_deserted_folder_says_so_until_it_changes() {
    let fixture = Fixture::new(&[]);
    let folder = fixture.folder.path();
    let spec = FolderSpec { known: vec![LibraryKind::Movies], ..FolderSpec::new(folder, None) };
    let looks = FolderLooks::default();
    let backend = || {
        LocalBackend::from_auth(&AuthProvider::Local, vec![spec.clone()], fixture.cache.path(), &looks)
            .unwrap()
    };
    assert!(looks.look(folder).await.is_there());
    backend().libraries().await.unwrap_err();
    assert!(!looks.look(folder).await.is_there());
    fixture.write("Alien (1979).mkv", b"x");
    assert_eq!(backend().libraries().await.unwrap().len(), 1);
    assert!(looks.look(folder).await.is_there());
}

#[tokio::test]
async fn an_empty_folder_has_no_libraries() {
    let fixture = Fixture::new(&["notes.txt"]);
    assert_eq!(fixture.backend().libraries().await.unwrap(), []);
    assert_eq!(fixture.backend_of(Some(LibraryKind::Movies)).libraries().await.unwrap(), []);
}

#[tokio::test]
async fn what_could_not_be_read_is_counted_and_hides_the_total() {
    let fixture = Fixture::new(&["Alien (1979).mkv", "Aliens (1986).mkv", "TV/Dark/S01E01.mkv"]);
    fixture.backend().libraries().await.unwrap();
    fs::remove_dir_all(fixture.folder.path().join("TV")).unwrap();
    // Root reads everything: the unreadable folder is put in by hand.
    let known = vec![LibraryKind::Movies, LibraryKind::Shows];
    let spec = FolderSpec { known, ..FolderSpec::new(fixture.folder.path(), None) };
    let mut backend = fixture.backend_over(vec![spec.clone()]);
    let mut contents = Contents::read(&spec, Path::new("/nonexistent")).unwrap();
    contents.tree.unreadable = 1;
    backend.folders[0].contents = OnceCell::new_with(Some(Arc::new(contents)));
    let kinds: Vec<_> = backend.libraries().await.unwrap().into_iter().map(|library| library.kind).collect();
    assert_eq!(kinds, [LibraryKind::Movies, LibraryKind::Shows], "what is not seen is not gone");
    let library = library(LibraryKind::Movies);
    let page = backend.items(&library, ItemKind::Movie, PageRequest { start: 0, limit: 2 }).await.unwrap();
    assert_eq!((page.items.len(), page.skipped, page.total), (1, 1, None));
    let page = backend.items(&library, ItemKind::Movie, PageRequest { start: 2, limit: 2 }).await.unwrap();
    assert_eq!((page.items.len(), page.skipped, page.total), (1, 0, None));
}
