//! Generations of clients: the sockets of one network, replaced as a whole.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tokio::time::Instant;

use super::proxy::ProxyRoute;

/// Clients that a generation keeps. More means that trusts or proxies change all the time; those that are dropped
/// end with their last request.
const MOST_CLIENTS: usize = 64;
/// Origins whose way is remembered.
const MOST_ROUTES: usize = 256;

/// The generation in use.
#[derive(Debug)]
pub(in crate::net) struct Generations<K, C> {
    current: RwLock<Arc<Generation<K, C>>>,
}

/// One set of clients, and the ways that were found through proxies on its network.
#[derive(Debug)]
pub(in crate::net) struct Generation<K, C> {
    /// Counts from 1.
    pub(in crate::net) number: u64,
    clients: Mutex<HashMap<K, C>>,
    routes: Mutex<HashMap<String, (Instant, Vec<ProxyRoute>)>>,
}

impl<K, C> Default for Generations<K, C> {
    fn default() -> Self {
        Self { current: RwLock::new(Arc::new(Generation::new(1))) }
    }
}

impl<K, C> Generations<K, C> {
    /// The generation for a request that begins now. Asked for at the last moment before sending, and not kept.
    pub(in crate::net) fn current(&self) -> Arc<Generation<K, C>> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins a new generation and gives its number. Requests under way keep the client that they have; once they are
    /// done, the sockets of the old generation are closed.
    pub(in crate::net) fn renew(&self) -> u64 {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let number = current.number + 1;
        *current = Arc::new(Generation::new(number));
        number
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<K, C> Generation<K, C> {
    fn new(number: u64) -> Self {
        Self { number, clients: Mutex::default(), routes: Mutex::default() }
    }

    /// The ways to an origin that were found at `since` or later.
    pub(in crate::net) fn routes(&self, origin: &str, since: Option<Instant>) -> Option<Vec<ProxyRoute>> {
        let routes = lock(&self.routes);
        let (found, known) = routes.get(origin)?;
        since.is_none_or(|since| *found >= since).then(|| known.clone())
    }

    /// Remembers the ways to an origin.
    pub(in crate::net) fn remember_routes(&self, origin: &str, routes: &[ProxyRoute]) {
        let mut known = lock(&self.routes);
        if known.len() >= MOST_ROUTES {
            known.clear();
        }
        known.insert(origin.to_owned(), (Instant::now(), routes.to_vec()));
    }
}

impl<K: Eq + Hash + Clone, C: Clone> Generation<K, C> {
    /// The client for a key, made when it is the first time.
    pub(in crate::net) fn client<E>(&self, key: &K, make: impl FnOnce() -> Result<C, E>) -> Result<C, E> {
        let mut clients = lock(&self.clients);
        if let Some(known) = clients.get(key) {
            return Ok(known.clone());
        }
        let made = make()?;
        if clients.len() >= MOST_CLIENTS {
            clients.clear();
        }
        clients.insert(key.clone(), made.clone());
        Ok(made)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    type Model = Generations<u8, Arc<u64>>;

    /// A request as the pool makes it: it asks, looks for its way, takes a client and is sent.
    #[derive(Debug, Clone, Default)]
    struct Request {
        steps: u8,
        current_when_asked: u64,
        client: Option<Arc<u64>>,
        is_done: bool,
    }

    /// Steps of a request.
    const STEPS: u8 = 4;

    impl Request {
        fn step(&mut self, model: &Model) {
            match self.steps {
                0 => self.current_when_asked = model.current().number,
                1 => model.current().remember_routes("origin", &[ProxyRoute::Direct]),
                2 => {
                    let generation = model.current();
                    let made = generation.client(&0, || Ok::<_, Infallible>(Arc::new(generation.number)));
                    self.client = Some(made.unwrap());
                }
                _ => {
                    let sent_on = self.client.take().unwrap();
                    assert!(*sent_on >= self.current_when_asked, "sent on a generation that was over before");
                    self.is_done = true;
                }
            }
            self.steps += 1;
        }
    }

    /// Every order in which actors with this many steps left can take their steps.
    fn orders(left: &mut [u8], begun: &mut Vec<usize>, visit: &mut impl FnMut(&[usize])) {
        if left.iter().all(|steps| *steps == 0) {
            return visit(begun);
        }
        for actor in 0..left.len() {
            if left[actor] > 0 {
                left[actor] -= 1;
                begun.push(actor);
                orders(left, begun, visit);
                begun.pop();
                left[actor] += 1;
            }
        }
    }

    #[test]
    fn in_no_order_of_steps_a_request_begins_on_a_generation_that_was_over() {
        let mut seen = 0;
        // Two requests and two changes of the network.
        orders(&mut [STEPS, STEPS, 1, 1], &mut Vec::new(), &mut |order| {
            seen += 1;
            let model = Model::default();
            let mut requests = [Request::default(), Request::default()];
            let mut first = Some(model.current());
            let watched = Arc::downgrade(first.as_ref().unwrap());
            first.take();
            let mut renewals = 0;
            for actor in order {
                if let Some(request) = requests.get_mut(*actor) {
                    request.step(&model);
                } else {
                    renewals += 1;
                    assert_eq!(model.renew(), renewals + 1);
                }
            }
            assert!(requests.iter().all(|request| request.is_done), "requests under way end");
            assert!(watched.upgrade().is_none(), "nothing keeps a generation that is over");
        });
        assert_eq!(seen, 6300, "10! / (4! 4!)");
    }

    #[test]
    fn threads_never_go_back_a_generation() {
        let model = Model::default();
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let mut request = Request::default();
                        (0..STEPS).for_each(|_| request.step(&model));
                    }
                });
            }
            for number in 2..=2001 {
                assert_eq!(model.renew(), number);
            }
            stop.store(true, Ordering::Relaxed);
        });
        assert_eq!(model.current().number, 2001);
    }

    #[test]
    fn a_client_is_made_once_for_a_key_and_generation() {
        let model = Model::default();
        let made = |model: &Model| model.current().client(&7, || Ok::<_, Infallible>(Arc::new(0))).unwrap();
        let first = made(&model);
        assert!(Arc::ptr_eq(&first, &made(&model)));
        model.renew();
        assert!(!Arc::ptr_eq(&first, &made(&model)));
    }

    #[test]
    fn what_changes_all_the_time_does_not_pile_up() {
        let generation = Generation::<usize, ()>::new(1);
        for key in 0..10 * MOST_CLIENTS {
            generation.client(&key, || Ok::<_, Infallible>(())).unwrap();
            generation.remember_routes(&key.to_string(), &[ProxyRoute::Direct]);
        }
        assert!(lock(&generation.clients).len() <= MOST_CLIENTS);
        assert!(lock(&generation.routes).len() <= MOST_ROUTES);
    }
}
