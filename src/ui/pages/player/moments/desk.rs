//! The rules of the moments with their widgets.

use std::time::{Duration, Instant};

use adw::prelude::*;
use gettextrs::gettext;
use gtk::graphene;
use relm4::Sender;

use super::super::messages::PlayerInput;
use super::chapters_menu::ChaptersMenu;
use super::corner::Corner;
use super::next::{Announced, NextCard, Situation};
use super::preview::PreviewPopup;
use super::queue_menu::QueueMenu;
use super::skip::{SkipStep, Skipper};
use super::{MomentInput, Moments, chapters};
use crate::models::{Chapter, MarkerKind, segments};

/// How long the small picture stays after a step by a key or a finger.
const SCRUB_STAYS: Duration = Duration::from_millis(1500);
/// Below this height of the page, in pixels, there is no room above the controls.
const LOW: i32 = 300;
/// Pixels between the corner and what is below it.
const GAP: i32 = 12;

/// How the page is at this moment.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Now {
    /// Where it is.
    pub(in super::super) at: Duration,
    /// Length, when known.
    pub(in super::super) length: Option<Duration>,
    /// It plays.
    pub(in super::super) plays: bool,
    /// The controls are to be seen.
    pub(in super::super) awake: bool,
}

/// What a tick asks for.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) enum Step {
    /// Nothing.
    Nothing,
    /// A stretch skips itself: to its end.
    Jump(MarkerKind, Duration),
    /// What comes next begins.
    Next,
}

/// What the small picture stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Looking {
    /// The place under the pointer, in pixels from the left of the seek bar.
    Pointer(f64),
    /// A place that was gone to, until then.
    Gone(Duration, Instant),
}

/// Everything about moments on the page.
#[derive(Debug)]
pub(in super::super) struct Desk {
    pub(super) known: Moments,
    pub(super) chapters: Vec<Chapter>,
    /// Chapters that the file itself has.
    of_file: Vec<Chapter>,
    pub(super) skipper: Skipper,
    pub(super) card: NextCard,
    /// It was played to its end.
    pub(super) ended: bool,
    /// What segments and chapters were checked against.
    length: Option<Duration>,
    ticked: Option<Instant>,
    looking: Option<Looking>,
    /// The moment that a picture was asked for last.
    wanted: Option<Duration>,
    corner: Corner,
    pub(super) preview: PreviewPopup,
    pub(super) chapters_menu: ChaptersMenu,
    queue_menu: QueueMenu,
    start_over: gtk::Button,
    scale: gtk::Scale,
    overlay: Option<gtk::Overlay>,
    bar: gtk::Box,
}

impl Desk {
    /// Builds it around the seek bar `scale` on the bar of controls `bar`.
    pub(in super::super) fn new(sender: &Sender<PlayerInput>, scale: &gtk::Scale, bar: &gtk::Box) -> Self {
        let start_over = gtk::Button::builder()
            .icon_name("media-skip-backward-symbolic")
            .tooltip_text(gettext("Start Over"))
            .css_classes(["flat", "circular"])
            .visible(false)
            .build();
        start_over.update_property(&[gtk::accessible::Property::Label(&gettext("Start Over"))]);
        let input = sender.clone();
        start_over.connect_clicked(move |_| input.emit(PlayerInput::Moment(MomentInput::StartOverChosen)));
        let motion = gtk::EventControllerMotion::new();
        let input = sender.clone();
        motion.connect_motion(move |_, x, _| input.emit(PlayerInput::Moment(MomentInput::Pointed(Some(x)))));
        let input = sender.clone();
        motion.connect_leave(move |_| input.emit(PlayerInput::Moment(MomentInput::Pointed(None))));
        scale.add_controller(motion);
        Self {
            known: Moments::default(),
            chapters: Vec::new(),
            of_file: Vec::new(),
            skipper: Skipper::default(),
            card: NextCard::default(),
            ended: false,
            length: None,
            ticked: None,
            looking: None,
            wanted: None,
            corner: Corner::new(sender),
            preview: PreviewPopup::new(),
            chapters_menu: ChaptersMenu::new(sender),
            queue_menu: QueueMenu::new(sender),
            start_over,
            scale: scale.clone(),
            overlay: None,
            bar: bar.clone(),
        }
    }

