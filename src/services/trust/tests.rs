//! What is accepted, for whom, and for how long.

use super::*;
use crate::models::{ConnectionList, MachineId, NewSource, ServerConnection, SourceKind, Tier};

const PLEX: &str = "192-168-1-5.0123456789abcdef0123456789abcdef.plex.direct";

struct Attic {
    _folder: tempfile::TempDir,
    ctx: AppContext,
    source: SourceId,
}

async fn attic() -> Attic {
    let folder = tempfile::tempdir().unwrap();
    let ctx = AppContext::open_below(folder.path()).await.unwrap();
    let source =
        add(&ctx, &["https://attic.example:8920", "https://[2001:db8::1]", &format!("https://{PLEX}")]).await;
    Attic { _folder: folder, ctx, source }
}

async fn add(ctx: &AppContext, uris: &[&str]) -> SourceId {
    let connections =
        uris.iter().map(|uri| ServerConnection::new(uri.parse().unwrap(), Tier::Remote)).collect();
    let source = NewSource {
        kind: SourceKind::Jellyfin,
        name: "Attic".to_owned(),
        connection_url: None,
        connections: ConnectionList { connections, last_check: None },
        machine_id: Some(MachineId::new(uris[0])),
        user: None,
        device_id: "device".to_owned(),
        folders: Vec::new(),
    };
    ctx.db.sources().insert(&source).await.unwrap()
}

/// A certificate in DER and what the dialog would say about it.
fn shown(host: &str) -> (Vec<u8>, CertificateFacts) {
    let made = rcgen::generate_simple_self_signed([host.to_owned()]).unwrap();
    let der = made.cert.der().to_vec();
    let facts = CertificateFacts {
        host: host.to_owned(),
        fingerprint: String::new(),
        key: KeyPin::of(&der).unwrap(),
        names: vec!["attic.example".to_owned(), "attic".to_owned()],
        issuer: String::new(),
        not_before: DateTime::UNIX_EPOCH,
        not_after: DateTime::from_timestamp(4_000_000_000, 0).unwrap(),
        self_signed: true,
        reason: Reason::SelfSigned,
    };
    (der, facts)
}

fn kind(error: ServiceError) -> Option<ErrorKind> {
    if let ServiceError::Net(error) = error { Some(error.kind) } else { None }
}

#[tokio::test]
async fn an_accepted_key_is_good_for_its_source_until_it_is_forgotten() {
    let Attic { ctx, source, .. } = &attic().await;
    let other = add(ctx, &["https://attic.example"]).await;
    let (der, facts) = shown("attic.example");
    assert!(TrustService::pins(ctx, *source).await.unwrap().is_platform_only());
    TrustService::accept(ctx, *source, &facts).await.unwrap();

    let trust = TrustService::pins(ctx, *source).await.unwrap();
    assert!(trust.accepts("attic.example", &der) && trust.accepts("2001:db8::1", &der));
    assert!(!trust.accepts("elsewhere.example", &der) && !trust.accepts(PLEX, &der));
    assert!(TrustService::pins(ctx, other).await.unwrap().is_platform_only(), "another source, same host");
    assert_eq!(*TrustService::pool(ctx, *source).await.unwrap().trust(), trust);
    let stored = TrustService::accepted(ctx, *source).await.unwrap();
    assert_eq!((stored.len(), stored[0].names.as_slice()), (1, facts.names.as_slice()));
    assert_eq!(stored[0].not_after, facts.not_after);

    TrustService::forget(ctx, *source, None).await.unwrap();
    assert!(TrustService::pins(ctx, *source).await.unwrap().is_platform_only());
}

#[tokio::test]
async fn what_was_accepted_is_listed_and_taken_back_host_by_host() {
    let Attic { ctx, source, .. } = &attic().await;
    let ((one, first), (two, second)) = (shown("attic.example"), shown("2001:db8::1"));
    TrustService::accept(ctx, *source, &first).await.unwrap();
    TrustService::accept(ctx, *source, &second).await.unwrap();
    let hosts = async || {
        let all = TrustService::everything(ctx).await.unwrap();
        all.into_iter().map(|(source, known)| (source.name, known.host)).collect::<Vec<_>>()
    };
    let named = |host: &str| ("Attic".to_owned(), host.to_owned());
    assert_eq!(hosts().await, [named("2001:db8::1"), named("attic.example")]);

    let mut events = ctx.events.subscribe();
    TrustService::forget(ctx, *source, Some("attic.example")).await.unwrap();
    let trust = TrustService::pins(ctx, *source).await.unwrap();
    assert!(!trust.accepts("attic.example", &one), "taken back");
    assert!(trust.accepts("attic.example", &two), "the other key of the source is as good as before");
    assert_eq!(hosts().await, [named("2001:db8::1")]);
    assert_eq!(events.try_recv().unwrap(), crate::services::events::Event::SourceChanged(*source));
    for host in [Some("attic.example"), Some("elsewhere.example")] {
        let nothing = TrustService::forget(ctx, *source, host).await.unwrap_err();
        assert!(matches!(nothing, ServiceError::Unknown("certificate")), "{nothing:?}");
    }
}

#[tokio::test]
async fn accepting_a_changed_key_ends_the_trust_in_the_old_one() {
    let Attic { ctx, source, .. } = &attic().await;
    let ((old, first), (new, second)) = (shown("attic.example"), shown("attic.example"));
    TrustService::accept(ctx, *source, &first).await.unwrap();
    TrustService::accept(ctx, *source, &CertificateFacts { reason: Reason::Changed, ..second })
        .await
        .unwrap();
    let trust = TrustService::pins(ctx, *source).await.unwrap();
    assert!(trust.accepts("attic.example", &new) && !trust.accepts("attic.example", &old));
}

#[tokio::test]
async fn what_must_not_be_accepted_is_not() {
    let Attic { ctx, source, .. } = &attic().await;
    for host in [PLEX, "plex.tv", "elsewhere.example", ""] {
        let facts = CertificateFacts { host: host.to_owned(), ..shown("x").1 };
        let refused = TrustService::accept(ctx, *source, &facts).await.unwrap_err();
        assert_eq!(kind(refused), Some(ErrorKind::Invalid), "{host}");
    }
    let trusted = CertificateFacts { reason: Reason::Trusted, ..shown("attic.example").1 };
    assert!(TrustService::accept(ctx, *source, &trusted).await.is_err());
    assert!(TrustService::accept(ctx, SourceId::random(), &shown("attic.example").1).await.is_err());
    assert!(TrustService::accepted(ctx, *source).await.unwrap().is_empty());
}

#[tokio::test]
async fn it_goes_with_its_source() {
    let Attic { ctx, source, .. } = &attic().await;
    TrustService::accept(ctx, *source, &shown("attic.example").1).await.unwrap();
    ctx.db.sources().remove(*source).await.unwrap();
    assert!(TrustService::accepted(ctx, *source).await.unwrap().is_empty());
}
