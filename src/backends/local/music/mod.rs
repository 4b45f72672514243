//! Music and photos of a folder: which file is what, and what its item looks like.
//!
//! As with films, what an item is called depends on its own folder and the names of the folders above: an album is a
//! folder with audio files, with those of its discs; its artist is the folder that it lies in. What is written in the
//! files (tags, Exif) says more of an item, and never which item it is.

mod albums;
mod photos;
mod records;

pub use albums::{Album, Artist, Music, Track, album_folder};
pub use photos::{Photo, PhotoFolder, Photos};
pub(super) use records::whole;

use super::naming::{extras, is_audio, is_image, is_video, stem};
use super::tree::{Folder, Tree};
use crate::models::LibraryKind;

/// So many times more files of one sort than videos make a folder one of that sort: film folders have music and
/// pictures beside the films.
const MANY_MORE: usize = 4;

/// What a tree is full of, when that is not videos.
pub fn guess(tree: &Tree) -> Option<LibraryKind> {
    let count = |is: fn(&Folder, &std::ffi::OsStr) -> bool| {
        let files =
            tree.folders.values().flat_map(|folder| folder.files.iter().map(move |file| (folder, file)));
        files.filter(|(folder, file)| is(folder, file.as_os_str())).count()
    };
    let videos = count(|_, file| is_video(file) && !stem(file).is_some_and(extras::is_extra));
    let (audio, images) = (count(|_, file| is_audio(file)), count(is_own_picture));
    if audio > 0 && audio > videos * MANY_MORE {
        return Some(LibraryKind::Music);
    }
    (images > 0 && images > videos * MANY_MORE && images > audio).then_some(LibraryKind::Photos)
}

/// Whether a picture stands for itself, and is not one of something beside it.
fn is_own_picture(folder: &Folder, file: &std::ffi::OsStr) -> bool {
    is_image(file) && !photos::is_artwork(folder, file)
}
