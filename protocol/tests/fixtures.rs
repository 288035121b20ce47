//! The golden files are the contract: each is read into its type and written back without a difference.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, in what its steps share too"
)]

use std::path::PathBuf;

use pairlink_protocol::{
    ApiToken, AttentionReason, AuditPage, Connection, ConnectionHealth, ConnectionList,
    CreateConnection, CreateEmbedToken, CreateShareLink, CreateWebhook, CredentialKind,
    CredentialState, DeliveryState, DrawnPassView, EmbedToken, EndedSession, EventKind, IssuePass,
    IssuedPass, Method, NewWebhook, PassContent, PassView, PendingPass, Problem, ProblemCode,
    ProviderEventsAddress, RenewedBy, ReusedPass, RevokedPasses, RevokedShareLink, SessionState,
    ShareLink, TenantSuspension, UpdateConnection, WebhookDeliveryList, WebhookList,
    WebhookMessage,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn fixture(name: &str) -> String {
    let path = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap())
        .join("fixtures")
        .join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn round_trip<T: Serialize + DeserializeOwned>(name: &str) -> T {
    let text = fixture(name);
    let value: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let written = serde_json::to_value(&value).unwrap();
    assert_eq!(
        written,
        serde_json::from_str::<Value>(&text).unwrap(),
        "{name}"
    );
    value
}

fn check<T: Serialize + DeserializeOwned>(name: &str) {
    let _value: T = round_trip(name);
}

/// Reads one file into its type and writes it back.
type Check = fn(&str);

const FIXTURES: &[(&str, Check)] = &[
    ("api_token.json", check::<ApiToken>),
    ("audit_page.json", check::<AuditPage>),
    ("connection.json", check::<Connection>),
    ("connection_health.json", check::<ConnectionHealth>),
    ("connection_health_tokens.json", check::<ConnectionHealth>),
    ("connection_list.json", check::<ConnectionList>),
    ("connection_missing.json", check::<Connection>),
    ("create_connection.json", check::<CreateConnection>),
    ("create_connection_account.json", check::<CreateConnection>),
    ("create_embed_token.json", check::<CreateEmbedToken>),
    ("create_embed_token_view.json", check::<CreateEmbedToken>),
    ("create_share_link.json", check::<CreateShareLink>),
    ("create_webhook.json", check::<CreateWebhook>),
    ("embed_token.json", check::<EmbedToken>),
    ("embed_token_view.json", check::<EmbedToken>),
    ("ended_session.json", check::<EndedSession>),
    ("issue_pass.json", check::<IssuePass>),
    ("issue_pass_reuse.json", check::<IssuePass>),
    ("issued_pass.json", check::<IssuedPass>),
    ("new_webhook.json", check::<NewWebhook>),
    ("pass_view_code.json", check::<PassView>),
    ("pass_view_drawn.json", check::<DrawnPassView>),
    ("pass_view_issuing.json", check::<PassView>),
    ("pass_view_link.json", check::<PassView>),
    ("pass_view_none.json", check::<PassView>),
    ("pass_view_qr.json", check::<PassView>),
    ("pass_view_token.json", check::<PassView>),
    ("pass_view_wrong_phone.json", check::<PassView>),
    ("pending_pass.json", check::<PendingPass>),
    ("problem_invalid_field.json", check::<Problem>),
    ("problem_rate_limited.json", check::<Problem>),
    ("problem_upstream_rate_limited.json", check::<Problem>),
    (
        "provider_events_address.json",
        check::<ProviderEventsAddress>,
    ),
    ("reused_pass.json", check::<ReusedPass>),
    ("revoked_passes_local_only.json", check::<RevokedPasses>),
    ("revoked_passes_pending.json", check::<RevokedPasses>),
    ("revoked_passes_upstream.json", check::<RevokedPasses>),
    ("revoked_share_link.json", check::<RevokedShareLink>),
    ("share_link.json", check::<ShareLink>),
    ("share_link_none.json", check::<ShareLink>),
    ("tenant_suspension.json", check::<TenantSuspension>),
    ("update_connection.json", check::<UpdateConnection>),
    ("update_connection_policy.json", check::<UpdateConnection>),
    ("webhook_delivery_list.json", check::<WebhookDeliveryList>),
    ("webhook_list.json", check::<WebhookList>),
    (
        "webhook_message_needs_attention.json",
        check::<WebhookMessage>,
    ),
    ("webhook_message_state.json", check::<WebhookMessage>),
];

#[test]
fn every_fixture_is_read_and_written_without_a_difference() {
    for (name, check) in FIXTURES {
        check(name);
    }
    let directory = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("fixtures");
    let mut files: Vec<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(
        files,
        FIXTURES
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect::<Vec<_>>()
    );
}

#[test]
fn a_pass_holds_the_content_of_its_method() {
    let view: PassView = round_trip("pass_view_link.json");
    let pass = view.pass.unwrap();
    assert_eq!(pass.method(), Method::Link);
    assert_eq!(pass.expires_at.millis_since(pass.issued_at), 30 * 60 * 1000);
    let PassContent::Link { url } = pass.content else {
        panic!("not a link")
    };
    assert!(url.expose().ends_with(&"0".repeat(64)));
}

#[test]
fn a_pass_without_the_fields_of_its_method_is_refused() {
    for method in Method::ALL {
        let mut view: Value = serde_json::from_str(&fixture("pass_view_none.json")).unwrap();
        view["pass"] = json!({
            "id": "pas_1", "method": method,
            "issued_at": "2026-06-19T18:55:00.000Z", "expires_at": "2026-06-19T19:25:00.000Z",
        });
        let error = serde_json::from_value::<PassView>(view)
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains(method.as_str()), "{error}");
    }
}

