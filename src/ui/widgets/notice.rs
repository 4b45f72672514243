//! Notices on banners and toasts.

use adw::prelude::*;

use crate::ui::standing::{Action, Notice};

/// Shows a notice on a banner, or folds it away.
pub(in crate::ui) fn show_notice(banner: &adw::Banner, notice: Option<&Notice>) {
    let Some(Notice { text, action }) = notice else { return banner.set_revealed(false) };
    if banner.title() != text.as_str() {
        banner.set_title(text);
        banner.set_use_markup(false);
    }
    let label = action.map(Action::label).unwrap_or_default();
    banner.set_button_label(Some(label.as_str()).filter(|label| !label.is_empty()));
    if let Some(action) = action {
        banner.set_action_target_value(action.source().map(|id| id.to_string().to_variant()).as_ref());
        banner.set_action_name(Some(action.name()));
    }
    banner.set_revealed(true);
}

/// A toast with a sentence and maybe a button.
pub(in crate::ui) fn toast(text: &str, action: Option<Action>) -> adw::Toast {
    let toast = adw::Toast::builder().title(text).use_markup(false).build();
    if let Some(action) = action {
        toast.set_button_label(Some(&action.label()));
        toast.set_action_target_value(action.source().map(|id| id.to_string().to_variant()).as_ref());
        toast.set_action_name(Some(action.name()));
    }
    toast
}
