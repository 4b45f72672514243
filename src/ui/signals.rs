//! Signals that ask the process to end: the same as closing the window, so that the place in what plays is kept.

use relm4::Sender;
use tokio::signal::unix::{SignalKind, signal};

/// Asks to end: a person at a terminal, the terminal that goes away, the system or the session that stops.
const ENDING: [SignalKind; 3] = [SignalKind::interrupt(), SignalKind::hangup(), SignalKind::terminate()];

/// Sends `message` for every signal that asks the process to end.
pub(super) fn listen<M: Clone + Send + 'static>(to: &Sender<M>, message: &M) {
    for kind in ENDING {
        let (to, message) = (to.clone(), message.clone());
        relm4::spawn(async move {
            let mut signals = match signal(kind) {
                Ok(signals) => signals,
                Err(error) => return tracing::warn!(%error, "a signal cannot be listened to"),
            };
            while signals.recv().await.is_some() {
                if to.send(message.clone()).is_err() {
                    return;
                }
            }
        });
    }
}
