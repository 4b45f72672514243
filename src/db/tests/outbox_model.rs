//! The outbox against a sequential model of it: whatever happens in whatever order, nothing is lost and nothing of an
//! item is delivered out of its order.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::db::OutboxState;
use crate::models::{OperationId, OutboxChange};

const LEASE: Duration = Duration::from_mins(5);
const ITEMS: [&str; 3] = ["a", "b", "c"];
const OWNERS: [&str; 2] = ["app", "command line"];

/// Something that happens.
#[derive(Debug, Clone)]
enum Step {
    /// An item is changed.
    Change(usize, What),
    /// An owner takes some.
    Lease(usize, u32),
    /// The server has the first that an owner took, or fails or refuses it.
    End(usize, End),
    /// Time passes, in minutes.
    Pass(i64),
    /// A person wants everything tried.
    Retry,
    /// An owner ends, and says so.
    Abandon(usize),
    /// The process ends, and another one begins.
    Restart,
}

#[derive(Debug, Clone, Copy)]
enum What {
    Left(u64),
    Watched(bool),
    Favourite(bool),
}

#[derive(Debug, Clone, Copy)]
enum End {
    Done,
    Failed,
    Refused,
}

fn step() -> impl Strategy<Value = Step> {
    let what = prop_oneof![
        4 => (1..5000_u64).prop_map(What::Left),
        2 => any::<bool>().prop_map(What::Watched),
        1 => any::<bool>().prop_map(What::Favourite),
    ];
    let end = prop_oneof![3 => Just(End::Done), 2 => Just(End::Failed), 1 => Just(End::Refused)];
    prop_oneof![
        8 => (0..ITEMS.len(), what).prop_map(|(item, what)| Step::Change(item, what)),
        5 => (0..OWNERS.len(), 1..4_u32).prop_map(|(owner, limit)| Step::Lease(owner, limit)),
        6 => (0..OWNERS.len(), end).prop_map(|(owner, end)| Step::End(owner, end)),
        2 => (1..8_i64).prop_map(Step::Pass),
        1 => Just(Step::Retry),
        1 => (0..OWNERS.len()).prop_map(Step::Abandon),
        1 => Just(Step::Restart),
    ]
}

/// A row as it has to be.
#[derive(Debug, Clone)]
struct Row {
    id: OperationId,
    item: usize,
    kind: &'static str,
    change: OutboxChange,
    made: u32,
    state: OutboxState,
    owner: usize,
    until: i64,
    not_before: i64,
}

