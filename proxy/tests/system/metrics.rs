//! What operators' tools read.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use pairlink_proxy::domain::Actor;
use pairlink_proxy::http::admin_router;
use pairlink_simulator::{Fault, FaultKind, wawp};
use reqwest::Method;
use serde_json::json;
use tower::ServiceExt as _;

use crate::harness::leaks::recorder;
use crate::harness::{Setup, World, eventually};

impl World {
    /// What `/metrics` says: the value of every series, by its whole name.
    pub(crate) async fn metrics(&self) -> BTreeMap<String, f64> {
        let text = self.metrics_text().await;
        text.lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| {
                let (series, value) = line.rsplit_once(' ').unwrap();
                (series.to_owned(), value.parse().unwrap())
            })
            .collect()
    }

    pub(crate) async fn metrics_text(&self) -> String {
        let router = admin_router(self.service.clone(), recorder());
        let asked = Request::get("/metrics").body(Body::empty()).unwrap();
        let answer = router.oneshot(asked).await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        String::from_utf8(body.to_vec()).unwrap()
    }
}

#[tokio::test]
async fn what_happened_is_counted() {
    recorder();
    let world = World::start().await;
    world.issued().await;
    let failing = Fault::before(FaultKind::Refusal("wawp_upstream_error".to_owned()));
    world.simulator.inject(wawp::MINT, failing).unwrap();
    drop(world.send(world.issue()).await);
    let token = world.embed_token(&["read"]).await;
    let mut events = world.events(&token).await;
    events.until("resync").await;
    let passed_on = world.of_connection(Method::GET, "/upstream/v2/nothing/here");
    assert_eq!(world.send(passed_on).await.status, 404);

    let metrics = world.metrics().await;
    let value = |series: &str| metrics.get(series).copied().unwrap_or_default();
    let at_least = |series: &str, least: f64| {
        let found = value(series);
        assert!(found >= least, "{series} is {found}: {metrics:#?}");
    };
    at_least(
        r#"pairlink_http_requests_total{route="/v1/connections/{id}/pass",method="POST",status="2xx"}"#,
        1.0,
    );
    at_least(
        r#"pairlink_http_requests_total{route="/v1/connections/{id}/pass",method="POST",status="5xx"}"#,
        1.0,
    );
    at_least(
        r#"pairlink_http_request_duration_seconds_count{route="/v1/connections/{id}/pass",method="POST"}"#,
        2.0,
    );
    at_least(
        r#"pairlink_upstream_calls_total{provider="wawp",outcome="success"}"#,
        1.0,
    );
    at_least(
        r#"pairlink_upstream_calls_total{provider="wawp",outcome="failed"}"#,
        1.0,
    );
    at_least(
        r#"pairlink_upstream_calls_total{provider="wawp",outcome="refused"}"#,
        1.0,
    );
    at_least(
        r#"pairlink_upstream_call_duration_seconds_count{provider="wawp"}"#,
        3.0,
    );
    at_least(
        r#"pairlink_passes_issued_total{provider="wawp",method="link",outcome="issued"}"#,
        1.0,
    );
    at_least(
        r#"pairlink_passes_issued_total{provider="wawp",method="link",outcome="upstream_error"}"#,
        1.0,
    );
    at_least(
        r#"pairlink_pass_issue_duration_seconds_count{provider="wawp",method="link"}"#,
        2.0,
    );
    at_least("pairlink_open_streams", 1.0);
    assert!(value("pairlink_observing").abs() < f64::EPSILON);
    at_least("pairlink_retired_data_keys", 0.0);

    // What the store holds is counted when somebody asks, and is gone when it is.
    world.issued().await;
    let live = r#"pairlink_live_passes{provider="wawp",method="link"}"#;
    assert!((world.metrics().await[live] - 1.0).abs() < f64::EPSILON);
    world.revoke().await;
    assert!(world.metrics().await[live].abs() < f64::EPSILON);
    drop(events);
    eventually("the stream is closed", async || {
        world.metrics().await["pairlink_open_streams"].abs() < f64::EPSILON
    })
    .await;
    world
        .service
        .begin_observing(false, &Actor::operator())
        .await
        .unwrap();
    let metrics = world.metrics().await;
    assert!((metrics["pairlink_observing"] - 1.0).abs() < f64::EPSILON);
    // A round that had begun before may have found it out.
    assert!(metrics["pairlink_connections_to_find_out"] <= 1.0);
}

