//! The widgets of the viewer.

use std::cell::Cell;
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;
use gtk::{gdk, glib};
use relm4::Sender;

use super::ViewerInput;
use crate::models::{Item, MediaDetails};
use crate::ui::pages::photos::facts::Facts;
use crate::ui::pages::photos::keys;
use crate::ui::pages::photos::zoom::{STEP, Zoom};

/// Below this width the information lies over the photo, in scalable pixels.
const NARROW: f64 = 640.0;
/// A swipe of this speed, in pixels a second, goes to the next photo.
const SWIPE: f64 = 300.0;

/// The widgets.
#[derive(Debug)]
pub(super) struct ViewerView {
    title: adw::WindowTitle,
    stack: gtk::Stack,
    failure: adw::StatusPage,
    scroller: gtk::ScrolledWindow,
    picture: gtk::Picture,
    previous: gtk::Button,
    next: gtk::Button,
    information: adw::OverlaySplitView,
    facts: Facts,
    bars: adw::ToolbarView,
    /// Where the pointer is, in the scroller.
    pointer: Rc<Cell<Option<(f64, f64)>>>,
    /// Whether the viewer has put the window into full screen and has to undo that.
    filled: Cell<bool>,
}

impl ViewerView {
    pub(super) fn build(root: &adw::NavigationPage, input: &Sender<ViewerInput>) -> Self {
        let picture = gtk::Picture::builder()
            .content_fit(gtk::ContentFit::Contain)
            .can_shrink(true)
            .halign(gtk::Align::Fill)
            .valign(gtk::Align::Fill)
            .build();
        let scroller = gtk::ScrolledWindow::builder()
            .child(&picture)
            .hexpand(true)
            .vexpand(true)
            .focusable(true)
            .build();
        let failure = adw::StatusPage::builder()
            .icon_name("image-missing-symbolic")
            .title(gettext("This Photo Cannot Be Shown"))
            .build();
        let waiting = adw::Spinner::builder()
            .width_request(48)
            .height_request(48)
            .halign(gtk::Align::Center)
            .valign(gtk::Align::Center)
            .build();
        let stack = gtk::Stack::builder().transition_type(gtk::StackTransitionType::Crossfade).build();
        stack.add_named(&waiting, Some("waiting"));
        stack.add_named(&scroller, Some("picture"));
        stack.add_named(&failure, Some("failure"));

        let step = |icon: &str, label: String, align, by| {
            let button = icon_button(icon, &label, input, move || ViewerInput::Stepped(by));
            button.set_css_classes(&["osd", "circular"]);
            button.set_halign(align);
            button.set_valign(gtk::Align::Center);
            button.set_margin_start(12);
            button.set_margin_end(12);
            button
        };
        let previous = step("go-previous-symbolic", gettext("Previous"), gtk::Align::Start, -1);
        let next = step("go-next-symbolic", gettext("Next"), gtk::Align::End, 1);
        let overlay = gtk::Overlay::builder().child(&stack).css_classes(["viewer"]).build();
        overlay.add_overlay(&previous);
        overlay.add_overlay(&next);

        let facts = Facts::new();
        let information = adw::OverlaySplitView::builder()
            .content(&overlay)
            .sidebar(facts.widget())
            .sidebar_position(gtk::PackType::End)
            .show_sidebar(false)
            .build();

        let title = adw::WindowTitle::new("", "");
        let bar = adw::HeaderBar::builder().title_widget(&title).build();
        let fullscreen = icon_button("view-fullscreen-symbolic", &gettext("Full Screen"), input, || {
            ViewerInput::FullscreenToggled
        });
        bar.pack_end(&fullscreen);
        let information_button =
            gtk::ToggleButton::builder().icon_name("dialog-information-symbolic").build();
        name(&information_button, &gettext("Information"));
        information
            .bind_property("show-sidebar", &information_button, "active")
            .bidirectional()
            .sync_create()
            .build();
        bar.pack_end(&information_button);
        let zooms = [
            ("zoom-in-symbolic", gettext("Zoom In"), STEP),
            ("zoom-out-symbolic", gettext("Zoom Out"), 1.0 / STEP),
        ]
        .map(|(icon, label, factor)| {
            let button = icon_button(icon, &label, input, move || ViewerInput::ZoomedBy(factor));
            bar.pack_end(&button);
            button
        });

        let bars = adw::ToolbarView::builder().content(&information).build();
        bars.add_top_bar(&bar);
        root.set_child(Some(&with_breakpoint(&bars, &information, &zooms)));
        let view = Self {
            title,
            stack,
            failure,
            scroller,
            picture,
            previous,
            next,
            information,
            facts,
            bars,
            pointer: Rc::default(),
            filled: Cell::new(false),
        };
        view.connect(root, input);
        view
    }

