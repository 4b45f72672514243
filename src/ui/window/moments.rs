//! Moments of what plays: read in the background and told to the player; small pictures of the way there.

use std::path::PathBuf;
use std::time::Duration;

use gtk::gdk;
use gtk::prelude::*;
use relm4::{ComponentController as _, ComponentSender};

use super::queue::{Queue, Reason};
use super::{Shell, ShellCommand};
use crate::models::{ImageSize, Item, MediaDetails, MediaId, PreviewPlace, Previews, SourceId};
use crate::services::core::{BackendService, LibraryService, PreviewPlan, PreviewService};
use crate::services::{AppContext, Result};
use crate::ui::pages::player::{MomentInput, Moments, NextTitle, PlayerInput, PreviewPicture, Upcoming};
use crate::ui::pictures::{Fit, decode_file};
use crate::ui::text;
use crate::ui::widgets::whole_picture;

/// Titles of the list that are named.
const MOST_UPCOMING: usize = 100;
/// Details that are older than this are asked for again while it plays: a server may have found an intro since.
const OLD: chrono::TimeDelta = chrono::TimeDelta::hours(1);
/// Pixels of pictures that are kept while it plays: two large sheets, or many single pictures.
const KEPT: i64 = 16_000_000;
/// No sheet is larger than this, in pixels of a side.
const LARGEST_SHEET: i32 = 8192;

/// What was read of moments.
#[derive(Debug)]
pub(in crate::ui) struct Read {
    item: MediaId,
    moments: Moments,
    previews: Option<Previews>,
}

/// A small picture, or why not.
#[derive(Debug)]
pub(in crate::ui) struct Fetched {
    item: MediaId,
    at: Duration,
    /// Where the pictures are.
    plan: PreviewPlan,
    picture: Option<(PreviewPlace, gdk::Texture)>,
}

/// The small pictures of what plays.
#[derive(Debug, Default)]
pub(super) struct PreviewDesk {
    previews: Option<Previews>,
    /// Where they are, once that is known.
    plan: Option<PreviewPlan>,
    /// Those that came last, the latest behind.
    kept: Vec<(PreviewPlace, gdk::Texture)>,
    /// One is on its way.
    busy: bool,
    /// The moment that is wanted after that one.
    wanted: Option<Duration>,
}

impl PreviewDesk {
    fn kept(&self, at: Duration) -> Option<PreviewPicture> {
        let place = self.plan.as_ref()?.place(at)?;
        let (_, texture) = self.kept.iter().find(|(kept, _)| kept.key == place.key)?;
        Some(PreviewPicture { texture: texture.clone(), area: place.area })
    }

    fn keep(&mut self, place: PreviewPlace, texture: gdk::Texture) {
        self.kept.retain(|(kept, _)| kept.key != place.key);
        self.kept.push((place, texture));
        let pixels = |texture: &gdk::Texture| i64::from(texture.width()) * i64::from(texture.height());
        while self.kept.len() > 1 && self.kept.iter().map(|(_, kept)| pixels(kept)).sum::<i64>() > KEPT {
            self.kept.remove(0);
        }
    }
}

impl Shell {
    /// Finds out what is to be known of what has begun to play: first what is here, then what its server says.
    pub(super) fn learn_moments(&self, sender: &ComponentSender<Self>) {
        let Some((item, version, queue)) = self.playing_now() else { return };
        let ctx = self.ctx.clone();
        sender.command(move |out, shutdown| {
            shutdown
                .register(async move {
                    for stage in [Stage::Here, Stage::Asked] {
                        match read(&ctx, item, &version, queue.as_ref(), stage).await {
                            Ok(read) => out.emit(ShellCommand::MomentsRead(Box::new(read))),
                            Err(error) => tracing::debug!(kind = ?error.kind(), "no moments"),
                        }
                    }
                })
                .drop_on_shutdown()
        });
    }

    pub(super) fn moments_read(&mut self, read: Read) {
        let settings = &self.init.settings;
        let (rules, autoplay) = (settings.skip_rules(), settings.autoplay_next());
        let Some(playing) = self.playing.as_mut().filter(|playing| playing.item == read.item) else { return };
        if playing.previews.previews != read.previews {
            playing.previews = PreviewDesk { previews: read.previews, ..PreviewDesk::default() };
        }
        let is_asked = playing.queue.as_ref().is_some_and(|queue| queue.reason() == Reason::Asked);
        let moments = Moments { rules, by_itself: is_asked || autoplay, ..read.moments };
        self.player.emit(PlayerInput::Moment(MomentInput::Known(Box::new(moments))));
    }

    /// Somebody looks for a place: one picture at a time is asked for, and the last place that was wanted comes next.
    pub(super) fn want_preview(&mut self, at: Duration, sender: &ComponentSender<Self>) {
        let Some(playing) = &mut self.playing else { return };
        let desk = &mut playing.previews;
        if let Some(picture) = desk.kept(at) {
            return self.player.emit(PlayerInput::Moment(MomentInput::Preview(at, Some(picture))));
        }
        if desk.busy {
            desk.wanted = Some(at);
            return;
        }
        let Some(previews) = desk.previews.clone() else { return };
        desk.busy = true;
        let (ctx, item, source, plan) = (self.ctx.clone(), playing.item, playing.source, desk.plan.clone());
        sender.oneshot_command(async move {
            ShellCommand::PreviewFetched(Box::new(fetch(&ctx, item, source, previews, plan, at).await))
        });
    }

