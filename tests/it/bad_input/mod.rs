//! Bad input gets a clear sentence and changes nothing.

mod addresses;
mod database;
mod datagrams;
mod folders;
mod identity;

use gnome_reel::services::ServiceError;
use gnome_reel::ui::error_text;

use crate::support::Bed;

/// The sentence for an error: there is one, and nothing in it is for machines.
fn sentence(error: &ServiceError) -> String {
    let text = error_text::sentence(error);
    assert!(text.ends_with('.') && text.starts_with(char::is_uppercase), "{text}");
    for technical in ["127.0.0.1", "http:", "::", "{", "}", "Error", "Err(", "sqlite", "canary"] {
        assert!(!text.contains(technical), "{text}");
    }
    text
}

/// Nothing was stored.
async fn assert_untouched(bed: &Bed) {
    assert!(bed.ctx.db.sources().list().await.unwrap().is_empty());
    assert!(bed.ctx.db.libraries().list(None).await.unwrap().is_empty());
}
