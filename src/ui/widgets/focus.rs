//! The keyboard is in the page in front.

use adw::prelude::*;

/// Has a page take the focus when it is shown and nothing in it has it: keys like the one that leads back work only
/// from within. A page that was opened by something that is gone by then would be without.
pub(in crate::ui) fn focus_when_shown(page: &adw::NavigationPage) {
    page.connect_shown(|page| {
        let focus = page.root().and_then(|root| root.focus());
        if !focus.is_some_and(|focus| focus.is_ancestor(page)) {
            page.child_focus(gtk::DirectionType::TabForward);
        }
    });
}
