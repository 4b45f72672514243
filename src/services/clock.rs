//! The time of day, replaceable in tests.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, SubsecRound as _, Utc};

type Now = dyn Fn() -> DateTime<Utc> + Send + Sync;

/// Tells the time, in whole milliseconds as the database stores it.
#[derive(Clone)]
pub struct Clock(Arc<Now>);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(Arc::new(Utc::now))
    }

    /// A clock for tests.
    pub fn from_fn(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)().trunc_subsecs(3)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
