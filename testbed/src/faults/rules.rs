//! Which request meets which fault.

use super::Fault;
use axum::http::{Method, Uri};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Name that stands for every connection.
pub const EVERY_CONNECTION: &str = "*";

/// Which requests: the beginning of the path, and what else must hold. A text stands for such a beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Where {
    path_prefix: String,
    query_part: Option<String>,
    method: Option<Method>,
}

impl Where {
    /// Requests whose path begins so.
    pub fn path(prefix: &str) -> Self {
        Self { path_prefix: prefix.to_owned(), ..Self::default() }
    }

    /// Only those whose query holds this text, in any case.
    #[must_use]
    pub fn query(mut self, part: &str) -> Self {
        self.query_part = Some(part.to_ascii_lowercase());
        self
    }

    /// Only those of this method.
    #[must_use]
    pub fn method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    fn holds(&self, method: &Method, uri: &Uri) -> bool {
        let query = || uri.query().unwrap_or_default().to_ascii_lowercase();
        uri.path().starts_with(&self.path_prefix)
            && self.query_part.as_ref().is_none_or(|part| query().contains(part))
            && self.method.as_ref().is_none_or(|wanted| wanted == method)
    }
}

impl From<&str> for Where {
    fn from(prefix: &str) -> Self {
        Self::path(prefix)
    }
}

impl From<&String> for Where {
    fn from(prefix: &String) -> Self {
        Self::path(prefix)
    }
}

#[derive(Debug, Clone)]
struct Rule {
    connection: String,
    place: Where,
    fault: Fault,
    /// How many requests it still meets; `None` = all.
    left: Option<u32>,
}

/// The rules, shared by everything that holds a clone.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    rules: Arc<Mutex<Vec<Rule>>>,
}

impl Faults {
    /// Adds a rule for requests on a connection ([`EVERY_CONNECTION`] for all).
    pub fn add(&self, connection: &str, place: impl Into<Where>, fault: Fault) {
        self.push(connection, place.into(), fault, None);
    }

    /// Adds a rule for the next `times` such requests.
    pub fn add_times(&self, connection: &str, place: impl Into<Where>, fault: Fault, times: u32) {
        self.push(connection, place.into(), fault, Some(times));
    }

    /// Takes back every rule of a connection.
    pub fn clear(&self, connection: &str) {
        self.lock().retain(|rule| rule.connection != connection);
    }

    /// Takes back every rule.
    pub fn clear_all(&self) {
        self.lock().clear();
    }

    /// Whether a connection has a rule of its own.
    pub fn any(&self, connection: &str) -> bool {
        self.lock().iter().any(|rule| rule.connection == connection)
    }

    fn push(&self, connection: &str, place: Where, fault: Fault, left: Option<u32>) {
        self.lock().push(Rule { connection: connection.to_owned(), place, fault, left });
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The delay of a request and the other fault that it meets. Uses up rules that are counted.
    pub(super) fn meet(&self, connection: &str, method: &Method, uri: &Uri) -> (Duration, Option<Fault>) {
        let (mut delay, mut fault) = (Duration::ZERO, None);
        let mut rules = self.lock();
        for rule in rules.iter_mut() {
            let here = rule.connection == EVERY_CONNECTION || rule.connection == connection;
            if !here || !rule.place.holds(method, uri) || rule.left == Some(0) {
                continue;
            }
            rule.left = rule.left.map(|left| left - 1);
            match &rule.fault {
                Fault::Delay(longer) => delay += *longer,
                other => fault = Some(other.clone()),
            }
        }
        rules.retain(|rule| rule.left != Some(0));
        (delay, fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meet(faults: &Faults, connection: &str, uri: &'static str) -> (Duration, Option<Fault>) {
        faults.meet(connection, &Method::GET, &Uri::from_static(uri))
    }

    #[test]
    fn delays_add_up_and_the_last_rule_decides() {
        let faults = Faults::default();
        faults.add("lan", "/Items", Fault::Delay(Duration::from_millis(20)));
        faults.add(EVERY_CONNECTION, "/", Fault::Delay(Duration::from_millis(5)));
        faults.add("lan", "/Items", Fault::Html);
        faults.add("lan", "/Items/Counts", Fault::Garbage);
        assert_eq!(meet(&faults, "lan", "/Items"), (Duration::from_millis(25), Some(Fault::Html)));
        assert_eq!(meet(&faults, "lan", "/Items/Counts").1, Some(Fault::Garbage));
        assert_eq!(meet(&faults, "wan", "/Items"), (Duration::from_millis(5), None));
        faults.clear("lan");
        assert_eq!(meet(&faults, "lan", "/Items"), (Duration::from_millis(5), None));
    }

    #[test]
    fn a_counted_rule_ends() {
        let faults = Faults::default();
        faults.add_times("lan", "/", Fault::status(502), 2);
        let met = [0; 3].map(|_| meet(&faults, "lan", "/x").1.is_some());
        assert_eq!(met, [true, true, false]);
    }

    #[test]
    fn a_rule_may_want_a_query_and_a_method() {
        let faults = Faults::default();
        faults.add("lan", Where::path("/Items").query("parentid=7"), Fault::status(401));
        faults.add("lan", Where::path("/Marks").method(Method::POST), Fault::status(503));
        assert!(meet(&faults, "lan", "/Items?limit=5&ParentId=7").1.is_some());
        assert!(meet(&faults, "lan", "/Items?ParentId=8").1.is_none());
        assert!(meet(&faults, "lan", "/Marks").1.is_none());
        assert!(faults.meet("lan", &Method::POST, &Uri::from_static("/Marks")).1.is_some());
    }
}
