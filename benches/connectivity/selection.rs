//! Cold selection, against simpler ways to select.

use std::time::{Duration, Instant};

use futures::FutureExt as _;
use futures::future::{join_all, select_ok};
use gnome_reel::models::{MachineId, ServerUrl, SourceKind, Tier};
use gnome_reel::net::HttpPool;
use gnome_reel::services::core::connection::policy::{self, Candidate};
use gnome_reel::services::core::connection::{HttpProber, Prober, Rules, race};

use crate::figures::{Figures, jitter, median, ms};
use crate::identity_server::{Address, MACHINE};

/// Runs of each scenario.
const RUNS: usize = 21;
/// What the others wait for an answer: seed 001's limit.
const NAIVE_LIMIT: Duration = Duration::from_secs(3);

const RULES: Rules = Rules { parallel: policy::MOST_PARALLEL, second_look: true };

struct Scenario {
    addresses: Vec<(Address, Tier)>,
}

impl Scenario {
    fn candidates(&self, rotate: usize) -> Vec<Candidate> {
        let mut list: Vec<Candidate> = self
            .addresses
            .iter()
            .filter_map(|(address, tier)| {
                let uri = address.url.parse().ok()?;
                Some(Candidate::new(uri, *tier))
            })
            .collect();
        let turns = rotate % list.len().max(1);
        list.rotate_left(turns);
        list
    }
}

fn prober() -> anyhow::Result<HttpProber> {
    Ok(HttpProber::new(&HttpPool::new()?.fresh(), SourceKind::Jellyfin, Some(MachineId::new(MACHINE))))
}

/// When the waiting operation is served.
async fn ours(candidates: Vec<Candidate>, prober: &HttpProber) -> (Duration, Option<ServerUrl>) {
    let begin = Instant::now();
    let mut first = None;
    let result = race(candidates, prober, RULES, |_, _| first = Some(begin.elapsed())).await;
    (first.unwrap_or(begin.elapsed()), result.winner.map(|winner| winner.uri))
}

async fn one(prober: &HttpProber, uri: &ServerUrl) -> Result<Duration, ()> {
    tokio::time::timeout(NAIVE_LIMIT, prober.probe(uri)).await.map_err(drop)?.map_err(drop)
}

async fn sequential(list: &[Candidate], prober: &HttpProber) -> Duration {
    let begin = Instant::now();
    for candidate in list {
        if one(prober, &candidate.uri).await.is_ok() {
            break;
        }
    }
    begin.elapsed()
}

async fn wait_for_all(list: &[Candidate], prober: &HttpProber) -> Duration {
    let begin = Instant::now();
    join_all(list.iter().map(|candidate| one(prober, &candidate.uri))).await;
    begin.elapsed()
}

async fn first_answer(list: &[Candidate], prober: &HttpProber) -> (Duration, Option<ServerUrl>) {
    let begin = Instant::now();
    let asks = list.iter().map(|candidate| {
        async move { one(prober, &candidate.uri).await.map(|_| candidate.uri.clone()) }.boxed()
    });
    let won = select_ok(asks).await.ok().map(|(uri, _)| uri);
    (begin.elapsed(), won)
}

/// Measures all scenarios.
pub async fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    black_holes(figures).await?;
    near_and_far(figures).await?;
    dead_ipv6(figures).await
}

