//! The menu **Chapters**.

use std::cell::RefCell;
use std::rc::Rc;

use gettextrs::gettext;
use gtk::prelude::*;
use gtk::{gdk, pango};
use relm4::Sender;

use super::super::messages::PlayerInput;
use super::preview::sized;
use super::{MomentInput, chapters};
use crate::models::Chapter;
use crate::ui::clock::clock;

/// Width of a picture of a chapter, in pixels.
const PICTURE: u8 = 96;
/// Highest that the list grows, in pixels; it scrolls from there on.
const HIGHEST: i32 = 320;

/// The button with its list.
#[derive(Debug)]
pub struct ChaptersMenu {
    button: gtk::MenuButton,
    list: gtk::ListBox,
    shown: Rc<RefCell<Vec<Chapter>>>,
    pictures: RefCell<Vec<gtk::Picture>>,
    marks: RefCell<Vec<gtk::Image>>,
}

impl ChaptersMenu {
    /// Builds it, hidden until there are chapters.
    pub fn new(sender: &Sender<PlayerInput>) -> Self {
        let (button, list, popover) = menu("view-list-symbolic", &gettext("Chapters"));
        let input = sender.clone();
        let closer = popover.downgrade();
        list.connect_row_activated(move |_, row| {
            if let Ok(place) = usize::try_from(row.index()) {
                input.emit(PlayerInput::Moment(MomentInput::ChapterChosen(place)));
            }
            if let Some(popover) = closer.upgrade() {
                popover.popdown();
            }
        });
        let input = sender.clone();
        popover.connect_show(move |_| input.emit(PlayerInput::Moment(MomentInput::ChaptersOpened)));
        Self { button, list, shown: Rc::default(), pictures: RefCell::default(), marks: RefCell::default() }
    }

    /// The button.
    pub fn widget(&self) -> &gtk::MenuButton {
        &self.button
    }

    /// Shows these chapters.
    pub fn show(&self, chapters: &[Chapter]) {
        self.button.set_visible(!chapters.is_empty());
        if self.shown.borrow().as_slice() == chapters {
            return;
        }
        self.list.remove_all();
        let (mut pictures, mut marks) = (Vec::new(), Vec::new());
        for (place, chapter) in chapters.iter().enumerate() {
            let picture = gtk::Picture::builder()
                .content_fit(gtk::ContentFit::Contain)
                .can_shrink(false)
                .visible(false)
                .accessible_role(gtk::AccessibleRole::Presentation)
                .build();
            let title = chapters::title(chapters, place);
            let words = words(&title, Some(&clock(chapter.start)));
            let mark = gtk::Image::builder()
                .icon_name("media-playback-start-symbolic")
                .accessible_role(gtk::AccessibleRole::Presentation)
                .build();
            let content = gtk::Box::builder().spacing(9).build();
            content.append(&picture);
            content.append(&words);
            content.append(&mark);
            let row = gtk::ListBoxRow::builder().child(&content).build();
            let said = gettext("{chapter}, at {time}")
                .replace("{chapter}", &title)
                .replace("{time}", &clock(chapter.start));
            row.update_property(&[gtk::accessible::Property::Label(&said)]);
            self.list.append(&row);
            pictures.push(picture);
            marks.push(mark);
        }
        self.pictures.replace(pictures);
        self.marks.replace(marks);
        self.shown.replace(chapters.to_vec());
    }

    /// Marks the chapter that plays.
    pub fn mark(&self, current: Option<usize>) {
        for (place, mark) in self.marks.borrow().iter().enumerate() {
            mark.set_opacity(if Some(place) == current { 1.0 } else { 0.0 });
        }
    }

    /// Shows the picture of a chapter.
    pub fn show_picture(&self, place: usize, picture: &gdk::Texture) {
        if let Some(shown) = self.pictures.borrow().get(place) {
            shown.set_paintable(sized(picture, None, PICTURE).as_ref());
            shown.set_visible(true);
        }
    }
}

/// A button with a list in a popover, as the menus of the title bar are.
pub(super) fn menu(icon: &str, name: &str) -> (gtk::MenuButton, gtk::ListBox, gtk::Popover) {
    let list =
        gtk::ListBox::builder().selection_mode(gtk::SelectionMode::None).css_classes(["player-list"]).build();
    list.update_property(&[gtk::accessible::Property::Label(name)]);
    let scroller = gtk::ScrolledWindow::builder()
        .hscrollbar_policy(gtk::PolicyType::Never)
        .max_content_height(HIGHEST)
        .propagate_natural_height(true)
        .propagate_natural_width(true)
        .child(&list)
        .build();
    let popover = gtk::Popover::builder().child(&scroller).css_classes(["menu"]).build();
    let button = gtk::MenuButton::builder()
        .icon_name(icon)
        .popover(&popover)
        .tooltip_text(name)
        .css_classes(["flat", "circular"])
        .visible(false)
        .build();
    button.update_property(&[gtk::accessible::Property::Label(name)]);
    (button, list, popover)
}

/// Two lines of a row.
pub(super) fn words(title: &str, subtitle: Option<&str>) -> gtk::Box {
    let line = |text: &str, classes: &[&str]| {
        let label =
            gtk::Label::builder().label(text).xalign(0.0).ellipsize(pango::EllipsizeMode::End).build();
        label.set_width_chars(16);
        label.set_max_width_chars(26);
        for class in classes {
            label.add_css_class(class);
        }
        label
    };
    let words = gtk::Box::builder()
        .orientation(gtk::Orientation::Vertical)
        .hexpand(true)
        .valign(gtk::Align::Center)
        .build();
    words.append(&line(title, &[]));
    if let Some(subtitle) = subtitle {
        words.append(&line(subtitle, &["caption", "dim-label", "numeric"]));
    }
    words
}