/// What the outbox has to be, and what a server got.
#[derive(Debug, Default)]
struct Model {
    rows: Vec<Row>,
    now: i64,
    /// The last value of each kind that the server has, with its place in the order of the changes: what a person has
    /// tried again later does not go over what is newer (the conflict rule of the delivery).
    server: HashMap<(usize, &'static str), (u32, OutboxChange)>,
    made: u32,
    /// The last value of each kind that the user has given.
    wanted: BTreeMap<(usize, &'static str), OutboxChange>,
}

fn replaces(newer: &str, older: &str) -> bool {
    newer == older || (newer == "watched" && older == "position")
}

impl Model {
    fn change(&mut self, id: OperationId, item: usize, change: OutboxChange) {
        let kind = change.kind();
        self.rows
            .retain(|row| row.item != item || row.state == OutboxState::Leased || !replaces(kind, row.kind));
        if kind == "watched" {
            self.wanted.remove(&(item, "position"));
        }
        self.wanted.insert((item, kind), change.clone());
        let (state, owner, until, not_before) = (OutboxState::Pending, 0, 0, 0);
        self.made += 1;
        self.rows.push(Row { id, item, kind, change, made: self.made, state, owner, until, not_before });
    }

    /// Whether a later change of the item replaces a row anyway.
    fn is_replaced(&self, place: usize) -> bool {
        let row = &self.rows[place];
        self.rows[place + 1..].iter().any(|newer| newer.item == row.item && replaces(newer.kind, row.kind))
    }

    /// Forgets what is replaced of the leased rows for which this is so.
    fn forget_replaced(&mut self, of: impl Fn(&Row) -> bool) {
        for place in (0..self.rows.len()).rev() {
            let row = &self.rows[place];
            if row.state == OutboxState::Leased && of(row) && self.is_replaced(place) {
                self.rows.remove(place);
            }
        }
    }

    /// What an owner has to get.
    fn lease(&mut self, owner: usize, limit: u32) -> Vec<OperationId> {
        let now = self.now;
        self.forget_replaced(|row| row.until <= now);
        let mut heads = Vec::new();
        for (place, row) in self.rows.iter().enumerate() {
            let is_head = row.state != OutboxState::Stuck
                && !self.rows[..place]
                    .iter()
                    .any(|other| other.item == row.item && other.state != OutboxState::Stuck);
            let is_free = row.state == OutboxState::Pending || row.until <= now;
            if is_head && is_free && row.not_before <= now && heads.len() < limit as usize {
                heads.push(place);
            }
        }
        for place in &heads {
            let row = &mut self.rows[*place];
            row.state = OutboxState::Leased;
            row.owner = owner;
            row.until = now + i64::try_from(LEASE.as_secs() / 60).unwrap();
        }
        heads.iter().map(|place| self.rows[*place].id).collect()
    }

    fn first_of(&self, owner: usize) -> Option<Row> {
        self.rows.iter().find(|row| row.state == OutboxState::Leased && row.owner == owner).cloned()
    }

    fn done(&mut self, row: &Row) {
        let is_older = |known: Option<&(u32, OutboxChange)>| known.is_some_and(|(made, _)| *made > row.made);
        if row.kind == "watched" && !is_older(self.server.get(&(row.item, "position"))) {
            self.server.remove(&(row.item, "position"));
        }
        if !is_older(self.server.get(&(row.item, row.kind))) {
            self.server.insert((row.item, row.kind), (row.made, row.change.clone()));
        }
        self.rows.retain(|other| other.id != row.id);
    }

    fn not_done(&mut self, row: &Row, state: OutboxState, not_before: i64) {
        let place = self.rows.iter().position(|other| other.id == row.id).unwrap();
        if self.is_replaced(place) {
            self.rows.remove(place);
            return;
        }
        let row = &mut self.rows[place];
        row.state = state;
        if state == OutboxState::Pending {
            row.not_before = not_before;
        }
    }
}

struct Run {
    fixture: Fixture,
    place: Place,
    db: Database,
    ids: Vec<MediaId>,
    model: Model,
}

impl Run {
    async fn new() -> Self {
        let fixture = Fixture::new().await;
        let place = fixture.place(SourceKind::Jellyfin).await;
        let films: Vec<_> = ITEMS.iter().map(|remote| film(remote, remote)).collect();
        fixture.list(place, &films).await;
        let mut ids = Vec::new();
        for remote in ITEMS {
            ids.push(fixture.id(place, remote).await);
        }
        let db = fixture.db.clone();
        Self { fixture, place, db, ids, model: Model::default() }
    }

    async fn take(&mut self, step: &Step) {
        let outbox = self.db.outbox();
        let now = self.model.now;
        match step {
            Step::Change(item, what) => {
                let at = minute(now);
                let change = match *what {
                    What::Left(seconds) => {
                        OutboxChange::Position { position: Duration::from_secs(seconds), duration: None, at }
                    }
                    What::Watched(watched) => OutboxChange::Watched { watched, at },
                    What::Favourite(favourite) => OutboxChange::Favourite { favourite },
                };
                let id = outbox.apply_change(self.ids[*item], &change, at).await.unwrap().unwrap();
                self.model.change(id, *item, change);
            }
            Step::Lease(owner, limit) => {
                let rows = outbox.lease(self.place.source, OWNERS[*owner], minute(now), LEASE, *limit);
                let taken: Vec<_> = rows.await.unwrap().into_iter().map(|row| row.op_id).collect();
                assert_eq!(taken, self.model.lease(*owner, *limit));
            }
            Step::End(owner, end) => {
                let Some(row) = self.model.first_of(*owner) else { return };
                match end {
                    End::Done => {
                        outbox.complete(row.id).await.unwrap();
                        self.model.done(&row);
                    }
                    End::Failed => {
                        outbox.fail(row.id, OWNERS[*owner], minute(now + 3), "Offline").await.unwrap();
                        self.model.not_done(&row, OutboxState::Pending, now + 3);
                    }
                    End::Refused => {
                        outbox.stuck(row.id, OWNERS[*owner], "Forbidden").await.unwrap();
                        self.model.not_done(&row, OutboxState::Stuck, 0);
                    }
                }
            }
            Step::Pass(minutes) => self.model.now += minutes,
            Step::Retry => {
                outbox.retry(None).await.unwrap();
                for row in &mut self.model.rows {
                    row.not_before = 0;
                    if row.state == OutboxState::Stuck {
                        row.state = OutboxState::Pending;
                    }
                }
            }
            Step::Abandon(owner) => {
                outbox.abandon(OWNERS[*owner]).await.unwrap();
                self.model.forget_replaced(|row| row.owner == *owner);
                for row in &mut self.model.rows {
                    if row.state == OutboxState::Leased && row.owner == *owner {
                        row.state = OutboxState::Pending;
                    }
                }
            }
            Step::Restart => self.db = Database::open(&self.fixture.path()).await.unwrap(),
        }
        let rows = self.db.outbox().list(None).await.unwrap();
        let found: Vec<_> = rows.iter().map(|row| (row.op_id, row.state)).collect();
        let expected: Vec<_> = self.model.rows.iter().map(|row| (row.id, row.state)).collect();
        assert_eq!(found, expected);
    }

    /// The server is back, and a person wants everything tried.
    async fn settle(&mut self) {
        self.model.now += 60;
        self.take(&Step::Retry).await;
        while !self.model.rows.is_empty() {
            self.take(&Step::Lease(0, 3)).await;
            while self.model.first_of(0).is_some() {
                self.take(&Step::End(0, End::Done)).await;
            }
        }
        // A change that was refused and retried comes last of its kind only when nothing newer of it was made.
        for (what, value) in &self.model.wanted {
            assert_eq!(self.model.server.get(what).map(|(_, value)| value), Some(value), "{what:?}");
        }
        for (item, id) in self.ids.iter().enumerate() {
            let here = self.db.items().get(*id).await.unwrap().record.watch;
            if let Some(OutboxChange::Position { position, .. }) = self.model.wanted.get(&(item, "position"))
            {
                assert_eq!(here.position, *position, "what the user sees is what the user did");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_outbox_is_what_its_model_says(steps in proptest::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let mut run = Run::new().await;
            for step in &steps {
                run.take(step).await;
            }
            run.settle().await;
        });
    }
}
