//! The provider does what it should not, before and after it did what it was asked.

mod mint;
mod revoke;
mod watch;

use std::time::Duration;

use pairlink_simulator::{FaultKind, HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Setup, World};

/// Something that goes wrong, and what the caller is told when a link is minted.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) kind: FaultKind,
    pub(crate) code: &'static str,
}

impl Case {
    fn new(name: &str, kind: FaultKind, code: &'static str) -> Self {
        let name = name.to_owned();
        Self { name, kind, code }
    }

    /// Whether the provider, asked what is alive, would say by this that nothing is. Nobody can tell that from the truth.
    pub(crate) fn reads_as_nothing(&self) -> bool {
        let FaultKind::Json(body) = &self.kind else {
            return false;
        };
        body.get("link").is_some_and(Value::is_null) || body["expires_at"] == "1970-01-01T00:00:00Z"
    }
}

/// A provider that asks to wait, or fails case after case, is left alone for a while: lets that go by.
pub(crate) fn wait_out(world: &World) {
    world.simulator.advance(Duration::from_mins(1));
}

/// Plays every case, each where nothing is left of the one before.
pub(crate) async fn play(test: impl AsyncFn(&World, &Case)) {
    let patient = World::start().await;
    let hasty = World::start_with(Setup::hasty()).await;
    for case in every() {
        // Only where a call is given up soon does one that hangs show soon.
        let world = if case.kind == FaultKind::Hang {
            &hasty
        } else {
            &patient
        };
        test(world, &case).await;
        world.simulator.clear_faults();
        wait_out(world);
        world.revoke().await;
        world.agreement(&case.name).await;
    }
    for world in [patient, hasty] {
        world.assert_log_is_clean(&[]);
    }
}

/// Answers with a status: what it is and what it leads to.
fn statuses() -> Vec<Case> {
    [
        (400, "provider_refused"),
        (401, "needs_credentials"),
        (403, "needs_credentials"),
        (404, "provider_refused"),
        (429, "upstream_rate_limited"),
        (500, "upstream_error"),
        (502, "upstream_error"),
        (503, "upstream_error"),
    ]
    .into_iter()
    .map(|(status, code)| {
        let kind = FaultKind::Status {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: (status == 429).then_some(Duration::from_secs(7)),
        };
        Case::new(&status.to_string(), kind, code)
    })
    .collect()
}

/// 200, and then something else than was asked for.
fn bodies() -> Vec<Case> {
    let mut cases = vec![
        Case::new("malformed", FaultKind::Malformed, "upstream_malformed"),
        Case::new("html", FaultKind::Html, "upstream_malformed"),
        Case::new("empty", FaultKind::Empty, "upstream_malformed"),
        Case::new("huge", FaultKind::Huge, "upstream_malformed"),
    ];
    let end = "2999-01-01T00:00:00.000Z";
    for body in [
        json!({}),
        json!([]),
        json!({ "link": null }),
        json!({ "link": 5, "expires_at": end }),
        json!({ "link": "javascript:alert(1)", "expires_at": end }),
        json!({ "link": "https://evil.example/temp-qr/abc", "expires_at": end }),
        json!({ "link": "https://app.wawp.net/temp-qr/abc" }),
        json!({ "link": "https://app.wawp.net/temp-qr/abc", "expires_at": "soon" }),
        json!({ "link": "https://app.wawp.net/temp-qr/abc", "expires_at": "1970-01-01T00:00:00Z" }),
    ] {
        let name = format!("json {body}");
        cases.push(Case::new(
            &name,
            FaultKind::Json(body),
            "upstream_malformed",
        ));
    }
    cases
}

/// The connection goes wrong.
fn breaks() -> Vec<Case> {
    vec![
        Case::new("disconnect", FaultKind::Disconnect, "upstream_unreachable"),
        Case::new("truncate", FaultKind::Truncate, "upstream_unreachable"),
        Case::new("hang", FaultKind::Hang, "upstream_timeout"),
    ]
}

fn redirects(to: &str) -> Vec<Case> {
    [301, 302, 303, 307, 308]
        .into_iter()
        .map(|status| {
            let kind = FaultKind::Redirect {
                status: StatusCode::from_u16(status).unwrap(),
                location: HeaderValue::try_from(to).unwrap(),
            };
            Case::new(&status.to_string(), kind, "upstream_error")
        })
        .collect()
}

/// All of them; redirects lead to nowhere.
pub(crate) fn every() -> Vec<Case> {
    let mut all = statuses();
    all.extend(bodies());
    all.extend(breaks());
    all.extend(redirects("http://127.0.0.1:9/"));
    all
}
