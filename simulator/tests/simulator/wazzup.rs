//! Wazzup's accounts and tokens as documented: what works, for how long, and what ends it.

use pairlink_simulator::wazzup::{
    self, AccountIdForm, DEMO_ACCOUNT_ID, DEMO_CLIENT_ID, DEMO_EMAIL, DEMO_PASSWORD, Manner,
    Refused,
};
use pairlink_simulator::{Fault, FaultKind};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::steps::{Playing, json, play, start_of_time};

pub(crate) const TOKEN: &str = "/v2/oauth/token";

/// A customer's two tokens.
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl Playing {
    /// A request with the demo partner's credentials.
    pub(crate) fn as_partner(&self, path: &str, body: &Value) -> RequestBuilder {
        let request = self.at(Method::POST, path).json(body);
        request.basic_auth(DEMO_EMAIL, Some(DEMO_PASSWORD))
    }

    async fn granted(&self, body: &Value) -> Value {
        let answer = self.as_partner(TOKEN, body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{body}");
        json(answer).await
    }

    pub(crate) async fn machine_token(&self) -> String {
        let body = self.granted(&machine_grant("transport,crm")).await;
        body["data"]["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn exchanged(&self, machine_token: &str) -> Tokens {
        let body = self.granted(&exchange_grant(machine_token)).await;
        let text = |key: &str| body["data"][key].as_str().unwrap().to_owned();
        Tokens {
            access: text("access_token"),
            refresh: text("refresh_token"),
        }
    }

    pub(crate) fn channels(&self, access_token: &str) -> RequestBuilder {
        let request = self.at(Method::GET, "/v2/channels");
        request.bearer_auth(access_token)
    }

    async fn channels_status(&self, access_token: &str) -> u16 {
        let answer = self.channels(access_token).send().await.unwrap();
        answer.status().as_u16()
    }

    /// The kinds of tokens that are alive.
    fn kinds_alive(&self) -> Vec<&'static str> {
        let ledger = self.simulator.ledger().into_iter();
        let mut kinds: Vec<_> = ledger.map(|alive| alive.kind).collect();
        kinds.sort_unstable();
        kinds
    }
}

pub(crate) fn machine_grant(scope: &str) -> Value {
    json!({ "grant_type": "client_credentials", "client_credentials_data": { "scope": scope } })
}

pub(crate) fn exchange_grant(machine_token: &str) -> Value {
    json!({
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "token_exchange_data": {
            "subject_token": machine_token,
            "subject_token_type": "urn:wazzup:oauth:token-type:machine_token",
            "requested_subject": DEMO_ACCOUNT_ID,
            "scope": "transport,crm",
        },
    })
}

pub(crate) fn refresh_grant(refresh_token: &str) -> Value {
    json!({
        "grant_type": "refresh_token",
        "refresh_token_data": { "refresh_token": refresh_token, "client_id": DEMO_CLIENT_ID },
    })
}

pub(crate) fn new_account() -> Value {
    json!({ "name": "Acme", "lang": "en", "currency": "EUR", "country": "EU", "timezone": 2 })
}

#[tokio::test]
async fn an_account_is_created_with_an_id_of_eight_digits_in_the_chosen_form() {
    let playing = play().await;
    for form in [
        AccountIdForm::Number,
        AccountIdForm::Text,
        AccountIdForm::Dashed,
    ] {
        playing.simulator.wazzup().set_manner(Manner {
            account_id_form: form,
            ..Manner::default()
        });
        let request = playing.as_partner("/v2/accounts", &new_account());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let body = json(answer).await;
        assert_eq!(body["data"]["account"]["name"], "Acme");
        assert_eq!(body["meta"]["timestamp"], start_of_time().unix_timestamp());
        let id = &body["data"]["account"]["account_id"];
        assert_eq!(id.is_u64(), form == AccountIdForm::Number, "{id}");
        assert_eq!(id.to_string().contains('-'), form == AccountIdForm::Dashed);
        let digits: String = id.to_string().matches(char::is_numeric).collect();
        assert_eq!(digits.len(), 8);

        let machine = playing.machine_token().await;
        let mut exchange = exchange_grant(&machine);
        exchange["token_exchange_data"]["requested_subject"] = json!(digits);
        playing.granted(&exchange).await;
    }
}

#[tokio::test]
async fn a_machine_token_lives_for_eight_hours_and_comes_alone() {
    let playing = play().await;
    let mut body = playing.granted(&machine_grant("transport,crm")).await;
    let machine = body["data"]["access_token"].take();
    assert_eq!(
        body,
        json!({
            "data": { "access_token": null, "token_type": "Bearer", "expires_in": 28_800 },
            "meta": { "timestamp": start_of_time().unix_timestamp() },
        })
    );
    playing.pass_time(28_800_000 - 1);
    playing.exchanged(machine.as_str().unwrap()).await;
    playing.pass_time(1);
    let late = exchange_grant(machine.as_str().unwrap());
    let answer = playing.as_partner(TOKEN, &late).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(json(answer).await["code"], "OAUTH_INVALID_PARTNER_TOKEN");
}

#[tokio::test]
async fn an_exchange_gives_a_day_of_access_and_a_refresh_token() {
    let playing = play().await;
    let machine = playing.machine_token().await;
    let mut body = playing.granted(&exchange_grant(&machine)).await;
    let access = body["data"]["access_token"].take();
    assert!(body["data"]["refresh_token"].take().is_string());
    assert_eq!(
        body["data"],
        json!({ "access_token": null, "refresh_token": null, "token_type": "Bearer", "expires_in": 86_400 })
    );
    let access = access.as_str().unwrap();
    let answer = playing.channels(access).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(json(answer).await["data"][0]["transport"], "whatsapp");
    playing.pass_time(86_400_000 - 1);
    assert_eq!(playing.channels_status(access).await, 200);
    playing.pass_time(1);
    assert_eq!(playing.channels_status(access).await, 401);
    assert_eq!(playing.kinds_alive(), ["refresh_token"]);
}

#[tokio::test]
async fn a_presented_refresh_token_is_dead_and_its_reuse_is_counted() {
    let playing = play().await;
    let machine = playing.machine_token().await;
    let first = playing.exchanged(&machine).await;
    let body = playing.granted(&refresh_grant(&first.refresh)).await;
    let second = body["data"]["refresh_token"].as_str().unwrap();
    assert_ne!(second, first.refresh);
    let access = body["data"]["access_token"].as_str().unwrap();
    assert_eq!(playing.channels_status(access).await, 200);
    assert_eq!(playing.channels_status(&first.access).await, 200);
    let wazzup = playing.simulator.wazzup();
    assert_eq!(wazzup.refresh_token_reuses(), 0);

    for reuses in 1..3 {
        let again = refresh_grant(&first.refresh);
        let answer = playing.as_partner(TOKEN, &again).send().await.unwrap();
        assert_eq!(answer.status(), 401);
        let code = json(answer).await["code"].take();
        assert!(code.as_str().unwrap().starts_with("OAUTH_REFRESH_TOKEN_"));
        assert_eq!(wazzup.refresh_token_reuses(), reuses);
    }
    playing.granted(&refresh_grant(second)).await;
}

#[tokio::test]
async fn without_rotation_the_refresh_token_stays() {
    let playing = play().await;
    playing.simulator.wazzup().set_manner(Manner {
        rotates: false,
        ..Manner::default()
    });
    let machine = playing.machine_token().await;
    let tokens = playing.exchanged(&machine).await;
    for _ in 0..2 {
        let body = playing.granted(&refresh_grant(&tokens.refresh)).await;
        assert_eq!(body["data"].get("refresh_token"), None);
        assert_eq!(body["data"]["expires_in"], 86_400);
    }
    assert_eq!(playing.simulator.wazzup().refresh_token_reuses(), 0);
}

#[tokio::test]
async fn a_refresh_token_lives_for_seven_days() {
    let playing = play().await;
    let machine = playing.machine_token().await;
    let tokens = playing.exchanged(&machine).await;
    playing.pass_time(7 * 86_400_000 - 1);
    let body = playing.granted(&refresh_grant(&tokens.refresh)).await;
    let rotated = body["data"]["refresh_token"].as_str().unwrap();
    playing.pass_time(7 * 86_400_000);
    let late = playing.as_partner(TOKEN, &refresh_grant(rotated)).send();
    assert_eq!(late.await.unwrap().status(), 401);
    assert_eq!(playing.simulator.wazzup().refresh_token_reuses(), 0);
}

#[tokio::test]
async fn a_lost_answer_to_a_refresh_leaves_both_tokens_dead_to_the_client() {
    let playing = play().await;
    let machine = playing.machine_token().await;
    let tokens = playing.exchanged(&machine).await;
    let lost = Fault::after(FaultKind::Disconnect);
    playing.simulator.inject(wazzup::REFRESH, lost).unwrap();
    let grant = refresh_grant(&tokens.refresh);
    assert!(playing.as_partner(TOKEN, &grant).send().await.is_err());
    let again = playing.as_partner(TOKEN, &grant).send().await.unwrap();
    assert_eq!(again.status(), 401);
    assert_eq!(playing.simulator.wazzup().refresh_token_reuses(), 1);
}

#[tokio::test]
async fn lifetimes_and_skew_are_what_a_test_wants() {
    let playing = play().await;
    let seconds = std::time::Duration::from_secs;
    playing.simulator.wazzup().set_manner(Manner {
        skew_seconds: -120,
        machine_ttl: seconds(7),
        access_ttl: seconds(5),
        refresh_ttl: seconds(6),
        ..Manner::default()
    });
    let body = playing.granted(&machine_grant("crm")).await;
    assert_eq!(body["data"]["expires_in"], 7);
    let skewed = start_of_time().unix_timestamp() - 120;
    assert_eq!(body["meta"]["timestamp"], skewed);
    let machine = playing.machine_token().await;
    let tokens = playing.exchanged(&machine).await;
    playing.pass_time(5_000);
    assert_eq!(playing.channels_status(&tokens.access).await, 401);
    playing.pass_time(1_000);
    let late = playing.as_partner(TOKEN, &refresh_grant(&tokens.refresh));
    let answer = late.send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(json(answer).await["meta"]["timestamp"], skewed + 6);
}

#[tokio::test]
async fn every_grant_is_a_call_of_its_own() {
    let playing = play().await;
    let machine = playing.machine_token().await;
    let tokens = playing.exchanged(&machine).await;
    playing.granted(&refresh_grant(&tokens.refresh)).await;
    playing.channels(&tokens.access).send().await.unwrap();
    playing.as_partner(TOKEN, &json!({})).send().await.unwrap();
    for call in [
        wazzup::MACHINE_TOKEN,
        wazzup::EXCHANGE,
        wazzup::REFRESH,
        wazzup::OTHER_GRANT,
        wazzup::CHANNELS,
    ] {
        assert_eq!(playing.simulator.calls(call).unwrap(), 1, "{call}");
    }
    assert_eq!(playing.simulator.calls(wazzup::ACCOUNTS).unwrap(), 0);
}

#[tokio::test]
async fn it_is_steered_over_the_control_plane() {
    let playing = play().await;
    let (email, account_id) = ("other@wazzup.example", "23456789");
    let partner = json!({ "email": email, "password": "other" });
    let manner = json!({ "envelope": "errors_code", "account_id_form": "dashed", "rotates": false, "skew_seconds": 5,
        "machine_ttl_seconds": 60, "access_ttl_seconds": 60, "refresh_ttl_seconds": 60 });
    for (verb, body, status) in [
        ("partners", partner, 201),
        ("partners", json!({ "email": "a:b", "password": "c" }), 400),
        (
            "accounts",
            json!({ "email": email, "account_id": account_id }),
            201,
        ),
        (
            "accounts",
            json!({ "email": email, "account_id": "1234-567" }),
            400,
        ),
        (
            "accounts",
            json!({ "email": "nobody", "account_id": account_id }),
            404,
        ),
        (
            "partner",
            json!({ "email": email, "active": true, "scope": "crm" }),
            204,
        ),
        ("partner", json!({ "email": "nobody", "active": true }), 404),
        (
            "grant",
            json!({ "account_id": account_id, "granted": true }),
            204,
        ),
        (
            "grant",
            json!({ "account_id": "99999999", "granted": true }),
            404,
        ),
        ("manner", json!({ "envelope": "none" }), 400),
        ("manner", manner, 204),
    ] {
        let path = format!("/__control/wazzup/{verb}");
        assert_eq!(playing.tell(&path, &body).await.0, status, "{body}");
    }
    let machine = playing.at(Method::POST, TOKEN).json(&machine_grant("crm"));
    let machine = machine
        .basic_auth(email, Some("other"))
        .send()
        .await
        .unwrap();
    assert_eq!(machine.status(), 200);
    let machine = json(machine).await["data"]["access_token"].take();
    let mut exchange = exchange_grant(machine.as_str().unwrap());
    exchange["token_exchange_data"]["requested_subject"] = json!(account_id);
    exchange["token_exchange_data"]["scope"] = json!("crm");
    let exchange = playing.at(Method::POST, TOKEN).json(&exchange);
    let tokens = exchange
        .basic_auth(email, Some("other"))
        .send()
        .await
        .unwrap();
    let tokens = json(tokens).await;

    let (_, ledger) = playing.ask("/__control/ledger").await;
    let entry = |field: &str, account: &str, kind: &str, secret: &Value| json!({ field: account, kind: secret, "issued_at": "2026-06-19T18:55:00.000Z", "expires_at": "2026-06-19T18:56:00.000Z" });
    let listed = ledger["wazzup"].as_array().unwrap();
    assert_eq!(listed.len(), 3);
    for expected in [
        entry("email", email, "machine_token", &machine),
        entry(
            "account_id",
            account_id,
            "access_token",
            &tokens["data"]["access_token"],
        ),
        entry(
            "account_id",
            account_id,
            "refresh_token",
            &tokens["data"]["refresh_token"],
        ),
    ] {
        assert!(listed.contains(&expected), "{expected} in {ledger}");
    }
    let path = "/__control/wazzup/revoke-tokens";
    let whose = json!({ "account_id": account_id });
    assert_eq!(playing.tell(path, &whose).await.0, 204);
    assert_eq!(playing.kinds_alive(), ["machine_token"]);
    let reuses = playing.ask("/__control/wazzup/refresh-token-reuses").await;
    assert_eq!(reuses, (200, json!({ "count": 0 })));
    let wazzup = playing.simulator.wazzup();
    assert_eq!(
        wazzup.revoke_tokens("99999999"),
        Err(Refused::UnknownAccount)
    );
}
