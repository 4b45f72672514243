//! The player page: the picture over the whole window, with controls that hide.
//!
//! The owner shows the page and sends [`PlayerInput::Open`]; the page drives the engine and tells, as
//! [`PlayerOutput`], the positions to be kept and when to leave. It knows no service and no database.
//!
//! On a close request of the window the page first tells `Stopped` and closes the window itself a moment
//! later: the owner keeps the application alive until the position is stored.

mod arrangement;
mod buttons;
mod chosen;
mod controls;
mod information;
mod keys;
mod messages;
mod moments;
mod mpris;
mod notes;
mod playback;
mod position;
mod quality;
mod quality_menu;
mod reports;
mod screen_reader;
mod shown;
mod sound;
mod speed_menu;
mod state;
mod step_row;
mod timing;
mod track_choice;
mod tracks;
mod tracks_menu;
mod view;
mod volume;
mod window;

#[cfg(test)]
mod tests;

use std::time::Instant;

use adw::prelude::*;
use gettextrs::gettext;
use gtk::glib;
use relm4::prelude::*;

use self::controls::ControlBar;
pub use self::keys::shortcuts;
pub use self::messages::{Around, PlayRequest, PlayerInit, PlayerInput, PlayerOutput};
use self::moments::Desk;
pub use self::moments::{
    MomentInput, MomentOutput, Moments, NextTitle, PreviewPicture, SkipRules, Skipping, Upcoming,
};
use self::mpris::Mpris;
use self::notes::Notes;
use self::reports::Reports;
pub use self::sound::Sound;
use self::sound::SoundView;
use self::state::{Controls, PlayerState, Wait, Waiting};
use self::timing::{Delays, SIZE_USUAL};
pub use self::track_choice::{SubtitleMode, TrackPreferences};
use self::tracks::OpenTracks;
use self::window::WindowHold;
use crate::models::PlayChoices;
use crate::player::Engine;

/// The player.
pub struct PlayerPage {
    engine: Box<dyn Engine>,
    request: Option<PlayRequest>,
    /// What was played before, shown until the next comes.
    before: Option<PlayRequest>,
    sound: SoundView,
    state: PlayerState,
    controls: Controls,
    waiting: Waiting,
    /// What is said of the wait now, if anything.
    wait: Option<Wait>,
    /// What was chosen, named for a moment, and since when.
    hint: Option<(String, Instant)>,
    /// Whether somebody uses a screen reader.
    reader: bool,
    reports: Reports,
    asking: quality::Asking,
    choices: PlayChoices,
    tracks: OpenTracks,
    delays: Delays,
    /// Size of subtitles, in per cent.
    subtitle_size: u32,
    /// Technical facts, while they are shown.
    information: Option<String>,
    /// On the session bus, from the first film on.
    mpris: Option<Mpris>,
    /// Counts what was opened.
    opened: u64,
    /// Counts seeks.
    seeks: u64,
    notes: Notes,
    bar: ControlBar,
    moments: Desk,
    top: gtk::Box,
    top_pointer: gtk::EventControllerMotion,
    root: adw::BreakpointBin,
    hold: Option<WindowHold>,
    ticker: Option<glib::SourceId>,
    input: relm4::Sender<PlayerInput>,
    output: relm4::Sender<PlayerOutput>,
}

impl std::fmt::Debug for PlayerPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlayerPage").field("open", &self.request.is_some()).finish_non_exhaustive()
    }
}

/// The page's widgets, kept by the macro.
#[relm4::component(pub)]
impl Component for PlayerPage {
    type Init = PlayerInit;
    type Input = PlayerInput;
    type Output = PlayerOutput;
    type CommandOutput = ();

