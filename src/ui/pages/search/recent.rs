//! What was searched for: the latest first, kept in the settings of this user.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::Sender;

use super::SearchInput;

/// How many are kept.
const MOST: usize = 8;
/// Shorter texts are on the way to something else, in letters.
const SHORTEST: usize = 2;

/// The list with a text in front of it.
pub(super) fn with(mut recent: Vec<String>, text: &str) -> Vec<String> {
    let text = text.trim();
    if text.chars().count() < SHORTEST {
        return recent;
    }
    recent.retain(|known| !known.eq_ignore_ascii_case(text));
    recent.insert(0, text.to_owned());
    recent.truncate(MOST);
    recent
}

/// The list as it is shown below an empty entry; hidden while there is nothing.
#[derive(Debug, Clone)]
pub(super) struct RecentList {
    group: adw::PreferencesGroup,
    rows: std::rc::Rc<std::cell::RefCell<Vec<adw::ActionRow>>>,
    input: Sender<SearchInput>,
}

impl RecentList {
    /// An empty list.
    pub(super) fn new(input: &Sender<SearchInput>) -> Self {
        let words = gtk::Label::new(Some(&gettext("Clear")));
        let clear = gtk::Button::builder().child(&words).css_classes(["flat"]).build();
        let label = gettext("Clear Recent Searches");
        clear.set_tooltip_text(Some(&label));
        clear.update_property(&[gtk::accessible::Property::Label(&label)]);
        let forget = input.clone();
        clear.connect_clicked(move |_| forget.emit(SearchInput::ForgetRecent));
        let group = adw::PreferencesGroup::builder()
            .title(gettext("Recent Searches"))
            .header_suffix(&clear)
            .visible(false)
            .build();
        Self { group, rows: std::rc::Rc::default(), input: input.clone() }
    }

    /// The widget.
    pub(super) fn widget(&self) -> &adw::PreferencesGroup {
        &self.group
    }

    /// Shows these.
    pub(super) fn show(&self, recent: &[String]) {
        let mut rows = self.rows.borrow_mut();
        for row in rows.drain(..) {
            self.group.remove(&row);
        }
        for text in recent {
            let row = adw::ActionRow::builder()
                .title(text)
                .use_markup(false)
                .activatable(true)
                .title_lines(1)
                .build();
            row.add_prefix(&gtk::Image::from_icon_name("document-open-recent-symbolic"));
            let (input, text) = (self.input.clone(), text.clone());
            row.connect_activated(move |_| input.emit(SearchInput::Again(text.clone())));
            self.group.add(&row);
            rows.push(row);
        }
        self.group.set_visible(!recent.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::with;

    #[test]
    fn the_latest_search_is_first_and_there_once() {
        let mut recent = Vec::new();
        for text in ["lantern", "a", " alien ", "Lantern", "東京"] {
            recent = with(recent, text);
        }
        assert_eq!(recent, ["東京", "Lantern", "alien"]);
        for number in 0..20 {
            recent = with(recent, &format!("search {number}"));
        }
        assert_eq!(recent.len(), super::MOST);
        assert_eq!(recent[0], "search 19");
    }
}
