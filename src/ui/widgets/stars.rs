//! A rating in half stars, to be seen and to be given: by pointer, by keys, and by a screen reader's value.

use std::cell::Cell;
use std::rc::Rc;

use gettextrs::gettext;
use gtk::gdk;
use gtk::prelude::*;

use crate::models::UserRating;

/// How many stars there are.
const STARS: u8 = 5;
/// Half stars in all of them.
const MOST: u8 = UserRating::BEST.half_stars();

/// Five stars. Left and Right change the rating by half a star, digits choose one, Delete takes it back.
#[derive(Debug, Clone)]
pub(in crate::ui) struct Stars {
    root: gtk::Box,
    images: Vec<gtk::Image>,
    rated: Rc<Cell<u8>>,
}

impl Stars {
    /// Stars that say `chosen` when another rating was given.
    pub(in crate::ui) fn new(chosen: impl Fn(Option<UserRating>) + 'static) -> Self {
        let root = gtk::Box::builder()
            .accessible_role(gtk::AccessibleRole::Slider)
            .focusable(true)
            .halign(gtk::Align::Start)
            .valign(gtk::Align::Center)
            .css_classes(["stars"])
            .build();
        let images: Vec<gtk::Image> = (0..STARS)
            .map(|_| {
                let image = gtk::Image::builder()
                    .pixel_size(20)
                    .margin_start(2)
                    .margin_end(2)
                    .accessible_role(gtk::AccessibleRole::Presentation)
                    .build();
                root.append(&image);
                image
            })
            .collect();
        root.update_property(&[
            gtk::accessible::Property::Label(&gettext("Your rating")),
            gtk::accessible::Property::ValueMin(0.0),
            gtk::accessible::Property::ValueMax(f64::from(STARS)),
        ]);
        let stars = Self { root, images, rated: Rc::default() };
        stars.paint();
        stars.listen(&Rc::new(chosen));
        stars
    }

    pub(in crate::ui) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows a rating.
    pub(in crate::ui) fn show(&self, rating: Option<UserRating>) {
        let half_stars = rating.map_or(0, UserRating::half_stars);
        if self.rated.replace(half_stars) != half_stars {
            self.paint();
        }
    }

    fn paint(&self) {
        let half_stars = self.rated.get();
        for (image, before) in self.images.iter().zip((0..MOST).step_by(2)) {
            image.set_icon_name(Some(match half_stars.saturating_sub(before) {
                0 => "non-starred-symbolic",
                1 => "semi-starred-symbolic",
                _ => "starred-symbolic",
            }));
        }
        let words = words(half_stars);
        self.root.set_tooltip_text(Some(&words));
        self.root.update_property(&[
            gtk::accessible::Property::ValueNow(f64::from(half_stars) / 2.0),
            gtk::accessible::Property::ValueText(&words),
        ]);
    }

    fn listen(&self, chosen: &Rc<impl Fn(Option<UserRating>) + 'static>) {
        let give = {
            let (stars, chosen) = (self.downgraded(), Rc::clone(chosen));
            move |half_stars: u8| {
                if let Some(stars) = stars()
                    && stars.rated.get() != half_stars
                {
                    stars.rated.set(half_stars);
                    stars.paint();
                    chosen(UserRating::from_half_stars(half_stars));
                }
            }
        };
        let give = Rc::new(give);
        let click = gtk::GestureClick::new();
        let (give_clicked, now) = (Rc::clone(&give), Rc::clone(&self.rated));
        click.connect_released(move |click, _, x, _| {
            let Some(root) = click.widget() else { return };
            root.grab_focus();
            let is_mirrored = root.direction() == gtk::TextDirection::Rtl;
            let pointed = pointed_at(x, f64::from(root.width()), is_mirrored);
            // Once more on the same: no rating.
            give_clicked(if pointed == now.get() { 0 } else { pointed });
        });
        self.root.add_controller(click);
        let keys = gtk::EventControllerKey::new();
        let now = Rc::clone(&self.rated);
        keys.connect_key_pressed(move |keys, key, _, modifiers| {
            let is_mirrored = keys.widget().is_some_and(|root| root.direction() == gtk::TextDirection::Rtl);
            match after_key(key, modifiers, now.get(), is_mirrored) {
                Some(half_stars) => {
                    give(half_stars);
                    gtk::glib::Propagation::Stop
                }
                None => gtk::glib::Propagation::Proceed,
            }
        });
        self.root.add_controller(keys);
    }

