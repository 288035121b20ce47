//! What the accounts' owners hold in their hands: the front page, phones that read a pasted QR code, accounts without a
//! phone.

use pairlink_simulator::green_api::{DEMO_ID_INSTANCE, InstanceState};
use pairlink_simulator::wawp::{DEMO_INSTANCE_ID, SessionState};
use pairlink_simulator::{enablex, wazzup};
use reqwest::Method;

use crate::steps::{Playing, json, play};

impl Playing {
    async fn page(&self, path: &str) -> String {
        let answer = self.at(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.unwrap()
    }

    /// Presses a button of the page at this path, which must have it, and follows where that leads.
    async fn press_on(&self, path: &str, verb: &str) -> String {
        let action = format!("{path}/{verb}");
        let page = self.page(path).await;
        assert!(
            page.contains(&format!(r#"<form method="post" action="{action}""#)),
            "{verb}: {page}"
        );
        let looked_at = self.at(Method::GET, &action).send().await.unwrap();
        assert_eq!(looked_at.status(), 405, "{verb} by looking");
        let answer = self.at(Method::POST, &action).send().await.unwrap();
        assert_eq!(answer.status(), 303, "{verb}");
        let leads_to = answer.headers()["location"].to_str().unwrap();
        assert_eq!(leads_to, path);
        self.page(leads_to).await
    }

    fn alive_of_kind(&self, kind: &str) -> usize {
        let ledger = self.simulator.ledger().into_iter();
        ledger.filter(|alive| alive.kind == kind).count()
    }
}

#[tokio::test]
async fn the_front_page_leads_to_every_provider_and_says_how_it_is() {
    let playing = play().await;
    let entries = |front: &str| -> Vec<String> {
        let entries = front.split(r#"<li class="entry">"#).skip(1);
        entries.map(str::to_owned).collect()
    };
    let before = entries(&playing.page("/").await);
    playing
        .simulator
        .wawp()
        .set_session_state(DEMO_INSTANCE_ID, SessionState::Working)
        .unwrap();
    playing
        .simulator
        .green_api()
        .set_state(DEMO_ID_INSTANCE, InstanceState::Blocked)
        .unwrap();
    playing
        .simulator
        .enablex()
        .set_active(enablex::DEMO_APP_ID, false)
        .unwrap();
    playing
        .simulator
        .wazzup()
        .set_granted(wazzup::DEMO_ACCOUNT_ID, false)
        .unwrap();
    let after = entries(&playing.page("/").await);
    let expected = [
        (
            "EnableX",
            format!("/enablex/account/{}", enablex::DEMO_APP_ID),
            "Open",
            "Blocked",
        ),
        (
            "Green-API",
            format!("/green-api/phone/{DEMO_ID_INSTANCE}"),
            "Waiting for a phone",
            "Blocked",
        ),
        (
            "Wawp",
            format!("/wawp/phone/{DEMO_INSTANCE_ID}"),
            "Waiting for a scan",
            "Connected",
        ),
        (
            "Wazzup",
            format!("/wazzup/account/{}", wazzup::DEMO_ACCOUNT_ID),
            "Open",
            "Blocked",
        ),
    ];
    assert_eq!((before.len(), after.len()), (4, 4));
    for (provider, path, state, then) in expected {
        for (entries, state) in [(&before, state), (&after, then)] {
            let entry = entries
                .iter()
                .find(|entry| entry.contains(&format!("<h2>{provider}</h2>")))
                .unwrap();
            assert!(entry.contains(&format!(r#"href="{path}""#)), "{entry}");
            assert!(entry.contains(&format!(">{state}</p>")), "{entry}");
        }
        playing.page(&path).await;
    }
}

#[tokio::test]
async fn a_pasted_qr_code_counts_only_while_it_is_shown() {
    let playing = play().await;
    let wawp = format!("/wawp/phone/{DEMO_INSTANCE_ID}");
    let green_api = format!("/green-api/phone/{DEMO_ID_INSTANCE}");
    playing
        .demo(Method::POST, "/v2/auth/qr")
        .send()
        .await
        .unwrap();
    let shown = playing.simulator.ledger().into_iter();
    let shown = shown.map(|alive| alive.secret).next().unwrap();
    let paste = async |path: &str, payload: &str| {
        let bytes = payload.bytes().map(|byte| format!("%{byte:02x}"));
        let form = playing
            .at(Method::POST, &format!("{path}/scan-text"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("payload={}", bytes.collect::<String>()));
        form.send().await.unwrap().status().as_u16()
    };
    for path in [&wawp, &green_api] {
        assert!(playing.page(path).await.contains("/scan-text"));
        assert_eq!(paste(path, "2@other").await, 409);
        assert_eq!(paste(path, "").await, 409);
    }
    // Of another provider's phone.
    assert_eq!(paste(&green_api, &shown).await, 409);
    assert_eq!(playing.status().await, "SCAN_QR_CODE");
    // As it comes out of a message, with a line break at its end.
    assert_eq!(paste(&wawp, &format!(" {shown}\n")).await, 303);
    assert_eq!(playing.status().await, "WORKING");
    assert_eq!(paste("/wawp/phone/NOBODY000003", &shown).await, 404);
}

#[tokio::test]
async fn an_enablex_account_ends_its_tokens_and_can_be_blocked() {
    let playing = play().await;
    let path = format!("/enablex/account/{}", enablex::DEMO_APP_ID);
    let mint = async || {
        let credentials = serde_json::json!({
            "app_id": enablex::DEMO_APP_ID, "app_key": enablex::DEMO_APP_KEY,
        });
        let call = playing.at(Method::POST, "/whatsapp/v1/token");
        call.json(&credentials)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert!(playing.page(&path).await.contains("No token works"));
    assert_eq!((mint().await, mint().await), (200, 200));
    assert!(playing.page(&path).await.contains("2 tokens work"));
    assert_eq!(playing.alive_of_kind("token"), 2, "looking ends nothing");

    let ended = playing.press_on(&path, "end-tokens").await;
    assert!(ended.contains("No token works"));
    assert_eq!(playing.alive_of_kind("token"), 0);
    assert_eq!(mint().await, 200);
    let blocked = playing.press_on(&path, "block").await;
    assert!(blocked.contains("The account is blocked"));
    assert_eq!((mint().await, playing.alive_of_kind("token")), (401, 0));
    let open = playing.press_on(&path, "unblock").await;
    assert!(open.contains("1 token works"));
    assert_eq!(mint().await, 200);
}

#[tokio::test]
async fn a_wazzup_account_ends_its_tokens_and_can_be_blocked() {
    let playing = play().await;
    let path = format!("/wazzup/account/{}", wazzup::DEMO_ACCOUNT_ID);
    let machine = playing.machine_token().await;
    assert!(playing.page(&path).await.contains("No token works"));
    let tokens = playing.exchanged(&machine).await;
    assert!(playing.page(&path).await.contains("1 token works"));
    let blocked = playing.press_on(&path, "block").await;
    assert!(blocked.contains("The account is blocked"));
    let answer = playing.channels(&tokens.access).send().await.unwrap();
    assert_eq!(json(answer).await["code"], "OAUTH_MISSING_GRANT");
    let open = playing.press_on(&path, "unblock").await;
    assert!(open.contains("1 token works"));
    let ended = playing.press_on(&path, "end-tokens").await;
    assert!(ended.contains("No token works"));
    // The partner's own token is nobody else's business.
    assert_eq!(playing.alive_of_kind("machine_token"), 1);
    assert_eq!(playing.alive_of_kind("access_token"), 0);
}

#[tokio::test]
async fn there_is_no_account_of_another_name() {
    let playing = play().await;
    for provider in ["enablex", "wazzup"] {
        for (method, verb) in [
            (Method::GET, ""),
            (Method::POST, "/end-tokens"),
            (Method::POST, "/block"),
            (Method::POST, "/unblock"),
        ] {
            let path = format!("/{provider}/account/nobody{verb}");
            let answer = playing.at(method, &path).send().await.unwrap();
            assert_eq!(answer.status(), 404, "{path}");
            let page = answer.text().await.unwrap();
            assert!(page.contains("There is no such account"), "{path}");
        }
    }
}