/// Eight connections, six of which take connections and never answer.
async fn black_holes(figures: &mut Figures) -> anyhow::Result<()> {
    let (quick, slow) = (Duration::from_millis(60), Duration::from_millis(120));
    let mut addresses = Vec::new();
    for _ in 0..6 {
        addresses.push((Address::black_hole()?, Tier::Remote));
    }
    addresses.push((Address::answering(quick).await?, Tier::Remote));
    addresses.push((Address::answering(slow).await?, Tier::Remote));
    let scenario = Scenario { addresses };
    let prober = prober()?;
    let (mut times, mut over, mut limits) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..RUNS {
        let mut list = scenario.candidates(run);
        // The order of names is that of ports: another one in each run.
        for (number, candidate) in list.iter_mut().enumerate() {
            candidate.usual = Some(Duration::from_millis(125) + Duration::from_micros(number as u64));
        }
        policy::race_order(&mut list);
        let offsets = policy::start_offsets(&list);
        let answers = |url: &str| list.iter().position(|candidate| candidate.uri.as_str() == url);
        let at = |index: usize, time| answers(&scenario.addresses[index].0.url).map(|at| offsets[at] + time);
        let limit = at(6, quick).into_iter().chain(at(7, slow)).min().unwrap_or_default();
        let (took, _) = ours(list, &prober).await;
        times.push(ms(took));
        limits.push(ms(limit));
        over.push(ms(took) - ms(limit));
    }
    let ours_median = median(&times);
    figures.add(
        "cold selection, 6 of 8 black holes: over limit",
        "ms",
        over.clone(),
        0.0,
        10.0 + jitter(&over),
    );
    figures.remark(format!("median {ours_median:.0} ms, limit {:.0} ms", median(&limits)));
    let mut naive = [Vec::new(), Vec::new(), Vec::new()];
    for run in 0..5 {
        let list = scenario.candidates(run * 3 + 1);
        naive[0].push(ms(sequential(&list, &prober).await));
        naive[1].push(ms(wait_for_all(&list, &prober).await));
        naive[2].push(ms(first_answer(&list, &prober).await.0));
    }
    for (strategy, runs) in ["sequential", "waiting for all", "all at once, first answer"].iter().zip(&naive)
    {
        figures.compare("6 of 8 black holes", strategy, ours_median, median(runs));
    }
    Ok(())
}

/// A near connection of 2 ms, a far one of 40 ms, a relay of 30 ms.
async fn near_and_far(figures: &mut Figures) -> anyhow::Result<()> {
    let near = Duration::from_millis(6);
    let addresses = vec![
        (Address::answering(near).await?, Tier::Local),
        (Address::answering(Duration::from_millis(120)).await?, Tier::Remote),
        (Address::answering(Duration::from_millis(90)).await?, Tier::Relay),
    ];
    let scenario = Scenario { addresses };
    let prober = prober()?;
    let mut times = Vec::new();
    let mut wrong = 0_u32;
    for run in 0..RUNS {
        let (took, won) = ours(scenario.candidates(run), &prober).await;
        times.push(ms(took));
        wrong += u32::from(won.as_ref().map(ServerUrl::as_str) != Some(scenario.addresses[0].0.url.as_str()));
    }
    let limit = ms(near);
    let ours_median = median(&times);
    figures.add(
        "selection, LAN 2 + remote 40 + relay 30 ms",
        "ms",
        times.clone(),
        limit,
        limit + 10.0 + jitter(&times),
    );
    figures.add("  of these not the LAN", "runs", vec![f64::from(wrong)], 0.0, 0.0);
    let list = scenario.candidates(1);
    figures.compare("LAN, remote, relay", "sequential", ours_median, ms(sequential(&list, &prober).await));
    figures.compare(
        "LAN, remote, relay",
        "waiting for all",
        ours_median,
        ms(wait_for_all(&list, &prober).await),
    );
    let (took, _) = first_answer(&list, &prober).await;
    figures.compare("LAN, remote, relay", "all at once, first answer", ours_median, ms(took));
    Ok(())
}

/// The first address is on an IPv6 that leads nowhere.
async fn dead_ipv6(figures: &mut Figures) -> anyhow::Result<()> {
    let Ok(dead) = Address::black_hole_v6() else {
        figures.remark("no IPv6 on this machine: its black hole was not measured".to_owned());
        return Ok(());
    };
    let quick = Duration::from_millis(60);
    let scenario =
        Scenario { addresses: vec![(dead, Tier::Local), (Address::answering(quick).await?, Tier::Remote)] };
    let prober = prober()?;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        times.push(ms(ours(scenario.candidates(0), &prober).await.0));
    }
    let limit = ms(policy::STAGGER + quick);
    let ours_median = median(&times);
    figures.add("selection, IPv6 black hole", "ms", times, limit, 550.0);
    let list = scenario.candidates(0);
    figures.compare("IPv6 black hole", "sequential", ours_median, ms(sequential(&list, &prober).await));
    figures.compare(
        "IPv6 black hole",
        "waiting for all",
        ours_median,
        ms(wait_for_all(&list, &prober).await),
    );
    figures.compare(
        "IPv6 black hole",
        "all at once, first answer",
        ours_median,
        ms(first_answer(&list, &prober).await.0),
    );
    Ok(())
}
