//! Which servers have just said who they are.
//!
//! A credential over an unencrypted connection goes only where the server proved itself. A socket that is open leads
//! to who it led to before; a new one may lead to somebody who has got the address since. So a new one is opened
//! only shortly after an identity answer from there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

use crate::net::error::NetError;

/// How long an identity answer is a reason to open further sockets: an address changes hands in seconds, not faster.
const PROOF_AGE: Duration = Duration::from_secs(1);
/// Origins that are remembered: a person has a few servers.
const MOST_ORIGINS: usize = 256;

/// Asks a server who it is, for whoever is about to send it a credential.
#[async_trait]
pub trait IdentityGuard: Send + Sync {
    /// Asks at an origin (scheme, host and port).
    ///
    /// # Errors
    /// Why the expected server did not answer.
    async fn prove(&self, origin: &str) -> Result<(), NetError>;
}

/// Identity answers by origin. Cheap to clone; all clones share them.
#[derive(Debug, Clone, Default)]
pub(in crate::net) struct Proofs {
    seen: Arc<Mutex<HashMap<String, Instant>>>,
}

impl Proofs {
    /// The expected server has just answered.
    pub(in crate::net) fn note(&self, origin: String) {
        let mut seen = self.lock();
        if seen.len() >= MOST_ORIGINS {
            seen.retain(|_, at| at.elapsed() < PROOF_AGE);
        }
        seen.insert(origin, Instant::now());
    }

    /// Something went wrong there: the next socket asks again.
    pub(in crate::net) fn forget(&self, origin: &str) {
        self.lock().remove(origin);
    }

    /// Whether it has done so a moment ago.
    pub(in crate::net) fn is_fresh(&self, origin: &str) -> bool {
        self.lock().get(origin).is_some_and(|at| at.elapsed() < PROOF_AGE)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Instant>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_proof_is_of_its_origin_and_grows_old() {
        let proofs = Proofs::default();
        proofs.note("http://attic:8096".to_owned());
        assert!(proofs.is_fresh("http://attic:8096"));
        assert!(!proofs.is_fresh("http://attic:8097"));
        tokio::time::advance(PROOF_AGE).await;
        assert!(!proofs.is_fresh("http://attic:8096"));
    }

    #[tokio::test(start_paused = true)]
    async fn old_ones_make_room() {
        let proofs = Proofs::default();
        for number in 0..MOST_ORIGINS {
            proofs.note(format!("http://h{number}"));
        }
        tokio::time::advance(PROOF_AGE).await;
        proofs.note("http://last".to_owned());
        assert_eq!(proofs.lock().len(), 1);
    }
}
