//! The servers of an account and their connections (`docs/protocols.md#plex-resources`).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use secrecy::SecretString;
use serde::Deserialize;
use url::Host;

use crate::backends::plex::scalar::{Loose, Many};
use crate::models::{MachineId, ServerConnection, ServerUrl, Tier};

pub(super) const LISTING: &str = "list the account's servers";

/// The domain under which a name begins with the server's own address.
const PLEX_DIRECT: &str = ".plex.direct";

/// A server that an account may use.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, as plex.tv tells them")]
pub struct PlexServer {
    /// Its name.
    pub name: String,
    /// Its identity, to be checked before the token is used.
    pub machine_id: MachineId,
    /// Whether the account owns it.
    pub owned: bool,
    /// Whether it belongs to the account's Home.
    pub home: bool,
    /// Who shares it, when it is not the account's own.
    pub source_title: Option<String>,
    /// Whether plex.tv believes that it is running; worth a try either way.
    pub presence: bool,
    /// Whether it shares this machine's public address, hence probably its network.
    pub public_address_matches: bool,
    /// The account's token for this server and no other.
    pub access_token: SecretString,
    /// Its usable addresses, in the list's order.
    pub connections: Vec<ServerConnection>,
}

/// The list: servers, players and whatever else the account has.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Resources(Many<Resource>);

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Resource {
    name: Loose<String>,
    client_identifier: Loose<String>,
    provides: Loose<String>,
    owned: Loose<bool>,
    home: Loose<bool>,
    source_title: Loose<String>,
    presence: Loose<bool>,
    public_address_matches: Loose<bool>,
    access_token: Loose<String>,
    connections: Many<Connection>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Connection {
    uri: Loose<String>,
    address: Loose<String>,
    local: Loose<bool>,
    relay: Loose<bool>,
}

/// The servers among the resources. One without a token of its own cannot be used: the account's token is not
/// for servers.
pub(super) fn servers(resources: &Resources) -> Vec<PlexServer> {
    resources.0.0.iter().filter_map(server).collect()
}

fn server(resource: &Resource) -> Option<PlexServer> {
    let mut provided = resource.provides.text()?.split(',').map(str::trim);
    if !provided.any(|service| service == "server") {
        return None;
    }
    let machine_id = resource.client_identifier.get()?;
    let near = resource.owned.is_true() || resource.public_address_matches.is_true();
    let mut connections: Vec<ServerConnection> = Vec::new();
    for listed in resource.connections.0.iter().filter_map(|listed| connection(listed, near)) {
        if connections.iter().all(|known| known.uri != listed.uri) {
            connections.push(listed);
        }
    }
    Some(PlexServer {
        name: resource.name.get().unwrap_or_else(|| machine_id.clone()),
        machine_id: MachineId::new(machine_id),
        owned: resource.owned.is_true(),
        home: resource.home.is_true(),
        source_title: resource.source_title.get(),
        presence: resource.presence.is_true(),
        public_address_matches: resource.public_address_matches.is_true(),
        access_token: SecretString::from(resource.access_token.get()?),
        connections,
    })
}

/// A connection that may work from here. `near`: the server may be in this network.
fn connection(listed: &Connection, near: bool) -> Option<ServerConnection> {
    let uri: ServerUrl = listed.uri.text()?.parse().ok()?;
    let address = address(&uri, listed.address.text());
    if address.is_some_and(is_never_reachable) {
        return None;
    }
    let tier = match (listed.relay.is_true(), listed.local.is_true()) {
        (true, _) => Tier::Relay,
        (false, true) if near => Tier::Local,
        // Private addresses of somebody else's network: at best nobody is there, at worst a stranger is.
        (false, _) if !near && address.is_some_and(is_private) => return None,
        (false, _) => Tier::Remote,
    };
    Some(ServerConnection::new(uri, tier))
}

/// The address behind a connection: in its name, or else as listed beside it.
fn address(uri: &ServerUrl, listed: Option<&str>) -> Option<IpAddr> {
    match uri.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(name) => in_name(name).or_else(|| listed?.parse().ok()),
    }
}

/// The address in a name like `192-168-1-20.0123….plex.direct`.
fn in_name(name: &str) -> Option<IpAddr> {
    let label = name.strip_suffix(PLEX_DIRECT)?.split('.').next()?;
    let four = label.replace('-', ".").parse::<Ipv4Addr>().map(IpAddr::from);
    four.or_else(|_| label.replace('-', ":").parse::<Ipv6Addr>().map(IpAddr::from)).ok()
}

