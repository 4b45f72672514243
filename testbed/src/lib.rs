//! Pretended media servers for the tests and the demo of Reel: Jellyfin, Plex Media Server and plex.tv.
//!
//! They are real HTTP servers on loopback over one [`catalogue`], with real video ([`media`]), drawn
//! pictures ([`images`]), a record of every request ([`record`]), and addresses ([`connection`], [`tls`]) and
//! faults ([`faults`]) that change while they run; a [`proxy`] can stand between, and [`discovery`] answers who looks
//! for them. Independent clients drive them too (`testbed/conformance/`): that keeps them honest.
//!
//! What must not come in: anything of Reel itself. The testbed knows the protocols, not the app.

pub mod catalogue;
pub mod connection;
pub mod conversions;
pub mod demo;
pub mod discovery;
pub mod faults;
pub mod images;
pub mod jellyfin;
pub mod media;
pub mod plex;
pub mod plex_tv;
pub mod proxy;
pub mod record;
pub mod tls;