    view! {
        #[root]
        adw::BreakpointBin {
            set_size_request: (320, 180),
            add_css_class: "player",

            #[name = "overlay"]
            gtk::Overlay {
                #[watch]
                set_cursor_from_name: (!model.controls.shown()).then_some("none"),

                #[wrap(Some)]
                set_child = &gtk::Stack {
                    // The first child is shown until something fails.
                    #[watch(skip_init)]
                    set_visible_child_name: model.shown_child(),

                    #[name = "surface"]
                    add_named[Some("video")] = &gtk::GraphicsOffload {
                        set_black_background: true,
                        set_focusable: true,
                        #[wrap(Some)]
                        set_child = &gtk::Picture {
                            set_content_fit: gtk::ContentFit::Contain,
                            set_can_shrink: true,
                            set_alternative_text: Some(&gettext("Video")),
                            #[watch]
                            set_paintable: model.engine.paintable().as_ref(),
                        },
                    },

                    #[local_ref]
                    add_named[Some("sound")] = sound -> gtk::Box {},

                    add_named[Some("error")] = &adw::StatusPage {
                        set_icon_name: Some("dialog-error-symbolic"),
                        #[watch]
                        set_title: &model.error_title(),
                        #[watch]
                        set_description: model.error_sentence().as_deref(),
                        #[wrap(Some)]
                        set_child = &gtk::Box {
                            set_halign: gtk::Align::Center,
                            set_orientation: gtk::Orientation::Vertical,
                            set_spacing: 9,
                            gtk::Button {
                                set_label: &gettext("Try Again"),
                                add_css_class: "pill",
                                add_css_class: "suggested-action",
                                connect_clicked => PlayerInput::RetryChosen,
                            },
                            gtk::Button {
                                set_label: &gettext("Play in Lower Quality"),
                                add_css_class: "pill",
                                #[watch]
                                set_visible: model.next_lower().is_some(),
                                connect_clicked => PlayerInput::LowerQuality,
                            },
                            gtk::Button {
                                set_label: &gettext("Other Version"),
                                add_css_class: "pill",
                                #[watch]
                                set_visible: model.has_other_version(),
                                connect_clicked => PlayerInput::OtherVersionChosen,
                            },
                            gtk::Button {
                                set_label: &gettext("Back"),
                                add_css_class: "pill",
                                connect_clicked => PlayerInput::BackChosen,
                            },
                        },
                    },
                },

                #[name = "caption"]
                add_overlay = &gtk::Label {
                    set_halign: gtk::Align::Center,
                    set_valign: gtk::Align::End,
                    set_justify: gtk::Justification::Center,
                    set_wrap: true,
                    set_can_target: false,
                    set_margin_start: 24,
                    set_margin_end: 24,
                    add_css_class: "player-caption",
                    #[watch]
                    set_margin_bottom: if model.controls.shown() { 120 } else { 32 },
                    #[watch]
                    set_visible: model.engine.caption().is_some() && !model.has_failed(),
                    #[watch]
                    set_markup: &model.sized_caption(),
                },

                #[local_ref]
                add_overlay = top -> gtk::Box {
                    set_valign: gtk::Align::Start,
                    add_css_class: "player-top",
                    #[watch]
                    set_can_target: model.controls.shown(),
                    #[watch]
                    set_class_active: ("player-hidden", !model.controls.shown()),

                    adw::HeaderBar {
                        set_hexpand: true,
                        #[watch]
                        set_show_end_title_buttons: !model.state.fullscreen,
                        #[watch]
                        set_show_start_title_buttons: !model.state.fullscreen,
                        set_show_back_button: false,
                        pack_start = &gtk::Button {
                            set_icon_name: "go-previous-symbolic",
                            set_tooltip_text: Some(&gettext("Back")),
                            update_property: &[gtk::accessible::Property::Label(&gettext("Back"))],
                            connect_clicked => PlayerInput::BackChosen,
                        },
                        #[wrap(Some)]
                        set_title_widget = &adw::WindowTitle {
                            #[watch]
                            set_title: model.title(),
                            #[watch]
                            set_subtitle: model.subtitle(),
                        },
                    },
                },

                #[local_ref]
                add_overlay = bar -> gtk::Box {
                    #[watch]
                    set_visible: !model.has_failed(),
                    #[watch]
                    set_can_target: model.controls.shown(),
                    #[watch]
                    set_class_active: ("player-hidden", !model.controls.shown()),
                },
            },
        }
    }

