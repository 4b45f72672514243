//! Linking an account of plex.tv: by the page in the browser or by the short code.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gnome_reel::net::ErrorKind;
use gnome_reel::services::core::AuthService;
use gnome_reel::services::core::auth::{LinkNews, PlexAccount, PlexLink};
use gnome_reel::services::{Result, ServiceError, SignInProblem};
use reel_testbed::faults::{EVERY_CONNECTION, Fault};
use reel_testbed::plex::PlexServer;
use reel_testbed::plex_tv::PlexTv;
use tokio::task::JoinHandle;

use super::{ACCOUNT, bed_with, plex_server};
use crate::support::{Bed, TOKEN, USER, soon};

/// Somebody who waits to be linked.
struct Waiting {
    _server: PlexServer,
    tv: PlexTv,
    bed: Bed,
    link: PlexLink,
    news: Arc<Mutex<Vec<LinkNews>>>,
    task: JoinHandle<Result<PlexAccount>>,
}

impl Waiting {
    async fn start() -> Self {
        let server = plex_server(1, &[(USER, TOKEN)]).await;
        let tv = PlexTv::builder().account(USER, ACCOUNT).server(server.listing()).start().await.unwrap();
        let bed = bed_with(&tv).await;
        let link = AuthService::start_plex_link(&bed.ctx).await.unwrap();
        let news: Arc<Mutex<Vec<LinkNews>>> = Arc::default();
        let (ctx, waited, heard) = (bed.ctx.clone(), link.clone(), Arc::clone(&news));
        let task = tokio::spawn(async move {
            AuthService::wait_for_plex_link(&ctx, &waited, |now| heard.lock().unwrap().push(now)).await
        });
        Self { _server: server, tv, bed, link, news, task }
    }

    /// The code that only the browser gets.
    fn code_of_page(&self) -> String {
        let codes = self.tv.waiting_pins();
        codes.into_iter().find(|code| code != self.link.code()).unwrap()
    }

    async fn until(&self, wanted: LinkNews) {
        soon(async {
            while self.news.lock().unwrap().last() != Some(&wanted) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }
}

/// How often plex.tv was asked whether somebody has agreed.
fn polls(tv: &PlexTv) -> usize {
    let requests = tv.recorder().requests();
    requests.iter().filter(|request| request.path.starts_with("/api/v2/pins/")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_is_one_way_to_agree() {
    let waiting = Waiting::start().await;
    let code = waiting.code_of_page();
    assert!(waiting.link.page().as_str().contains(&code), "the browser gets the long code");
    assert!(!waiting.link.page().as_str().contains(waiting.link.code()));
    waiting.tv.approve_pin(&code);
    let account = soon(waiting.task).await.unwrap().unwrap();
    assert_eq!((account.name.as_str(), account.servers.len()), (USER, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_short_code_is_the_other() {
    let waiting = Waiting::start().await;
    assert_eq!(waiting.link.code().len(), 4);
    assert!(waiting.link.remaining() <= Duration::from_mins(15), "{:?}", waiting.link.remaining());
    waiting.tv.approve_pin(waiting.link.code());
    assert_eq!(soon(waiting.task).await.unwrap().unwrap().name, USER);
    let shown = format!("{:?}", waiting.link);
    assert!(!shown.contains(waiting.link.code()), "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_ends_is_said_and_adds_nothing() {
    let waiting = Waiting::start().await;
    waiting.until(LinkNews::Waiting).await;
    waiting.tv.expire_pin(waiting.link.code());
    let ended = soon(waiting.task).await.unwrap();
    assert!(matches!(ended, Err(ServiceError::SignIn(SignInProblem::CodeExpired))), "{ended:?}");
    assert!(waiting.bed.ctx.db.sources().list().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_was_linked_while_the_network_was_away_is_read_when_it_is_back() {
    let waiting = Waiting::start().await;
    waiting.until(LinkNews::Waiting).await;
    waiting.tv.connection().off();
    waiting.until(LinkNews::NoNetwork).await;
    waiting.tv.approve_pin(waiting.link.code());
    assert!(!waiting.task.is_finished(), "a lost network ends nothing");
    waiting.tv.connection().on();
    assert_eq!(soon(waiting.task).await.unwrap().unwrap().name, USER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trouble_of_plex_tv_after_the_agreement_is_waited_for() {
    let waiting = Waiting::start().await;
    waiting.tv.faults().add(EVERY_CONNECTION, "/api/v2/user", Fault::status(502));
    waiting.tv.approve_pin(waiting.link.code());
    soon(async {
        while waiting.tv.recorder().count("/api/v2/user") == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    assert!(!waiting.task.is_finished());
    waiting.tv.faults().clear_all();
    assert_eq!(soon(waiting.task).await.unwrap().unwrap().name, USER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gives_up_asks_no_more_and_leaves_nothing() {
    let waiting = Waiting::start().await;
    waiting.until(LinkNews::Waiting).await;
    waiting.task.abort();
    assert!(waiting.task.await.unwrap_err().is_cancelled());
    let before = polls(&waiting.tv);
    waiting.tv.approve_pin(waiting.link.code());
    // Longer than the pause between two looks.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(polls(&waiting.tv), before);
    assert!(waiting.bed.ctx.db.sources().list().await.unwrap().is_empty());
}

#[tokio::test]
async fn without_plex_tv_there_is_no_code() {
    let mut bed = Bed::new().await;
    bed.ctx.plex_tv = "http://127.0.0.1:9".parse().unwrap();
    let refused = AuthService::start_plex_link(&bed.ctx).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Refused);
}
