//! A window with a picture, and the two players that are shown in it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use gnome_reel::backends::{Delivery, Location, MediaRequest, StreamSource};
use gnome_reel::player::{Engine, EngineEvent, EngineState, GstEngine};
use gst::prelude::*;
use gtk::prelude::*;
use gtk::{gdk, glib};
use url::Url;

/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(30);

/// Which player.
pub enum Player<'a> {
    /// The app's engine.
    Ours(&'a Ours),
    /// `playbin3` with the same picture output and nothing else.
    Bare,
}

/// The window.
pub struct Stage {
    picture: gtk::Picture,
    _window: gtk::Window,
}

/// The app's engine and what it told.
pub struct Ours {
    engine: GstEngine,
    told: Rc<RefCell<Vec<EngineEvent>>>,
    picture: gtk::Picture,
}

impl Ours {
    /// An engine shown on a stage.
    pub fn new(stage: &Stage) -> Self {
        let told = Rc::new(RefCell::new(Vec::new()));
        let log = Rc::clone(&told);
        let engine = GstEngine::new(Rc::new(move |event| log.borrow_mut().push(event)));
        Self { engine, told, picture: stage.picture.clone() }
    }

    /// Leaves the film.
    pub fn stop(&self) {
        self.engine.stop();
    }

    fn load(&self, url: &Url) {
        self.told.borrow_mut().clear();
        let request = MediaRequest { url: url.clone(), headers: Vec::new() };
        let source = StreamSource {
            location: Location::Remote(request),
            version_id: String::new(),
            container: None,
            duration: None,
            subtitles: Vec::new(),
            play_session_id: None,
            delivery: Delivery::default(),
        };
        self.engine.load(&source, Duration::ZERO);
    }

    /// Shows what the engine shows now; `None` until it opens.
    fn show(&self) -> Option<gdk::Paintable> {
        let opened = self.told.borrow().contains(&EngineEvent::OutputChanged);
        let paintable = self.engine.paintable().filter(|_| opened)?;
        self.picture.set_paintable(Some(&paintable));
        Some(paintable)
    }

    fn told(&self, event: &EngineEvent) -> bool {
        self.told.borrow().contains(event)
    }
}

/// Counts the pictures of a paintable.
struct Pictures {
    count: Rc<Cell<u32>>,
    paintable: gdk::Paintable,
}

impl Pictures {
    fn of(paintable: &gdk::Paintable) -> Self {
        let count = Rc::new(Cell::new(0));
        let counted = Rc::clone(&count);
        paintable.connect_invalidate_contents(move |_| counted.set(counted.get() + 1));
        Self { count, paintable: paintable.clone() }
    }

    fn any(&self) -> bool {
        self.count.get() > 0 && self.paintable.intrinsic_width() > 0
    }
}

impl Stage {
    /// Opens the window.
    pub fn new() -> anyhow::Result<Self> {
        gtk::init()?;
        gst::init()?;
        let picture = gtk::Picture::new();
        let offload = gtk::GraphicsOffload::builder().child(&picture).build();
        let window = gtk::Window::builder().default_width(1280).default_height(720).child(&offload).build();
        window.present();
        let stage = Self { picture, _window: window };
        stage.until("a window", || stage.picture.is_mapped())?;
        Ok(stage)
    }

    #[expect(clippy::unused_self, reason = "whoever waits has a window; without one nothing comes")]
    fn until(&self, what: &str, mut done: impl FnMut() -> bool) -> anyhow::Result<()> {
        let context = glib::MainContext::default();
        let begin = Instant::now();
        let wake = glib::timeout_add_local(Duration::from_millis(100), || glib::ControlFlow::Continue);
        let mut in_time = true;
        while !done() && in_time {
            in_time = begin.elapsed() < PATIENCE;
            context.iteration(true);
        }
        wake.remove();
        if in_time { Ok(()) } else { bail!("never {what}") }
    }

    /// Lets time pass.
    pub fn rest(&self, time: Duration) {
        let begin = Instant::now();
        // It comes to its end well within the patience.
        self.until("rested", || begin.elapsed() >= time).ok();
    }