    /// Where keys, wheel and fingers come in.
    fn connect(&self, root: &adw::NavigationPage, input: &Sender<ViewerInput>) {
        let controller = gtk::EventControllerKey::new();
        // Before the scroller, which would take the arrows for itself.
        controller.set_propagation_phase(gtk::PropagationPhase::Capture);
        let to_page = input.clone();
        controller.connect_key_pressed(move |_, key, _, modifiers| match keys::meaning(key, modifiers) {
            Some(message) => {
                to_page.emit(message);
                glib::Propagation::Stop
            }
            None => glib::Propagation::Proceed,
        });
        root.add_controller(controller);
        let stack = self.stack.downgrade();
        root.connect_shown(move |_| {
            if let Some(stack) = stack.upgrade() {
                stack.child_focus(gtk::DirectionType::TabForward);
            }
        });
        let to_page = input.clone();
        root.connect_hidden(move |_| {
            let _gone = to_page.send(ViewerInput::Left);
        });

        let wheel = gtk::EventControllerScroll::new(gtk::EventControllerScrollFlags::VERTICAL);
        wheel.set_propagation_phase(gtk::PropagationPhase::Capture);
        let to_page = input.clone();
        wheel.connect_scroll(move |wheel, _, by| {
            if !wheel.current_event_state().contains(gdk::ModifierType::CONTROL_MASK) {
                return glib::Propagation::Proceed;
            }
            to_page.emit(ViewerInput::ZoomedBy(STEP.powf(-by)));
            glib::Propagation::Stop
        });
        self.scroller.add_controller(wheel);

        let motion = gtk::EventControllerMotion::new();
        let (moved, left) = (Rc::clone(&self.pointer), Rc::clone(&self.pointer));
        motion.connect_motion(move |_, x, y| moved.set(Some((x, y))));
        motion.connect_leave(move |_| left.set(None));
        self.scroller.add_controller(motion);

        let pinch = gtk::GestureZoom::new();
        let to_page = input.clone();
        pinch.connect_begin(move |_, _| to_page.emit(ViewerInput::PinchBegan));
        let to_page = input.clone();
        pinch.connect_scale_changed(move |_, factor| to_page.emit(ViewerInput::Pinched(factor)));
        self.scroller.add_controller(pinch);

        let click = gtk::GestureClick::new();
        let to_page = input.clone();
        click.connect_released(move |_, presses, _, _| {
            if presses == 2 {
                to_page.emit(ViewerInput::ZoomToggled);
            }
        });
        self.scroller.add_controller(click);
        self.connect_drag(input);

        for adjustment in [self.scroller.hadjustment(), self.scroller.vadjustment()] {
            let to_page = input.clone();
            adjustment.connect_page_size_notify(move |_| to_page.emit(ViewerInput::Resized));
        }
    }

    /// A drag moves a photo that is larger than the window; a swipe over one that fits goes to the next.
    fn connect_drag(&self, input: &Sender<ViewerInput>) {
        let drag = gtk::GestureDrag::new();
        let start: Rc<Cell<(f64, f64)>> = Rc::default();
        let (begun, scroller) = (Rc::clone(&start), self.scroller.downgrade());
        drag.connect_drag_begin(move |_, _, _| {
            if let Some(scroller) = scroller.upgrade() {
                begun.set((scroller.hadjustment().value(), scroller.vadjustment().value()));
            }
        });
        let scroller = self.scroller.downgrade();
        drag.connect_drag_update(move |_, x, y| {
            if let Some(scroller) = scroller.upgrade() {
                let (left, top) = start.get();
                scroller.hadjustment().set_value(left - x);
                scroller.vadjustment().set_value(top - y);
            }
        });
        self.scroller.add_controller(drag);
        let swipe = gtk::GestureSwipe::builder().touch_only(true).build();
        let (to_page, scroller) = (input.clone(), self.scroller.downgrade());
        swipe.connect_swipe(move |_, x, y| {
            let fits = scroller.upgrade().is_some_and(|scroller| {
                scroller.hadjustment().upper() <= scroller.hadjustment().page_size() + 1.0
            });
            if fits && x.abs() > SWIPE && x.abs() > y.abs() {
                to_page.emit(ViewerInput::Stepped(if x < 0.0 { 1 } else { -1 }));
            }
        });
        self.scroller.add_controller(swipe);
    }