    pub(super) fn preview_fetched(&mut self, fetched: Fetched, sender: &ComponentSender<Self>) {
        let Some(playing) = self.playing.as_mut().filter(|playing| playing.item == fetched.item) else {
            return;
        };
        let desk = &mut playing.previews;
        desk.busy = false;
        desk.plan = Some(fetched.plan);
        if let Some((place, texture)) = fetched.picture {
            desk.keep(place, texture);
        }
        if let Some(wanted) = desk.wanted.take() {
            return self.want_preview(wanted, sender);
        }
        let picture = desk.kept(fetched.at);
        self.player.emit(PlayerInput::Moment(MomentInput::Preview(fetched.at, picture)));
    }

    /// Pictures of the chapters, one after the other.
    pub(super) fn show_chapters(&self, sender: &ComponentSender<Self>) {
        let Some(playing) = &self.playing else { return };
        let (ctx, item, source) = (self.ctx.clone(), playing.item, playing.source);
        sender.command(move |out, shutdown| {
            shutdown
                .register(async move {
                    let Ok(Some((details, _))) = LibraryService::details(&ctx, item).await else { return };
                    for (place, chapter) in details.chapters.iter().enumerate() {
                        let Some(key) = &chapter.image else { continue };
                        if let Ok(picture) = whole_picture(&ctx, source, key, ImageSize::Small).await {
                            out.emit(ShellCommand::ChapterPicture(item, place, picture));
                        }
                    }
                })
                .drop_on_shutdown()
        });
    }

    pub(super) fn chapter_picture(&self, item: MediaId, place: usize, picture: gdk::Texture) {
        if self.playing.as_ref().is_some_and(|playing| playing.item == item) {
            self.player.emit(PlayerInput::Moment(MomentInput::ChapterPicture(place, picture)));
        }
    }
}

/// How much is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// What is here.
    Here,
    /// What has to be fetched.
    Asked,
}

async fn read(
    ctx: &AppContext,
    id: MediaId,
    version: &str,
    queue: Option<&Queue>,
    stage: Stage,
) -> Result<Read> {
    let mut known = LibraryService::details(ctx, id).await?;
    let is_old = known.as_ref().is_none_or(|(_, at)| ctx.clock.now() - *at > OLD);
    // Nobody skips parts of a song.
    let may_tell = !LibraryService::item(ctx, id).await?.record.kind.is_music();
    if stage == Stage::Asked && is_old && may_tell {
        match BackendService::get_details(ctx, id).await {
            Ok(_) => known = LibraryService::details(ctx, id).await?,
            Err(error) => tracing::debug!(kind = ?error.kind(), "what is known of moments stays"),
        }
    }
    let details = known.map(|(details, _)| details).unwrap_or_default();
    let upcoming = upcoming(ctx, queue).await;
    let next = match upcoming.first() {
        Some((_, item)) => Some(next_title(ctx, item, stage).await),
        None => None,
    };
    let previews = previews(&details, version);
    let moments = Moments {
        has_previews: previews.is_some(),
        chapters: details.chapters,
        markers: details.markers,
        next,
        upcoming: upcoming.iter().map(|(place, item)| named(*place, item)).collect(),
        ..Moments::default()
    };
    Ok(Read { item: id, moments, previews })
}

/// The small pictures of the version that plays. A server may name the version otherwise when it is the only one.
fn previews(details: &MediaDetails, version: &str) -> Option<Previews> {
    let named = details.versions.iter().find(|known| known.id == version);
    let only = || details.versions.first().filter(|_| details.versions.len() == 1);
    named.or_else(only)?.previews.clone()
}

async fn upcoming(ctx: &AppContext, queue: Option<&Queue>) -> Vec<(usize, Item)> {
    let mut found = Vec::new();
    for (place, id) in queue.into_iter().flat_map(Queue::upcoming).take(MOST_UPCOMING) {
        if let Ok(item) = LibraryService::item(ctx, id).await {
            found.push((place, item));
        }
    }
    found
}

fn named(place: usize, item: &Item) -> Upcoming {
    let subtitle = text::card_subtitle(item);
    Upcoming {
        place,
        title: text::card_title(item).to_owned(),
        subtitle: Some(subtitle).filter(|subtitle| !subtitle.is_empty()),
    }
}

async fn next_title(ctx: &AppContext, item: &Item, stage: Stage) -> NextTitle {
    let images = &item.record.images;
    let key = images.primary.as_ref().or(images.backdrop.as_ref());
    let picture = match key.filter(|_| stage == Stage::Asked) {
        Some(key) => whole_picture(ctx, item.source_id, key, ImageSize::Small).await.ok(),
        None => None,
    };
    let Upcoming { title, subtitle, .. } = named(0, item);
    NextTitle { title, subtitle, picture }
}

async fn fetch(
    ctx: &AppContext,
    item: MediaId,
    source: SourceId,
    previews: Previews,
    plan: Option<PreviewPlan>,
    at: Duration,
) -> Fetched {
    let plan = match plan {
        Some(plan) => plan,
        None => PreviewService::plan(ctx, source, &previews).await.unwrap_or_else(|error| {
            tracing::debug!(kind = ?error.kind(), "no previews");
            PreviewPlan::Nowhere
        }),
    };
    let picture = match plan.place(at) {
        Some(place) => picture(ctx, source, place).await,
        None => None,
    };
    Fetched { item, at, plan, picture }
}

async fn picture(
    ctx: &AppContext,
    source: SourceId,
    place: PreviewPlace,
) -> Option<(PreviewPlace, gdk::Texture)> {
    let file: PathBuf = match PreviewService::file(ctx, source, &place).await {
        Ok(file) => file,
        Err(error) => {
            tracing::debug!(kind = ?error.kind(), "no preview");
            return None;
        }
    };
    let decoded = relm4::spawn_blocking(move || decode_file(&file, Fit::Within(LARGEST_SHEET))).await;
    Some((place, decoded.ok().flatten()?))
}
