//! Follows what happens at the servers while the window is open. Whom and how is decided in
//! [`crate::services::core::live`]; this worker only carries messages there.

use relm4::{ComponentSender, Worker};
use tokio::sync::mpsc;

use crate::services::AppContext;
use crate::services::core::live::{self, LiveInput};

/// The worker.
#[derive(Debug)]
pub struct LiveUpdates {
    live: mpsc::UnboundedSender<LiveInput>,
}

impl Worker for LiveUpdates {
    type Init = AppContext;
    type Input = LiveInput;
    type Output = ();

    fn init(ctx: AppContext, _sender: ComponentSender<Self>) -> Self {
        let (sender, inputs) = mpsc::unbounded_channel();
        relm4::spawn(live::run(ctx, inputs));
        Self { live: sender }
    }

    fn update(&mut self, message: LiveInput, _sender: ComponentSender<Self>) {
        if self.live.send(message).is_err() {
            tracing::warn!("live updates have ended");
        }
    }
}
