//! The page behind a link.

use pairlink_simulator::wawp::{DEMO_INSTANCE_ID, SessionState};
use pairlink_simulator::{Clock, Options, Simulator};
use reqwest::{Method, Response};

use crate::steps::{LINK, Playing, client, json, play};

const SCAN_BUTTON: &str =
    r#"<form method="post"><button>Scan with the simulated phone</button></form>"#;

impl Playing {
    async fn open(&self, link: &str) -> Response {
        self.client.get(link).send().await.unwrap()
    }

    /// What the page's button does, JavaScript or not.
    async fn press(&self, link: &str) -> Response {
        self.client.post(link).send().await.unwrap()
    }

    /// Expects a page of this status that says these words and cannot scan.
    async fn expect_refusal(&self, link: &str, status: u16, words: &str) {
        for answer in [self.open(link).await, self.press(link).await] {
            assert_eq!(answer.status(), status);
            let html = answer.text().await.unwrap();
            assert!(html.contains(words), "{html}");
            assert!(!html.contains(SCAN_BUTTON));
        }
        assert_ne!(self.status().await, "WORKING");
    }
}

#[tokio::test]
async fn opening_a_link_changes_nothing() {
    let playing = play().await;
    let link = playing.mint().await;
    let before = playing.simulator.ledger();
    for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
        for headers in [
            ("purpose", "prefetch"),
            ("user-agent", "WhatsApp/2.24"),
            ("accept", "*/*"),
        ] {
            let request = playing.client.request(method.clone(), &link);
            request.header(headers.0, headers.1).send().await.unwrap();
        }
    }
    assert_eq!(playing.simulator.ledger(), before);
    assert_eq!(playing.status().await, "SCAN_QR_CODE");
    assert_eq!(playing.current_link().await, link);
}