#[tokio::test]
async fn how_long_people_and_providers_take_is_counted() {
    recorder();
    let world = World::start_with(Setup {
        still: true,
        ..Setup::default()
    })
    .await;
    world.issued().await;
    world.simulator.advance(Duration::from_secs(42));
    world.simulator.wawp().scan(&world.instance_id).unwrap();
    let token = world.embed_token(&["read"]).await;
    // A page that is open has the login looked at.
    let mut events = world.events(&token).await;
    events.until("revoked").await;

    let connected = r#"provider="wawp",method="link""#;
    let metrics = world.metrics().await;
    let value = |series: String| metrics.get(&series).copied().unwrap_or_default();
    let most = |seconds: &str| {
        value(format!(
            r#"pairlink_time_to_connect_seconds_bucket{{{connected},le="{seconds}"}}"#
        ))
    };
    assert!(most("60") > most("30"), "{metrics:#?}");
    eventually("the revocation is confirmed", async || {
        let confirmed =
            r#"pairlink_revocation_duration_seconds_count{provider="wawp",outcome="upstream"}"#;
        world.metrics().await.contains_key(confirmed)
    })
    .await;
}

#[tokio::test]
async fn a_revocation_that_the_provider_does_not_confirm_grows_old() {
    recorder();
    let world = World::start_with(Setup {
        still: true,
        ..Setup::default()
    })
    .await;
    world.issued().await;
    let failing = FaultKind::Refusal("wawp_upstream_error".to_owned());
    let failing = Fault::before(failing).until_cleared();
    world.simulator.inject(wawp::REVOKE, failing).unwrap();
    drop(world.revoke().await);
    world.simulator.advance(Duration::from_secs(90));
    let oldest = r#"pairlink_oldest_unconfirmed_revocation_seconds{provider="wawp"}"#;
    let age = world.metrics().await[oldest];
    assert!((90.0..100.0).contains(&age), "{age}");
    world.simulator.clear_faults();
    eventually("it is confirmed", async || {
        world.metrics().await[oldest].abs() < f64::EPSILON
    })
    .await;
}

/// Every label there may be, and how many values it may have.
const LABELS: &[(&str, usize)] = &[
    ("kind", 8),
    ("le", 16),
    ("limit", 8),
    ("method", 12),
    ("outcome", 40),
    ("provider", 4),
    ("route", 40),
    ("scope", 2),
    ("state", 12),
    ("status", 5),
];

