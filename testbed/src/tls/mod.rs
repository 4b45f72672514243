//! Certificates of the pretended servers: good ones by a test authority, and every kind of bad one.

mod authority;
mod served;

pub use authority::Authority;
pub use served::Served;
pub(crate) use served::Tls;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests;
