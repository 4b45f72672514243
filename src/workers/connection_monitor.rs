//! Looks after the connections of all sources while the window is open. When and how is decided in
//! [`crate::services::core::monitor`]; this worker only carries messages there.

use relm4::{ComponentSender, Worker};
use tokio::sync::mpsc;

use crate::services::AppContext;
use crate::services::core::monitor::{self, MonitorInput};

/// The worker.
#[derive(Debug)]
pub struct ConnectionMonitor {
    monitor: mpsc::UnboundedSender<MonitorInput>,
}

impl Worker for ConnectionMonitor {
    type Init = AppContext;
    type Input = MonitorInput;
    type Output = ();

    fn init(ctx: AppContext, _sender: ComponentSender<Self>) -> Self {
        let (sender, inputs) = mpsc::unbounded_channel();
        relm4::spawn(monitor::run(ctx, inputs));
        Self { monitor: sender }
    }

    fn update(&mut self, message: MonitorInput, _sender: ComponentSender<Self>) {
        if self.monitor.send(message).is_err() {
            tracing::warn!("the monitor has ended");
        }
    }
}