#[tokio::test]
async fn labels_have_few_values_and_none_from_outside() {
    recorder();
    let world = World::start().await;
    for round in 0..3 {
        for number in 0..50 {
            let made_up = format!("made-up-{round}-{number}");
            for path in [
                format!("/v1/connections/con_{made_up}/pass"),
                format!("/nowhere/{made_up}"),
                format!("/l/{made_up}"),
                format!("/assets/{made_up}.js"),
                format!("/v1/webhooks/{made_up}/deliveries"),
            ] {
                drop(world.send(world.backend(Method::GET, &path)).await);
            }
            let method =
                Method::from_bytes(format!("MADE-UP-{round}-{number}").as_bytes()).unwrap();
            drop(world.send(world.at(method, "/v1/connections")).await);
        }
        world.connect(&format!("tenant-{round}")).await;
        world.issued().await;
        let refused = world
            .issue()
            .json(&json!({ "method": format!("made-up-{round}") }));
        drop(world.send(refused).await);
    }
    let mut values: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for series in world.metrics().await.into_keys() {
        assert!(series.starts_with("pairlink_"), "{series}");
        assert!(!series.to_lowercase().contains("made-up"), "{series}");
        let Some((_name, labels)) = series.split_once('{') else {
            continue;
        };
        for label in labels.trim_end_matches('}').split("\",") {
            let (label, value) = label.split_once("=\"").unwrap();
            let value = value.trim_end_matches('"').to_owned();
            values.entry(label.to_owned()).or_default().insert(value);
        }
    }
    for (label, values) in &values {
        let most = LABELS.iter().find(|(known, _most)| known == label);
        let (_label, most) = most.unwrap_or_else(|| panic!("label {label}: {values:?}"));
        assert!(values.len() <= *most, "{label}: {values:?}");
        for value in values {
            let made_up = ["con_", "tenant-", "0-", "1-", "2-", "M0X", "made-up"];
            assert!(
                !made_up.iter().any(|part| value.contains(part)),
                "{label}: {value}"
            );
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn they_are_read_on_an_address_of_their_own_and_nowhere_else() {
    use crate::harness::answer::send;
    use crate::harness::in_time;
    use crate::harness::program::Program;
    use crate::harness::world::client;
    use tokio::io::{AsyncBufReadExt as _, BufReader};

    let program = Program::new();
    let running = program.serve().await;
    let public = send(client().get(format!("{}/metrics", running.url))).await;
    public.problem("not_found");
    running.kill().await;

    let mut child = program
        .command(&["serve", "--listen", "127.0.0.1:0"])
        .env("PAIRLINK_ADMIN_LISTEN", "127.0.0.1:0")
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let public = in_time("the proxy's start", lines.next_line())
        .await
        .unwrap()
        .unwrap();
    let admin = in_time("the proxy's start", lines.next_line())
        .await
        .unwrap()
        .unwrap();
    let public = public.strip_prefix("listening on ").unwrap();
    let admin = admin.strip_prefix("metrics on ").unwrap();
    send(client().get(format!("{public}/metrics")))
        .await
        .problem("not_found");
    send(client().get(format!("{public}/healthz"))).await;
    let metrics = send(client().get(admin)).await;
    assert_eq!(metrics.status, 200);
    assert!(
        metrics
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    assert!(
        metrics
            .text
            .contains("# TYPE pairlink_http_requests_total counter")
    );
    assert!(metrics.text.contains(r#"route="/healthz""#));
    let base = admin.strip_suffix("/metrics").unwrap();
    for path in ["/healthz", "/readyz"] {
        assert_eq!(
            send(client().get(format!("{base}{path}"))).await.status,
            200
        );
    }
    for path in ["/v1/connections", "/", "/openapi.json"] {
        assert_eq!(
            send(client().get(format!("{base}{path}"))).await.status,
            404
        );
    }
    in_time("its end", child.kill()).await.unwrap();
}

/// Every name of a metric in a text, without what Prometheus adds for histograms.
fn names_in(text: &str) -> BTreeSet<String> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .filter(|word| word.starts_with("pairlink_") && word.len() > "pairlink_".len())
        .map(|word| {
            let bare = ["_bucket", "_count", "_sum"]
                .iter()
                .find_map(|ending| word.strip_suffix(ending));
            bare.unwrap_or(word).to_owned()
        })
        .collect()
}

#[test]
fn dashboards_and_alerts_ask_for_what_is_counted() {
    let code = [
        include_str!("../../src/metrics.rs"),
        include_str!("../../src/store/tally.rs"),
    ];
    let counted: BTreeSet<String> = code
        .iter()
        .flat_map(|source| source.split('"').skip(1).step_by(2))
        .filter(|text| names_in(text).contains(*text))
        .map(str::to_owned)
        .collect();
    let explained = names_in(include_str!("../../../docs/operations.md"));
    assert!(counted.len() > 20, "{counted:#?}");
    for (place, text) in [
        (
            "dashboard",
            include_str!("../../../docs/grafana-dashboard.json"),
        ),
        (
            "alerts",
            include_str!("../../../deploy/prometheus/alerts.yml"),
        ),
    ] {
        let asked = names_in(text);
        assert!(asked.len() > 5, "{place}: {asked:#?}");
        let unknown: Vec<_> = asked.difference(&counted).collect();
        assert_eq!(unknown, [""; 0], "{place} asks for what nobody counts");
    }
    let unexplained: Vec<_> = counted.difference(&explained).collect();
    assert_eq!(
        unexplained, [""; 0],
        "docs/operations.md does not explain them"
    );
}
