//! Measures sync, search and sorting with 100 000 items, against limits taken in the same run.
//!
//! Prints a line for each figure: `name value unit limit ratio target ok|short`. Exits with 1 when a figure falls
//! short. `build-aux/bench library` runs it, and then measures the window.

#![allow(clippy::cast_precision_loss, reason = "counts and times of a bench are far below 2^52")]

mod asking;
mod bare;
mod cost;
#[path = "../support/figures.rs"]
mod figures;
mod server;
mod syncing;

use std::process::ExitCode;

use figures::Figures;

fn main() -> anyhow::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    if arguments.first().is_some_and(|word| word == "serve") {
        runtime
            .block_on(async { tokio::spawn(async move { server::serve(&arguments[1..]).await }).await })??;
        return Ok(ExitCode::SUCCESS);
    }
    let mut figures = Figures::default();
    runtime.block_on(async {
        let app = syncing::measure(&mut figures).await?;
        asking::measure(&mut figures, &app).await
    })?;
    if let Some(file) =
        arguments.iter().position(|word| word == "--json").and_then(|at| arguments.get(at + 1))
    {
        figures.write_json(file.as_ref())?;
    }
    Ok(figures.finish())
}
