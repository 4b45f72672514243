//! The real binary on folders of its own: what it prints, how it ends, and what it never says.

pub mod app;
mod canary;
mod discovering;
mod explains;
mod failing;
mod folders;
mod managing;
mod sign_in;
mod walk_through;