    pub(super) fn show_title(&self, title: &str, (place, count): (usize, usize)) {
        self.title.set_title(title);
        // Translators: the place of a photo among the others of its folder.
        let words = gettext("{place} of {count}");
        let words = words.replace("{place}", &place.to_string()).replace("{count}", &count.to_string());
        self.title.set_subtitle(&words);
        self.previous.set_visible(place > 1);
        self.next.set_visible(place < count);
    }

    pub(super) fn show_facts(&self, photo: &Item, album: Option<&Item>, details: Option<&MediaDetails>) {
        self.facts.show(photo, album, details);
    }

    pub(super) fn show_picture(&self, texture: &gdk::Texture, title: &str) {
        self.picture.set_paintable(Some(texture));
        self.picture.set_alternative_text(Some(title));
        self.stack.set_visible_child_name("picture");
        self.scroller.grab_focus();
    }

    pub(super) fn show_waiting(&self) {
        self.stack.set_visible_child_name("waiting");
    }

    pub(super) fn show_failure(&self, sentence: &str) {
        self.failure.set_description(Some(&glib::markup_escape_text(sentence)));
        self.stack.set_visible_child_name("failure");
    }

    /// Shows the photo larger or smaller; what is under the pointer, else in the middle, stays where it is.
    pub(super) fn zoom(&self, before: Zoom, after: Zoom) {
        let (width, height) = (self.scroller.width(), self.scroller.height());
        if after.fits() {
            return self.picture.set_size_request(-1, -1);
        }
        self.picture.set_size_request(after.of(width), after.of(height));
        let (x, y) = self.pointer.get().unwrap_or((f64::from(width) / 2.0, f64::from(height) / 2.0));
        let places = [(self.scroller.hadjustment(), x, width), (self.scroller.vadjustment(), y, height)];
        for (adjustment, point, shown) in places {
            let value = Zoom::keep(before, after, adjustment.value(), point);
            // The layout follows later: what it will come to is known now.
            adjustment.set_upper(f64::from(after.of(shown)));
            adjustment.set_value(value);
        }
    }

    pub(super) fn toggle_information(&self) {
        self.information.set_show_sidebar(!self.information.shows_sidebar());
    }

    pub(super) fn toggle_fullscreen(&self, root: &adw::NavigationPage) {
        if self.leave_fullscreen(root) {
            return;
        }
        if let Some(window) = root.root().and_downcast::<gtk::Window>() {
            window.fullscreen();
            self.bars.set_reveal_top_bars(false);
            self.bars.set_extend_content_to_top_edge(true);
            self.filled.set(true);
        }
    }

    /// Gives the screen back, if the viewer has taken it. Tells whether it had.
    pub(super) fn leave_fullscreen(&self, root: &adw::NavigationPage) -> bool {
        if !self.filled.replace(false) {
            return false;
        }
        self.bars.set_reveal_top_bars(true);
        self.bars.set_extend_content_to_top_edge(false);
        if let Some(window) = root.root().and_downcast::<gtk::Window>() {
            window.unfullscreen();
        }
        true
    }
}

fn with_breakpoint(
    child: &adw::ToolbarView,
    information: &adw::OverlaySplitView,
    zooms: &[gtk::Button],
) -> adw::BreakpointBin {
    let narrow = adw::BreakpointCondition::new_length(
        adw::BreakpointConditionLengthType::MaxWidth,
        NARROW,
        adw::LengthUnit::Sp,
    );
    let breakpoint = adw::Breakpoint::new(narrow);
    breakpoint.add_setter(information, "collapsed", Some(&true.to_value()));
    for zoom in zooms {
        // Fingers and keys zoom, too.
        breakpoint.add_setter(zoom, "visible", Some(&false.to_value()));
    }
    let bin = adw::BreakpointBin::builder().child(child).width_request(300).height_request(200).build();
    bin.add_breakpoint(breakpoint);
    bin
}

fn icon_button(
    icon: &str,
    label: &str,
    input: &Sender<ViewerInput>,
    message: impl Fn() -> ViewerInput + 'static,
) -> gtk::Button {
    let button = gtk::Button::from_icon_name(icon);
    name(&button, label);
    let input = input.clone();
    button.connect_clicked(move |_| input.emit(message()));
    button
}

fn name(widget: &(impl IsA<gtk::Widget> + IsA<gtk::Accessible>), label: &str) {
    widget.set_tooltip_text(Some(label));
    widget.update_property(&[gtk::accessible::Property::Label(label)]);
}