/// Unspecified addresses name no machine, and link-local ones mean nothing without an interface.
fn is_never_reachable(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_unspecified() || address.is_link_local(),
        IpAddr::V6(address) => {
            let mapped = address.to_ipv4_mapped().map(IpAddr::from);
            mapped.map_or(address.is_unspecified() || address.is_unicast_link_local(), is_never_reachable)
        }
    }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private() || address.is_loopback(),
        IpAddr::V6(address) => {
            let mapped = address.to_ipv4_mapped().map(IpAddr::from);
            mapped.map_or(address.is_unique_local() || address.is_loopback(), is_private)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const REAL: &str = include_str!("../../../../tests/fixtures/plex-api-0.0.12/resources.json");

    fn read(list: &Value) -> Vec<PlexServer> {
        servers(&serde_json::from_value(list.clone()).unwrap())
    }

    fn connections(server: &PlexServer) -> Vec<(&str, Tier)> {
        server.connections.iter().map(|connection| (connection.uri.as_str(), connection.tier())).collect()
    }

    fn with_connections(owned: bool, matches: bool) -> Value {
        let direct = |label: &str| format!("https://{label}.0123456789abcdef.plex.direct:32400");
        let listed = |uri: String, local: bool, relay: bool| json!({"protocol": "https", "uri": uri, "local": local, "relay": relay});
        json!([{
            "name": "Attic", "provides": "client,server", "clientIdentifier": "9c11", "owned": owned,
            "publicAddressMatches": if matches { "1" } else { "0" }, "accessToken": "Hg7F", "presence": 1,
            "sourceTitle": if owned { Value::Null } else { json!("Ana") },
            "connections": [
                listed(direct("192-168-1-20"), true, false),
                listed(direct("203-0-113-7"), false, false),
                listed(direct("203-0-113-7"), false, false),
                listed(direct("198-51-100-9"), false, true),
                listed(direct("169-254-3-4"), true, false),
                listed(direct("fe80--1"), true, false),
                listed(direct("fd00-0-0-0-0-0-0-1"), true, false),
                listed("https://0.0.0.0:32400".to_owned(), true, false),
                listed("https://media.example.org".to_owned(), false, false),
                listed("not an address".to_owned(), true, false),
                json!("broken")
            ]
        }])
    }

    const LAN: (&str, Tier) = ("https://192-168-1-20.0123456789abcdef.plex.direct:32400", Tier::Local);
    const LAN6: (&str, Tier) = ("https://fd00-0-0-0-0-0-0-1.0123456789abcdef.plex.direct:32400", Tier::Local);
    const FAR: (&str, Tier) = ("https://203-0-113-7.0123456789abcdef.plex.direct:32400", Tier::Remote);
    const RELAY: (&str, Tier) = ("https://198-51-100-9.0123456789abcdef.plex.direct:32400", Tier::Relay);
    const NAMED: (&str, Tier) = ("https://media.example.org", Tier::Remote);

    #[test]
    fn an_own_server_has_local_addresses() {
        let servers = read(&with_connections(true, false));
        assert_eq!(connections(&servers[0]), [LAN, FAR, RELAY, LAN6, NAMED]);
        assert!(servers[0].presence && servers[0].owned);
        assert!(!format!("{servers:?}").contains("Hg7F"));
    }

    #[test]
    fn local_addresses_of_a_shared_server_are_those_of_another_network() {
        let servers = read(&with_connections(false, false));
        assert_eq!(connections(&servers[0]), [FAR, RELAY, NAMED]);
        assert_eq!(servers[0].source_title.as_deref(), Some("Ana"));
    }

    #[test]
    fn unless_it_shares_the_public_address() {
        assert_eq!(connections(&read(&with_connections(false, true))[0]), [LAN, FAR, RELAY, LAN6, NAMED]);
    }

    #[test]
    fn only_servers_with_a_token_are_listed() {
        let list = json!([
            {"name": "TV", "provides": "client,player,pubsub-player", "clientIdentifier": "a", "accessToken": "t"},
            {"name": "No token", "provides": "server", "clientIdentifier": "b"},
            {"name": "No id", "provides": "server", "accessToken": "t"},
            {"provides": "server", "clientIdentifier": "c", "accessToken": "t", "connections": null},
            17
        ]);
        let servers = read(&list);
        assert_eq!(servers.len(), 1);
        assert_eq!(servers[0].name, "c");
        assert!(servers[0].connections.is_empty());
    }

    #[test]
    fn a_real_list_is_read() {
        let list: Value = serde_json::from_str(REAL).unwrap();
        let servers = read(&list);
        let expected = [
            ("https://172-18-0-3.client-id2.plex.direct:32400", Tier::Local),
            ("https://example.org", Tier::Remote),
            ("https://2-2-2-2.client-id2.plex.direct", Tier::Remote),
            ("https://178-3-2-1.client-id2.plex.direct:8443", Tier::Relay),
        ];
        assert_eq!(connections(&servers[0]), expected);
        assert_eq!(servers[0].machine_id, MachineId::new("client_id2"));
    }
}