    /// Puts the widgets over the picture and into the title bar.
    pub(in super::super) fn attach(&mut self, header: &adw::HeaderBar) {
        let overlay = self.bar.parent().and_downcast::<gtk::Overlay>();
        if let Some(overlay) = &overlay {
            overlay.add_overlay(self.corner.widget());
            overlay.add_overlay(self.preview.widget());
        }
        header.pack_end(self.queue_menu.widget());
        header.pack_end(self.chapters_menu.widget());
        header.pack_end(&self.start_over);
        self.overlay = overlay;
    }

    /// The menus in the title bar.
    pub(in super::super) fn menus(&self) -> [&gtk::MenuButton; 2] {
        [self.chapters_menu.widget(), self.queue_menu.widget()]
    }

    /// Whether one of them is open.
    pub(in super::super) fn menu_open(&self) -> bool {
        self.menus().iter().any(|menu| menu.is_active())
    }

    /// Another title is to play, of which nothing is known yet.
    pub(in super::super) fn forget(&mut self) {
        self.skipper = Skipper::default();
        self.of_file.clear();
        self.know(Moments::default());
    }

    /// It begins, or begins once more.
    pub(in super::super) fn opened(&mut self, start: Duration) {
        self.card.opened();
        self.ended = false;
        self.looking = None;
        self.ticked = None;
        self.rest();
        self.start_over.set_visible(!start.is_zero());
    }

    /// Nothing is offered and nothing announced.
    pub(super) fn rest(&self) {
        self.corner.announce(Announced::Nothing, None, false);
        self.corner.offer(None);
        self.preview.hide();
    }

    /// The file itself has these chapters: they count where nobody tells others.
    pub(in super::super) fn found_in_file(&mut self, chapters: Vec<Chapter>) {
        self.of_file = chapters;
        self.check();
    }

    /// This is known now.
    pub(in super::super) fn know(&mut self, moments: Moments) {
        self.known = moments;
        self.wanted = None;
        self.queue_menu.show(&self.known.upcoming);
        self.check();
    }

    /// Believes what fits the length.
    fn check(&mut self) {
        self.skipper.know(segments::believable(&self.known.markers, self.length));
        let told = if self.known.chapters.is_empty() { &self.of_file } else { &self.known.chapters };
        let chapters = chapters::worthwhile(told.clone(), self.length);
        if chapters != self.chapters {
            self.scale.clear_marks();
            // The very beginning needs no mark.
            for chapter in chapters.iter().filter(|chapter| !chapter.start.is_zero()) {
                self.scale.add_mark(chapter.start.as_secs_f64(), gtk::PositionType::Top, None);
            }
            self.chapters_menu.show(&chapters);
            self.chapters = chapters;
        }
    }

    /// Time passes.
    pub(in super::super) fn tick(&mut self, now: Now) -> Step {
        let moment = Instant::now();
        let passed = self.ticked.replace(moment).map(|before| moment.saturating_duration_since(before));
        if self.length != now.length && !self.ended {
            self.length = now.length;
            self.check();
        }
        let situation = Situation {
            has_next: self.known.next.is_some(),
            by_itself: self.known.by_itself,
            is_due: self.ended || self.in_last_credits(now.at),
            moves: self.ended || now.plays,
        };
        if self.card.tick(situation, passed.unwrap_or_default()) {
            return Step::Next;
        }
        self.corner.announce(self.card.announced(), self.known.next.as_ref(), self.ended);
        let is_announced = self.card.announced() != Announced::Nothing;
        let mut rules = self.known.rules;
        if situation.has_next && situation.is_due && !self.card.is_cancelled() {
            // What comes next is announced in their place.
            rules.credits = super::Skipping::Never;
        }
        let step =
            if self.ended { SkipStep::Nothing } else { self.skipper.tick(now.at, moment, rules, now.awake) };
        self.corner.offer(match step {
            SkipStep::Offer(kind) => Some(kind),
            _ => None,
        });
        self.place(now.awake, is_announced);
        self.chapters_menu.mark(chapters::current(&self.chapters, now.at));
        self.look_away(moment);
        match step {
            SkipStep::Jump(kind, to) => Step::Jump(kind, to),
            _ => Step::Nothing,
        }
    }

