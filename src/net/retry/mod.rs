//! Repeating requests: how often, how long, after which failures.
//!
//! [`with_retry`] and [`with_retry_tracked`] are the only loops. They follow a [`RetryPolicy`], ask each
//! [`ErrorKind`](super::ErrorKind) what it permits, and consult the budget of the source. Everything but the
//! loops is pure. No call site repeats anything by itself.

mod adaptive;
mod budget;
mod context;
mod decide;
mod policy;
mod profiles;
mod rule;
mod run;
mod source;

pub use adaptive::AdaptiveBackoff;
pub use budget::RetryBudget;
pub use context::{Repeat, RetryContext, RetryObserver, RetryStep};
pub use policy::{Deadline, Jitter, RetryPolicy, SlowConnection};
pub use rule::{ConnectionNews, Failure, RetryRule};
pub use run::{with_retry, with_retry_tracked};
pub use source::{RetryRegistry, SourceRetries};
