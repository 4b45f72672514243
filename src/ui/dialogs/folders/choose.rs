//! Choosing folders with the desktop's own dialog, and where they are for the user.
//!
//! Inside of a sandbox the desktop hands a folder through a portal, under a path that says nothing to anybody; the
//! real one is asked for, to be shown.

use std::collections::HashMap;
use std::path::Path;

use gettextrs::gettext;
use gtk::gio::prelude::*;
use gtk::{gio, glib};

use crate::models::{NewFolder, is_portal};

/// The attribute by which the portal's file system tells the real path.
const HOST_PATH: &str = "xattr::document-portal.host-path";
const DOCUMENTS: &str = "org.freedesktop.portal.Documents";
const DOCUMENTS_PATH: &str = "/org/freedesktop/portal/documents";
/// How long the portal may take to answer, in milliseconds.
const PATIENCE_MS: i32 = 2000;

/// Lets the user choose folders; none when the choice was left.
pub(in crate::ui) async fn choose_folders(parent: Option<&gtk::Window>) -> Vec<NewFolder> {
    let dialog = gtk::FileDialog::builder().title(gettext("Choose Folders")).modal(true).build();
    let files = match dialog.select_multiple_folders_future(parent).await {
        Ok(files) => files,
        Err(error) => {
            note(&error);
            return Vec::new();
        }
    };
    let mut folders = Vec::new();
    for file in files.iter::<gio::File>().filter_map(Result::ok) {
        folders.extend(folder(&file).await);
    }
    folders
}

/// Lets the user choose one folder.
pub(in crate::ui) async fn choose_folder(parent: Option<&gtk::Window>) -> Option<NewFolder> {
    let dialog = gtk::FileDialog::builder().title(gettext("Choose a Folder")).modal(true).build();
    match dialog.select_folder_future(parent).await {
        Ok(file) => folder(&file).await,
        Err(error) => {
            note(&error);
            None
        }
    }
}

fn note(error: &glib::Error) {
    let is_left = error.matches(gtk::DialogError::Dismissed) || error.matches(gio::IOErrorEnum::Cancelled);
    if !is_left {
        tracing::warn!(%error, "no folder could be chosen");
    }
}

async fn folder(file: &gio::File) -> Option<NewFolder> {
    let path = file.path()?;
    let shown = if is_portal(&path) { host_path(file, &path).await } else { None };
    Some(NewFolder { path, shown, kind: None })
}

/// The real path of what a portal hands through, where it tells.
async fn host_path(file: &gio::File, path: &Path) -> Option<String> {
    let asked =
        file.query_info_future(HOST_PATH, gio::FileQueryInfoFlags::NONE, glib::Priority::DEFAULT).await;
    if let Some(told) = asked.ok().and_then(|info| info.attribute_as_string(HOST_PATH)) {
        return Some(told.to_string());
    }
    // Older portals are asked by the document's id, which follows `doc` in the path.
    let mut parts = path.iter();
    parts.find(|part| *part == "doc")?;
    let id = parts.next()?.to_str()?;
    let bus = gio::bus_get_future(gio::BusType::Session).await.ok()?;
    let answer = bus.call_future(
        Some(DOCUMENTS),
        DOCUMENTS_PATH,
        DOCUMENTS,
        "GetHostPaths",
        Some(&(vec![id],).to_variant()),
        None,
        gio::DBusCallFlags::NO_AUTO_START,
        PATIENCE_MS,
    );
    host_path_in(&answer.await.ok()?, id)
}

/// The path in an answer of the portal.
fn host_path_in(answer: &glib::Variant, id: &str) -> Option<String> {
    let (mut paths,) = answer.get::<(HashMap<String, Vec<u8>>,)>()?;
    let mut bytes = paths.remove(id)?;
    while bytes.last() == Some(&0) {
        bytes.pop();
    }
    Some(String::from_utf8_lossy(&bytes).into_owned()).filter(|path| !path.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portal_tells_paths_as_bytes_with_an_end() {
        let paths = HashMap::from([("af01".to_owned(), b"/home/ana/Films\0".to_vec())]);
        let answer = (paths,).to_variant();
        assert_eq!(answer.type_().as_str(), "(a{say})");
        assert_eq!(host_path_in(&answer, "af01").as_deref(), Some("/home/ana/Films"));
        assert_eq!(host_path_in(&answer, "other"), None);
    }
}
