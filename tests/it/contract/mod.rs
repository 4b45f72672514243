//! What every backend and every credential store keeps, whatever is behind it.

mod backends;
mod credentials;
mod subject;