#[tokio::test]
async fn a_live_link_says_whose_it_is_and_has_a_button() {
    let playing = play().await;
    let link = playing.mint().await;
    let answer = playing.open(&link).await;
    assert_eq!(answer.status(), 200);
    let html = answer.text().await.unwrap();
    for part in [
        DEMO_INSTANCE_ID,
        "19:25 UTC",
        "Waiting for a scan",
        SCAN_BUTTON,
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let token = link.rsplit('/').next().unwrap();
    assert!(!html.contains(token) && !html.contains("<script"));
}

#[tokio::test]
async fn the_button_connects_and_the_link_lives_on_until_it_is_revoked() {
    let playing = play().await;
    let link = playing.mint().await;
    let answer = playing.press(&link).await;
    assert_eq!(answer.status(), 303);
    let phone = answer.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(playing.status().await, "WORKING");
    assert_eq!(playing.alive(), std::slice::from_ref(&link));

    let phone = playing.at(Method::GET, &phone).send().await.unwrap();
    for page in [phone, playing.open(&link).await] {
        assert_eq!(page.status(), 200);
        let html = page.text().await.unwrap();
        assert!(html.contains("The phone is connected"), "{html}");
        assert!(html.contains("Log out the simulated phone"), "{html}");
        assert!(!html.contains(SCAN_BUTTON));
    }
}

#[tokio::test]
async fn the_phone_logs_out_by_its_own_page_so_that_a_demo_can_be_repeated() {
    let playing = play().await;
    let link = playing.mint().await;
    let scanned = playing.press(&link).await;
    playing.demo(Method::DELETE, LINK).send().await.unwrap();

    let phone = scanned.headers()["location"].to_str().unwrap().to_owned();
    let html = playing
        .at(Method::GET, &phone)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let log_out = format!("{phone}/log-out");
    assert!(html.contains(&format!(r#"action="{log_out}""#)));
    assert_eq!(
        playing
            .at(Method::GET, &log_out)
            .send()
            .await
            .unwrap()
            .status(),
        405
    );
    assert_eq!(playing.status().await, "WORKING");

    let answer = playing.at(Method::POST, &log_out).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers()["location"], phone);
    assert_eq!(playing.status().await, "SCAN_QR_CODE");
    let html = playing
        .at(Method::GET, &phone)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(html.contains("The phone is not connected"), "{html}");
}

#[tokio::test]
async fn a_link_that_ended_says_why() {
    let playing = play().await;
    let replaced = playing.mint().await;
    let expired = playing.mint().await;
    playing.pass_time(30 * 60 * 1000);
    playing
        .expect_refusal(&expired, 410, "This link has expired")
        .await;
    let revoked = playing.mint().await;
    playing.demo(Method::DELETE, LINK).send().await.unwrap();
    playing
        .expect_refusal(&replaced, 410, "There is a newer link")
        .await;
    playing
        .expect_refusal(&revoked, 410, "This link was revoked")
        .await;
    playing
        .expect_refusal(&expired, 410, "This link has expired")
        .await;
}

#[tokio::test]
async fn what_is_not_there_is_404() {
    let playing = play().await;
    let unknown = format!(
        "{}/temp-qr/{}",
        playing.simulator.base_url(),
        "a".repeat(64)
    );
    playing
        .expect_refusal(&unknown, 404, "There is no such link")
        .await;
    for (method, path) in [
        (Method::GET, "/wawp/phone/NOBODY000003"),
        (Method::POST, "/wawp/phone/NOBODY000003/log-out"),
    ] {
        let answer = playing.at(method, path).send().await.unwrap();
        assert_eq!(answer.status(), 404);
        assert!(
            answer
                .text()
                .await
                .unwrap()
                .contains("There is no such phone")
        );
    }
}

#[tokio::test]
async fn a_session_without_a_code_cannot_be_scanned() {
    let playing = play().await;
    let link = playing.mint().await;
    for state in [
        SessionState::Stopped,
        SessionState::Starting,
        SessionState::Failed,
    ] {
        let wawp = playing.simulator.wawp();
        wawp.set_session_state(DEMO_INSTANCE_ID, state).unwrap();
        for (answer, status) in [
            (playing.open(&link).await, 200),
            (playing.press(&link).await, 409),
        ] {
            assert_eq!(answer.status(), status);
            let html = answer.text().await.unwrap();
            assert!(html.contains("There is no code to scan") && !html.contains(SCAN_BUTTON));
        }
        assert_eq!(wawp.session_state(DEMO_INSTANCE_ID), Ok(state));
    }
}

#[tokio::test]
async fn pages_are_kept_nowhere_and_load_only_their_own_style() {
    let playing = play().await;
    let link = playing.mint().await;
    let answer = playing.open(&link).await;
    let headers = answer.headers();
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self';"));
    let html = answer.text().await.unwrap();
    assert!(html.contains(r#"href="/simulator.css""#));
    let style = playing
        .at(Method::GET, "/simulator.css")
        .send()
        .await
        .unwrap();
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
    assert!(style.text().await.unwrap().contains("light-dark("));
}

#[tokio::test]
async fn links_lead_to_the_public_url() {
    for (public_url, origin) in [
        ("https://wawp.example", "https://wawp.example"),
        ("http://wawp.example:8402/", "http://wawp.example:8402"),
    ] {
        let simulator = start_at(public_url, Clock::running()).await.unwrap();
        let playing = Playing {
            simulator,
            client: client(),
        };
        let answer = playing.demo(Method::POST, LINK).send().await.unwrap();
        let link = json(answer).await["link"].as_str().unwrap().to_owned();
        assert!(link.starts_with(&format!("{origin}/temp-qr/")), "{link}");
    }
    for nonsense in [
        "",
        "wawp.example",
        "ftp://wawp.example",
        "https://a/path",
        "https://a/?q",
        "https://a#f",
    ] {
        let started = start_at(nonsense, Clock::running()).await;
        assert!(started.is_err(), "{nonsense}");
    }
}

async fn start_at(
    public_url: &str,
    clock: Clock,
) -> Result<Simulator, pairlink_simulator::StartError> {
    Simulator::start_with(Options {
        public_url: Some(public_url.to_owned()),
        clock,
        ..Options::default()
    })
    .await
}