    /// The same stars for as long as the widget is there, without keeping it.
    fn downgraded(&self) -> impl Fn() -> Option<Self> + 'static {
        let root = self.root.downgrade();
        let images: Vec<_> = self.images.iter().map(ObjectExt::downgrade).collect();
        let rated = Rc::clone(&self.rated);
        move || {
            let images = images.iter().map(gtk::glib::WeakRef::upgrade).collect::<Option<_>>()?;
            Some(Self { root: root.upgrade()?, images, rated: Rc::clone(&rated) })
        }
    }
}

/// What is said of a rating.
fn words(half_stars: u8) -> String {
    if half_stars == 0 {
        return gettext("Not rated");
    }
    let whole = half_stars / 2;
    let number = if half_stars.is_multiple_of(2) { whole.to_string() } else { format!("{whole}.5") };
    // Translators: a rating given by the user, as "4.5 of 5 stars".
    gettext("{number} of 5 stars").replace("{number}", &number)
}

/// The half stars that end at, or hold, a place in the widget; at least one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 1 and 10, wherever the pointer is"
)]
fn pointed_at(x: f64, width: f64, is_mirrored: bool) -> u8 {
    if width <= 0.0 {
        return 1;
    }
    let share = if is_mirrored { 1.0 - x / width } else { x / width };
    (share * f64::from(MOST)).ceil().clamp(1.0, f64::from(MOST)) as u8
}

/// The half stars after a key; `None` for one that is none of ours.
fn after_key(key: gdk::Key, modifiers: gdk::ModifierType, now: u8, is_mirrored: bool) -> Option<u8> {
    let taken = gdk::ModifierType::CONTROL_MASK | gdk::ModifierType::ALT_MASK | gdk::ModifierType::SUPER_MASK;
    if modifiers.intersects(taken) {
        return None;
    }
    let more = now.saturating_add(1).min(MOST);
    let less = now.saturating_sub(1);
    match key {
        gdk::Key::Right | gdk::Key::KP_Right if is_mirrored => Some(less),
        gdk::Key::Left | gdk::Key::KP_Left if is_mirrored => Some(more),
        gdk::Key::Right | gdk::Key::KP_Right | gdk::Key::plus | gdk::Key::KP_Add => Some(more),
        gdk::Key::Left | gdk::Key::KP_Left | gdk::Key::minus | gdk::Key::KP_Subtract => Some(less),
        gdk::Key::Home | gdk::Key::Delete | gdk::Key::KP_Delete | gdk::Key::BackSpace => Some(0),
        gdk::Key::End => Some(MOST),
        _ => {
            let digit = u8::try_from(key.to_unicode()?.to_digit(10)?).ok()?;
            (digit <= STARS).then_some(digit * 2)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pointer_chooses_in_half_stars() {
        let at = |x| pointed_at(x, 100.0, false);
        assert_eq!([at(-5.0), at(0.0), at(10.0), at(10.1), at(95.0), at(120.0)], [1, 1, 1, 2, 10, 10]);
        assert_eq!(pointed_at(95.0, 100.0, true), 1);
        assert_eq!(pointed_at(5.0, 0.0, false), 1);
    }

    #[test]
    fn keys_change_choose_and_take_back() {
        let after = |key, now| after_key(key, gdk::ModifierType::empty(), now, false);
        assert_eq!(after(gdk::Key::Right, 7), Some(8));
        assert_eq!(after(gdk::Key::Right, 10), Some(10));
        assert_eq!(after(gdk::Key::Left, 0), Some(0));
        assert_eq!(after(gdk::Key::_3, 10), Some(6));
        assert_eq!(after(gdk::Key::_9, 1), None);
        assert_eq!(after(gdk::Key::Delete, 5), Some(0));
        assert_eq!(after(gdk::Key::Tab, 5), None);
        assert_eq!(after_key(gdk::Key::_3, gdk::ModifierType::ALT_MASK, 1, false), None);
        assert_eq!(after_key(gdk::Key::Left, gdk::ModifierType::empty(), 5, true), Some(6));
    }

    #[test]
    fn a_rating_is_said_in_stars() {
        assert_eq!(
            [words(0), words(1), words(9), words(10)],
            ["Not rated", "0.5 of 5 stars", "4.5 of 5 stars", "5 of 5 stars"]
        );
    }
}
