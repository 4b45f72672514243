//! `gnome-reel connections add | remove | accept`: the addresses of a source that are the user's own matter.

use clap::Subcommand;
use serde::Serialize;

use super::super::Result;
use super::super::output::Output;
use crate::models::{ServerUrl, SourceId};
use crate::services::core::SourceService;
use crate::services::{AddressProblem, AppContext, ServiceError};

/// What can be done with an address.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum AddressAction {
    /// Look for a source's server at a further address, and use that too.
    Add { id: SourceId, address: String },
    /// Take back an address that was added by hand.
    Remove { id: SourceId, address: String },
    /// Allow sign-in data to an address that is not encrypted, or that nothing vouches for.
    Accept { id: SourceId, address: String },
}

#[derive(Debug, Serialize)]
struct Done {
    source_id: String,
    address: String,
}

pub(super) async fn run(ctx: &AppContext, action: &AddressAction, output: Output) -> Result {
    let (id, address, said) = match action {
        AddressAction::Add { id, address } => {
            SourceService::add_address(ctx, *id, address).await?;
            (*id, address, "{name} is looked for at {address} too")
        }
        AddressAction::Remove { id, address } => {
            SourceService::remove_address(ctx, *id, &read(address)?).await?;
            (*id, address, "{name} is no longer looked for at {address}")
        }
        AddressAction::Accept { id, address } => {
            SourceService::accept_unencrypted(ctx, *id, &read(address)?).await?;
            (*id, address, "{name} may be signed in to at {address}, whoever can listen on the way")
        }
    };
    let source = SourceService::get(ctx, id).await?;
    let done = Done { source_id: id.to_string(), address: address.clone() };
    output.one(&done, &said.replace("{name}", &source.name).replace("{address}", address))
}

fn read(address: &str) -> Result<ServerUrl> {
    Ok(address.parse().map_err(|_| ServiceError::Address(AddressProblem::Malformed))?)
}
