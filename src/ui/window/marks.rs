//! Toasts that can take a marking back.

use std::sync::Arc;

use gettextrs::gettext;

use super::Shell;
use crate::services::core::MarkService;
use crate::services::core::marking::Unmark;
use crate::ui::widgets::toast;

/// How long a marking can be taken back, in seconds: time to look at what it has done.
const UNDO_TIME: u32 = 10;

impl Shell {
    /// Says what a marking has done. **Undo** takes it back.
    pub(super) fn say_marked(&self, text: &str, unmark: &Arc<Unmark>) {
        let toast = toast(text, None);
        if !unmark.is_empty() {
            toast.set_button_label(Some(&gettext("Undo")));
            toast.set_timeout(UNDO_TIME);
            let (ctx, unmark) = (self.ctx.clone(), Arc::clone(unmark));
            toast.connect_button_clicked(move |_| {
                let (ctx, unmark) = (ctx.clone(), Arc::clone(&unmark));
                // Goes on when the page is left: it is stored in a moment.
                relm4::spawn(async move {
                    if let Err(error) = MarkService::take_back(&ctx, &unmark).await {
                        tracing::warn!(%error, "marks could not be taken back");
                    }
                });
            });
        }
        self.view.toasts.add_toast(toast);
    }
}