    /// Whether the credits run that nothing comes after.
    fn in_last_credits(&self, at: Duration) -> bool {
        let Some(length) = self.length else { return false };
        let is_last = |segment: &crate::models::Marker| {
            segment.kind == MarkerKind::Credits && segment.start <= at && segments::is_final(segment, length)
        };
        self.skipper.segments().iter().any(is_last)
    }

    /// The corner stands above the controls while they are to be seen.
    fn place(&self, awake: bool, is_announced: bool) {
        let height = self.overlay.as_ref().map_or(0, gtk::prelude::WidgetExt::height);
        let is_low = height > 0 && height < LOW;
        self.corner.set_compact(is_low);
        // In a low window the card takes the place of the controls.
        let above = if awake && !(is_low && is_announced) { self.bar.height() } else { 0 };
        self.corner.keep_above(above + GAP);
    }

    /// The pointer moved over the seek bar, or left it.
    pub(super) fn point(&mut self, x: Option<f64>) -> Option<Duration> {
        self.looking = x.map(Looking::Pointer);
        self.look()
    }

    /// A place was gone to by a key or a finger.
    pub(super) fn gone_to(&mut self, at: Duration) -> Option<Duration> {
        if !matches!(self.looking, Some(Looking::Pointer(_))) {
            self.looking = Some(Looking::Gone(at, Instant::now() + SCRUB_STAYS));
        }
        self.look()
    }

    fn look_away(&mut self, now: Instant) {
        if let Some(Looking::Gone(_, until)) = self.looking
            && now >= until
        {
            self.looking = None;
            self.preview.hide();
        }
    }

    /// Shows the time of the place that is looked at. The moment for which a picture is to be asked for, if that is
    /// another than before.
    fn look(&mut self) -> Option<Duration> {
        let shown = self.looking.zip(self.length).map(|(looking, length)| {
            let track = self.scale.range_rect();
            let (left, width) = (f64::from(track.x()), f64::from(track.width().max(1)));
            let backwards = self.scale.direction() == gtk::TextDirection::Rtl;
            let turned = |share: f64| if backwards { 1.0 - share } else { share };
            let (share, x) = match looking {
                Looking::Pointer(x) => (turned(((x - left) / width).clamp(0.0, 1.0)), x),
                Looking::Gone(at, _) => {
                    let share = (at.as_secs_f64() / length.as_secs_f64().max(1.0)).clamp(0.0, 1.0);
                    (share, left + turned(share) * width)
                }
            };
            (length.mul_f64(share), x)
        });
        let (Some((at, x)), Some(overlay)) = (shown, &self.overlay) else {
            self.preview.hide();
            self.wanted = None;
            return None;
        };
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a window")]
        let point = graphene::Point::new(x as f32, 0.0);
        let point = self.scale.compute_point(overlay, &point)?;
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a window")]
        let above = overlay.height() - point.y() as i32;
        let place = chapters::current(&self.chapters, at);
        let chapter = place.map(|place| chapters::title(&self.chapters, place));
        self.preview.show(at, chapter.as_deref(), f64::from(point.x()), overlay.width(), above);
        if !self.known.has_previews {
            self.preview.show_picture(at, None);
            return None;
        }
        // To the second: no server has more.
        let at = Duration::from_secs(at.as_secs());
        (self.wanted.replace(at) != Some(at)).then_some(at)
    }
}