#[test]
fn requests_refuse_unknown_keys_and_name_them() {
    let mut request: Value = serde_json::from_str(&fixture("issue_pass.json")).unwrap();
    request["metod"] = json!("qr");
    let error = serde_json::from_value::<IssuePass>(request)
        .err()
        .unwrap()
        .to_string();
    assert!(error.contains("metod"), "{error}");
}

#[test]
fn credentials_are_texts_or_whole_numbers() {
    let mut request: Value = serde_json::from_str(&fixture("create_connection.json")).unwrap();
    for (given, read) in [
        (json!("12345678"), Some("12345678")),
        (json!(12_345_678), Some("12345678")),
        (json!(0), Some("0")),
        (json!(-1), None),
        (json!(1.5), None),
        (json!(1e300), None),
        (json!(true), None),
        (json!(null), None),
        (json!(["1"]), None),
    ] {
        request["credentials"] = json!({ "account_id": given });
        let connection = serde_json::from_value::<CreateConnection>(request.clone()).ok();
        let change = json!({ "credentials": { "account_id": given } });
        let change = serde_json::from_value::<UpdateConnection>(change).ok();
        let credentials = [
            connection.map(|connection| connection.credentials),
            change.and_then(|change| change.credentials),
        ];
        for credentials in credentials {
            let text = credentials
                .as_ref()
                .map(|given| given["account_id"].expose());
            assert_eq!(text, read, "{given}");
        }
    }
}

#[test]
fn answers_may_grow() {
    let mut view: Value = serde_json::from_str(&fixture("pass_view_link.json")).unwrap();
    view["added_later"] = json!(1);
    view["connection"]["state"] = json!("a_state_of_the_future");
    let view: PassView = serde_json::from_value(view).unwrap();
    assert_eq!(view.connection.state, SessionState::Unknown);
    assert_eq!(
        ProblemCode::from_name("a_code_of_the_future"),
        ProblemCode::Other
    );
}

#[test]
fn names_of_the_future_are_read_in_a_connections_health() {
    let mut health: Value =
        serde_json::from_str(&fixture("connection_health_tokens.json")).unwrap();
    health["attention"]["reason"] = json!("a_reason_of_the_future");
    health["credentials"][0]["kind"] = json!("a_kind_of_the_future");
    health["credentials"][0]["state"] = json!("a_state_of_the_future");
    health["credentials"][0]["renewed_by"] = json!("a_way_of_the_future");
    let health: ConnectionHealth = serde_json::from_value(health).unwrap();
    assert_eq!(health.attention.unwrap().reason, AttentionReason::Other);
    let first = health.credentials.first().unwrap();
    assert_eq!(first.kind, CredentialKind::Other);
    assert_eq!(first.state, CredentialState::Other);
    assert_eq!(first.renewed_by, RenewedBy::Other);
}

#[test]
fn a_policy_refuses_unknown_keys_and_names_them() {
    let mut request: Value =
        serde_json::from_str(&fixture("update_connection_policy.json")).unwrap();
    request["policy"]["expire_after_days"] = json!(90);
    let error = serde_json::from_value::<UpdateConnection>(request)
        .err()
        .unwrap()
        .to_string();
    assert!(error.contains("expire_after_days"), "{error}");
}

#[test]
fn every_name_is_read_back() {
    for kind in EventKind::ALL {
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
    for method in Method::ALL {
        assert_eq!(method.as_str().parse(), Ok(method));
        assert_eq!(serde_json::to_value(method).unwrap(), method.as_str());
    }
    for state in SessionState::ALL {
        assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
    }
    for state in DeliveryState::ALL {
        assert_eq!(DeliveryState::from_name(state.as_str()), Some(state));
        assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
    }
    for code in ProblemCode::ALL {
        assert_eq!(ProblemCode::from_name(code.as_str()), *code);
        assert!((400..600).contains(&code.status()), "{code:?}");
        let problem = serde_json::to_value(Problem::new(*code, "req_1")).unwrap();
        assert_eq!(
            problem["type"],
            format!("urn:pairlink:problem:{}", code.as_str())
        );
    }
}
