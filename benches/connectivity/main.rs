//! Measures connection choice, failover, monitoring and the outbox against limits taken in the same run.
//!
//! Prints a line for each figure: `name value unit limit ratio target ok|short`, then by how much the choice
//! beats simpler strategies. Exits with 1 when a figure falls short. `build-aux/bench connectivity` runs it.

mod costs;
#[path = "../support/figures.rs"]
mod figures;
mod identity_server;
mod looking_after;
mod selection;
mod silence;

use std::process::ExitCode;

use figures::Figures;

fn main() -> anyhow::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    if arguments.first().is_some_and(|word| word == "serve") {
        runtime.block_on(identity_server::serve_for_ever())?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut figures = Figures::default();
    runtime.block_on(async {
        costs::measure(&mut figures).await?;
        selection::measure(&mut figures).await?;
        silence::measure(&mut figures).await?;
        looking_after::measure(&mut figures).await
    })?;
    if let Some(file) =
        arguments.iter().position(|word| word == "--json").and_then(|at| arguments.get(at + 1))
    {
        figures.write_json(file.as_ref())?;
    }
    Ok(figures.finish())
}
