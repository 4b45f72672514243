//! Two hosts with two ways between them, in network namespaces that the tests make for themselves: a real cut, and
//! real broadcasts.
//!
//! A test runs itself again inside of a user namespace. Where the kernel allows none, it says so and ends.

mod discovery;

use std::fs::File;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use gnome_reel::models::{ServerConnection, Tier};
use gnome_reel::services::core::{AuthService, BackendService};
use reel_testbed::connection::{ConnectionPlan, Reach};
use reel_testbed::jellyfin::{JellyfinServer, JellyfinServerBuilder};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::support::{Bed, PASSWORD, USER};

/// Addresses of the server, each in a network of its own.
const FIRST: [u8; 4] = [10, 99, 1, 2];
const SECOND: [u8; 4] = [10, 99, 2, 2];
/// The hedge delay, four round trips and some time to think, five times over.
const CEILING: Duration = Duration::from_millis(1900);

#[test]
fn a_way_that_is_cut_is_left_for_the_other() {
    in_a_namespace("network::a_cut_inside_of_a_namespace");
}

#[test]
fn every_network_is_asked_and_a_server_that_moved_is_learnt() {
    in_a_namespace("network::discovery::inside_of_a_namespace");
}

/// Runs a test that only works inside of a namespace.
fn in_a_namespace(inside: &str) {
    let may = Command::new("unshare").args(["-Urn", "ip", "link", "add", "a0", "type", "veth"]).status();
    if !may.is_ok_and(|status| status.success()) {
        #[expect(clippy::print_stdout, reason = "a reader of the test run has to know")]
        {
            println!("skipped: this machine allows no network namespaces");
        }
        return;
    }
    let test = std::env::current_exe().unwrap();
    let arguments = [inside, "--exact", "--ignored", "--nocapture"];
    let output = Command::new("unshare").arg("-Urn").arg(test).args(arguments).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("1 passed"), "{text}");
}

/// A process that holds the server's network namespace.
struct Host(Child);

impl Host {
    fn new() -> Self {
        let process =
            Command::new("unshare").args(["-n", "sleep", "300"]).stdin(Stdio::null()).spawn().unwrap();
        let host = Self(process);
        // Until it has left our namespace.
        let ours = std::fs::read_link("/proc/self/ns/net").unwrap();
        let theirs = format!("/proc/{}/ns/net", host.0.id());
        while std::fs::read_link(&theirs).is_ok_and(|namespace| namespace == ours) {
            thread::sleep(Duration::from_millis(5));
        }
        host
    }

    fn ip(&self, arguments: &str) {
        let pid = self.0.id().to_string();
        let inside = ["-t", &pid, "-n", "ip"];
        run(Command::new("nsenter").args(inside).args(arguments.split(' ')));
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

fn run(command: &mut Command) {
    assert!(command.status().unwrap().success(), "{command:?}");
}

fn ip(arguments: &str) {
    run(Command::new("ip").args(arguments.split(' ')));
}

/// Lays two cables.
fn connect(host: &Host) {
    ip("link set lo up");
    host.ip("link set lo up");
    for number in [1, 2] {
        ip(&format!("link add c{number} type veth peer name s{number}"));
        ip(&format!("link set s{number} netns {}", host.0.id()));
        ip(&format!("addr add 10.99.{number}.1/24 dev c{number}"));
        ip(&format!("link set c{number} up"));
        host.ip(&format!("addr add 10.99.{number}.2/24 dev s{number}"));
        host.ip(&format!("link set s{number} up"));
    }
}

/// Starts something on the other host, which runs until the sender is dropped. `start` gives what has to be kept
/// there and what the test needs of it.
fn on<K, T: Send + 'static>(
    host: &Host,
    start: impl AsyncFnOnce() -> (K, T) + Send + 'static,
) -> (T, mpsc::Sender<()>) {
    let namespace = File::open(format!("/proc/{}/ns/net", host.0.id())).unwrap();
    let (tell, told) = mpsc::channel();
    let (keep, end) = mpsc::channel::<()>();
    thread::spawn(move || {
        move_into_link_name_space(std::os::fd::AsFd::as_fd(&namespace), Some(LinkNameSpaceType::Network))
            .unwrap();
        // Its threads are made here, so they are on that host, too.
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (_kept, known) = runtime.block_on(start());
        tell.send(known).unwrap();
        let _ended = end.recv();
    });
    (told.recv().unwrap(), keep)
}

/// A Jellyfin with a connection at each of these addresses.
async fn jellyfin_at(addresses: &[(&str, [u8; 4])]) -> JellyfinServer {
    let builder = JellyfinServer::builder().user(USER, PASSWORD);
    let plans = addresses.iter().map(|(name, address)| ConnectionPlan::new(name, Reach::Local).at(*address));
    plans.fold(builder, JellyfinServerBuilder::connection).start().await.unwrap()
}

#[test]
#[ignore = "run by the test above, inside of a namespace"]
fn a_cut_inside_of_a_namespace() {
    let host = Host::new();
    connect(&host);
    let (urls, _keep) = on(&host, async || {
        let server = jellyfin_at(&[("cable", FIRST), ("other", SECOND)]).await;
        let urls = server.base_urls();
        (server, urls)
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let bed = Bed::new().await;
        let id = AuthService::add_jellyfin(&bed.ctx, &urls[0], USER, &PASSWORD.into()).await.unwrap();
        let mut second = ServerConnection::new(urls[1].parse().unwrap(), Tier::Remote);
        second.accepted = true;
        bed.ctx.db.sources().edit_connections(id, |list| list.connections.push(second)).await.unwrap();
        BackendService::test_connection(&bed.ctx, id).await.unwrap();
        // A race serves before it is written down.
        let in_use = || async {
            bed.ctx.connections.all_settled().await;
            bed.ctx.db.sources().get(id).await.unwrap().connection_url.unwrap().to_string()
        };
        assert_eq!(in_use().await, urls[0]);

        // The cable is pulled at the other end: nothing says so, packets are lost.
        host.ip("link set s1 down");
        let begin = Instant::now();
        BackendService::test_connection(&bed.ctx, id).await.unwrap();
        let took = begin.elapsed();
        assert_eq!(in_use().await, urls[1]);
        assert!(took < CEILING, "{took:?}");

        // No way is left, and then one is back.
        host.ip("link set s2 down");
        assert!(BackendService::test_connection(&bed.ctx, id).await.is_err());
        host.ip("link set s1 up");
        BackendService::test_connection(&bed.ctx, id).await.unwrap();
        assert_eq!(in_use().await, urls[0]);
    });
}