    /// Plays from the beginning to the first picture, then leaves.
    pub fn first_picture(&self, player: &Player<'_>, url: &Url) -> anyhow::Result<Duration> {
        let took = match player {
            Player::Ours(ours) => {
                let took = self.first_picture_of(ours, url)?;
                ours.stop();
                took
            }
            Player::Bare => {
                let begin = Instant::now();
                let bare = Bare::new(self, url)?;
                bare.playbin.set_state(gst::State::Playing)?;
                self.until("a picture", || bare.pictures.any())?;
                begin.elapsed()
            }
        };
        self.rest(Duration::from_millis(200));
        Ok(took)
    }

    /// Plays from the beginning to the first picture.
    pub fn first_picture_of(&self, ours: &Ours, url: &Url) -> anyhow::Result<Duration> {
        let begin = Instant::now();
        ours.load(url);
        let mut pictures = None;
        self.until("a picture", || {
            if pictures.is_none() {
                pictures = ours.show().as_ref().map(Pictures::of);
            }
            pictures.as_ref().is_some_and(Pictures::any)
        })?;
        Ok(begin.elapsed())
    }

    /// Plays on for a while.
    pub fn plays_for(&self, ours: &Ours, time: Duration) -> anyhow::Result<()> {
        self.until("playing", || ours.engine.position() >= time)
    }

    /// How long each seek takes of a film that stands; the first place is not counted.
    pub fn seeks(&self, player: &Player<'_>, url: &Url, places: &[Duration]) -> anyhow::Result<Vec<f64>> {
        let mut times = Vec::new();
        match player {
            Player::Ours(ours) => {
                self.first_picture_of(ours, url)?;
                ours.engine.pause();
                let paused = EngineEvent::StateChanged(EngineState::Paused);
                self.until("paused", || ours.told(&paused))?;
                let pictures = Pictures::of(&ours.engine.paintable().context("no picture")?);
                for place in places {
                    self.rest(Duration::from_millis(300));
                    ours.told.borrow_mut().clear();
                    pictures.count.set(0);
                    let begin = Instant::now();
                    ours.engine.seek(*place);
                    self.until("there", || pictures.any() && ours.told(&EngineEvent::SeekDone))?;
                    times.push(begin.elapsed().as_secs_f64() * 1000.0);
                }
                ours.stop();
            }
            Player::Bare => {
                let bare = Bare::new(self, url)?;
                bare.playbin.set_state(gst::State::Paused)?;
                self.until("a picture", || bare.pictures.any() && bare.arrived.get())?;
                for place in places {
                    self.rest(Duration::from_millis(300));
                    bare.pictures.count.set(0);
                    bare.arrived.set(false);
                    let begin = Instant::now();
                    let position = gst::ClockTime::try_from(*place)?;
                    bare.playbin.seek_simple(gst::SeekFlags::FLUSH | gst::SeekFlags::ACCURATE, position)?;
                    self.until("there", || bare.pictures.any() && bare.arrived.get())?;
                    times.push(begin.elapsed().as_secs_f64() * 1000.0);
                }
            }
        }
        times.remove(0);
        Ok(times)
    }
}

/// A player as the documentation of `playbin3` shows it.
struct Bare {
    playbin: gst::Element,
    pictures: Pictures,
    /// Whether it is where it was to go.
    arrived: Rc<Cell<bool>>,
    picture: gtk::Picture,
    _watch: gst::bus::BusWatchGuard,
}

impl Bare {
    fn new(stage: &Stage, url: &Url) -> anyhow::Result<Self> {
        let sink = gst::ElementFactory::make("gtk4paintablesink").build()?;
        let paintable = sink.property::<gdk::Paintable>("paintable");
        stage.picture.set_paintable(Some(&paintable));
        let gl = paintable.property::<Option<gdk::GLContext>>("gl-context").is_some();
        let output =
            if gl { gst::ElementFactory::make("glsinkbin").property("sink", &sink).build()? } else { sink };
        let playbin = gst::ElementFactory::make("playbin3").property("uri", url.as_str());
        let playbin = playbin.property("video-sink", &output).build()?;
        let arrived = Rc::new(Cell::new(false));
        let told = Rc::clone(&arrived);
        let watch = playbin.bus().context("no bus")?.add_watch_local(move |_, message| {
            told.set(told.get() || message.type_() == gst::MessageType::AsyncDone);
            glib::ControlFlow::Continue
        })?;
        let pictures = Pictures::of(&paintable);
        Ok(Self { playbin, pictures, arrived, picture: stage.picture.clone(), _watch: watch })
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        self.picture.set_paintable(gdk::Paintable::NONE);
        // It is gone in any case.
        self.playbin.set_state(gst::State::Null).ok();
    }
}