    fn init(init: Self::Init, root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let input = sender.input_sender().clone();
        let to_page = input.clone();
        let engine = (init.engine)(std::rc::Rc::new(move |event| to_page.emit(PlayerInput::Engine(event))));
        let bar = ControlBar::new(&input);
        let moments = Desk::new(&input, bar.scale(), bar.widget());
        let mut model = Self {
            engine,
            request: None,
            before: None,
            sound: SoundView::new(),
            state: PlayerState::default(),
            controls: Controls::new(Instant::now()),
            waiting: Waiting::default(),
            wait: None,
            hint: None,
            reader: false,
            reports: Reports::default(),
            asking: quality::Asking::default(),
            choices: PlayChoices::default(),
            tracks: OpenTracks::default(),
            delays: Delays::default(),
            subtitle_size: SIZE_USUAL,
            information: None,
            mpris: None,
            opened: 0,
            seeks: 0,
            notes: Notes::new(),
            bar,
            moments,
            top: gtk::Box::new(gtk::Orientation::Horizontal, 0),
            top_pointer: gtk::EventControllerMotion::new(),
            root: root.clone(),
            hold: None,
            ticker: None,
            input,
            output: sender.output_sender().clone(),
        };
        model.use_volume(init.volume);
        let top = &model.top;
        let bar = model.bar.widget();
        let sound = model.sound.widget();
        top.add_controller(model.top_pointer.clone());
        let widgets = view_output!();
        model.notes.lie_over(&widgets.overlay);
        if let Some(header) = top.first_child().and_downcast_ref::<adw::HeaderBar>() {
            model.moments.attach(header);
        }
        let surfaces = [widgets.surface.upcast_ref(), sound.upcast_ref()];
        view::connect(&root, surfaces, &model.bar, &model.moments, &model.input);
        view::adapt(&root, &model.bar, &widgets.caption);
        screen_reader::watch(&model.input);
        model.bar.show(&model.state);
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: PlayerInput, _: ComponentSender<Self>, _: &Self::Root) {
        self.notice(&message);
        match message {
            PlayerInput::Open(request) => self.open(*request),
            PlayerInput::ListChanged(around) => self.change_around(around),
            PlayerInput::Suspended => self.suspend(),
            PlayerInput::Close => self.leave(),
            PlayerInput::SetVolume(volume) => self.use_volume(volume),
            PlayerInput::PlayToggled => self.toggle_play(),
            PlayerInput::SeekChosen(position) => self.seek(position),
            PlayerInput::SeekStepped(seconds) => self.seek(self.state.step(seconds)),
            PlayerInput::TenthChosen(tenths) => self.seek_to(self.state.tenth(tenths)),
            PlayerInput::EndChosen => self.seek_to(self.state.near_end()),
            PlayerInput::VolumeChosen(volume) => self.choose_volume(volume),
            PlayerInput::VolumeStepped(steps) => self.choose_volume(self.state.louder(steps)),
            PlayerInput::MuteToggled => self.toggle_mute(),
            PlayerInput::AudioChosen(track) => self.choose_audio(&track),
            PlayerInput::SubtitleChosen(track) => self.choose_subtitle(track.as_ref()),
            PlayerInput::AudioStepped => self.step_audio(),
            PlayerInput::SubtitleStepped => self.step_subtitle(),
            PlayerInput::AudioDelayStepped(steps) => self.step_audio_delay(steps),
            PlayerInput::SubtitleDelayStepped(steps) => self.step_subtitle_delay(steps),
            PlayerInput::SubtitleSizeStepped(steps) => self.step_subtitle_size(steps),
            PlayerInput::FrameStepped => self.step_frame(),
            PlayerInput::InformationToggled => self.toggle_information(),
            PlayerInput::RateChosen(rate) => self.choose_rate(rate),
            PlayerInput::RateStepped(steps) => self.choose_rate(self.state.faster(steps)),
            PlayerInput::FullscreenToggled => self.toggle_fullscreen(),
            PlayerInput::Escaped => self.escape(),
            PlayerInput::PreviousChosen => self.go_to_previous(),
            PlayerInput::NextChosen => self.go_to_next(),
            PlayerInput::BackChosen => self.go_back(),
            PlayerInput::QualityChosen(quality) => self.choose_quality(quality),
            PlayerInput::LowerQuality => self.lower_quality(),
            PlayerInput::Replace(source) => self.replace(*source),
            PlayerInput::NotReplaced => self.keep_source(),
            PlayerInput::RetryChosen => self.retry(),
            PlayerInput::OtherVersionChosen => self.choose_other_version(),
            PlayerInput::Bus(wish) => self.bus_wishes(wish),
            PlayerInput::Stirred => self.controls.stir(Instant::now()),
            PlayerInput::Tapped => self.controls.toggle(Instant::now()),
            PlayerInput::ScreenReaderChanged(reader) => self.reader = reader,
            PlayerInput::Ticked => self.tick(),
            PlayerInput::Moment(input) => self.moment(input),
            PlayerInput::Engine(event) => self.heard(event),
            PlayerInput::Mapped => self.take_window(),
            PlayerInput::WindowFullscreened(fullscreen) => self.fullscreened(fullscreen),
            PlayerInput::WindowClosing => self.close_window(),
        }
        self.bar.show(&self.state);
        self.bar.show_list(self.around());
        self.show_notes();
        self.show_on_bus();
    }

    fn shutdown(&mut self, _: &mut Self::Widgets, _: relm4::Sender<Self::Output>) {
        self.leave();
        self.mpris = None;
    }
}
