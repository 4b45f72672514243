//! What is known of each connection from its attempts: state, counts, times.
//!
//! [`ConnectionManager`] is made once and lives as long as the app. The retry loops and the monitor write it;
//! the connections page, `doctor` and the metrics read it. It decides nothing: choosing a connection is the
//! business of the services.

mod health;
mod manager;
mod metrics;
mod state;
mod stats;

pub use health::{HEALTHY_SOURCES, HealthReport};
pub use manager::ConnectionManager;
pub use metrics::{MetricType, MetricsText, prometheus};
pub use state::{ConnectionId, ConnectionState, ConnectionTracker, TrackerSnapshot};
pub use stats::ConnectionStats;
