//! A folder of sample films and one series, as somebody keeps it on a disk.
//!
//! Films lie in `Title (Year)/`, the series in `Series/`. The pictures are PNG. Files are copies of the samples,
//! no links: each film is a file of its own, as programs that look at inodes expect. A second run leaves what is
//! there as it is.

mod nfo;
mod titles;

use crate::images;
use crate::media::{Container, Language, SampleVideos, subtitles_srt};
use std::path::{Path, PathBuf};
use std::{fs, io};
use titles::{Beside, EPISODES, FILMS, FolderFilm, SERIES_TITLE};

/// Seed of the first picture; each title takes the next.
const FIRST_SEED: u64 = 501;

/// Fills a folder, which is made when it is not there.
///
/// # Errors
/// When the sample videos cannot be made or the folder cannot be written.
pub async fn write(folder: &Path) -> io::Result<()> {
    let samples = SampleVideos::prepare().await?;
    let folder = folder.to_owned();
    let written = tokio::task::spawn_blocking(move || {
        for (seed, film) in (FIRST_SEED..).zip(&FILMS) {
            write_film(&folder, &samples, film, seed)?;
        }
        write_series(&folder.join("Series").join(SERIES_TITLE), &samples, FIRST_SEED + FILMS.len() as u64)
    });
    written.await.map_err(io::Error::other)?
}

fn write_film(folder: &Path, samples: &SampleVideos, film: &FolderFilm, seed: u64) -> io::Result<()> {
    let name = format!("{} ({})", film.title, film.year);
    let folder = folder.join(&name);
    fs::create_dir_all(&folder)?;
    if film.beside != Beside::Nothing {
        pictures(&folder, film.title, seed)?;
    }
    if matches!(film.beside, Beside::Everything | Beside::Subtitles) {
        put(&folder.join(format!("{name}.nfo")), || nfo::film(film).into_bytes())?;
    }
    if film.beside == Beside::Subtitles {
        let text = || subtitles_srt(film.container, Language::English).into_bytes();
        put(&folder.join(format!("{name}.en.srt")), text)?;
    }
    if film.beside == Beside::Everything {
        let trailers = folder.join("Trailers");
        fs::create_dir_all(&trailers)?;
        video(&trailers, "Trailer", samples, Container::Mp4)?;
    }
    video(&folder, &name, samples, film.container)
}

fn write_series(folder: &Path, samples: &SampleVideos, seed: u64) -> io::Result<()> {
    let season = folder.join("Season 01");
    fs::create_dir_all(&season)?;
    pictures(folder, SERIES_TITLE, seed)?;
    put(&folder.join("tvshow.nfo"), || nfo::series().into_bytes())?;
    for (number, (title, summary, described)) in (1..).zip(EPISODES) {
        let name = format!("{SERIES_TITLE} - S01E{number:02}");
        let still = || images::still(title, seed + number as u64, 640, 360);
        put(&season.join(format!("{name}-thumb.png")), still)?;
        if described {
            let text = || nfo::episode(number, title, summary).into_bytes();
            put(&season.join(format!("{name}.nfo")), text)?;
        }
        video(&season, &name, samples, Container::Matroska)?;
    }
    Ok(())
}

fn pictures(folder: &Path, title: &str, seed: u64) -> io::Result<()> {
    put(&folder.join("poster.png"), || images::poster(title, seed, 600, 900))?;
    put(&folder.join("fanart.png"), || images::backdrop(title, seed, 1280, 720))
}

fn video(folder: &Path, name: &str, samples: &SampleVideos, container: Container) -> io::Result<()> {
    let path = folder.join(format!("{name}.{}", container.extension()));
    let sample = samples.get(container);
    if fs::metadata(&path).is_ok_and(|there| there.len() == sample.size) {
        return Ok(());
    }
    let part = unfinished(&path);
    fs::copy(&sample.path, &part)?;
    fs::rename(part, path)
}

/// Writes a file unless it is there.
fn put(path: &Path, content: impl FnOnce() -> Vec<u8>) -> io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let part = unfinished(path);
    fs::write(&part, content())?;
    fs::rename(part, path)
}

/// Where a file is written before it gets its name: hidden, with an ending that is no video's.
fn unfinished(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.part"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::catalogue::demo::{jellyfin_demo, plex_demo};

    #[test]
    fn the_first_film_is_on_both_servers_too() {
        let film = &FILMS[0];
        for catalogue in [jellyfin_demo(), plex_demo()] {
            let there = catalogue.all().find(|item| item.title == film.title).unwrap();
            let ids = there.imdb.as_deref().zip(there.tmdb);
            assert_eq!((there.year, ids), (Some(film.year), film.ids));
        }
    }

    #[tokio::test]
    async fn the_folder_is_complete_and_a_second_run_changes_nothing() {
        let folder = std::env::temp_dir().join(format!("reel-folder-{}", uuid::Uuid::new_v4()));
        write(&folder).await.unwrap();
        let poster = folder.join("Winter Orchard (2017)/poster.png");
        let first = fs::metadata(&poster).unwrap().modified().unwrap();
        write(&folder).await.unwrap();
        assert_eq!(fs::metadata(&poster).unwrap().modified().unwrap(), first);
        for path in [
            "Winter Orchard (2017)/Winter Orchard (2017).mkv",
            "Winter Orchard (2017)/Trailers/Trailer.mp4",
            "The Tide Table (2020)/The Tide Table (2020).en.srt",
            "Old Film Found in a Drawer (1964)/Old Film Found in a Drawer (1964).mkv",
            "Series/The Ferry Bureau/tvshow.nfo",
            "Series/The Ferry Bureau/Season 01/The Ferry Bureau - S01E03.mkv",
        ] {
            assert!(folder.join(path).is_file(), "{path}");
        }
        assert!(!folder.join("Old Film Found in a Drawer (1964)/poster.png").exists());
        fs::remove_dir_all(folder).unwrap();
    }
}
