//! Wazzup's error codes: what brings each about, and the envelopes that they come in.

use pairlink_simulator::wazzup::{
    self, DEMO_ACCOUNT_ID, DEMO_EMAIL, DEMO_PASSWORD, Envelope, Manner,
};
use pairlink_simulator::{Fault, FaultKind};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::steps::{Playing, json, play, start_of_time};
use crate::wazzup::{TOKEN, exchange_grant, machine_grant, new_account, refresh_grant};

/// The code that a request is refused with.
async fn code_of(request: RequestBuilder) -> String {
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_client_error());
    json(answer).await["code"].as_str().unwrap().to_owned()
}

impl Playing {
    async fn token_code(&self, body: &Value) -> String {
        code_of(self.as_partner(TOKEN, body)).await
    }
}

/// The grant with one value of its data replaced.
fn with(mut grant: Value, data: &str, key: &str, value: Value) -> Value {
    grant[data][key] = value;
    grant
}

#[tokio::test]
async fn every_code_of_the_table_can_be_asked_for_in_every_envelope() {
    let table = [
        "VALIDATION_FAILED",
        "OAUTH_INVALID_GRANT_TYPE",
        "OAUTH_REDIRECT_",
        "OAUTH_AUTHORIZATION_CODE_",
        "OAUTH_CODE_CHALLENGE_",
        "OAUTH_CODE_VERIFIER_",
        "OAUTH_REQUESTED_",
        "OAUTH_SUBJECT_TOKEN_",
        "OAUTH_CLIENT_ID_MISMATCH",
        "OAUTH_REFRESH_TOKEN_",
        "OAUTH_AUTHORIZATION_HEADER_",
        "OAUTH_INVALID_PARTNER_",
        "OAUTH_TOKEN_INVALID_",
        "OAUTH_TOKEN_UNKNOWN_OR_REVOKED",
        "OAUTH_PARTNER_NOT_",
        "OAUTH_PARTNER_INACTIVE",
        "OAUTH_CLIENT_NOT_",
        "OAUTH_SCOPE_FORBIDDEN",
        "OAUTH_MISSING_GRANT",
    ];
    let playing = play().await;
    let unknown = Fault::before(FaultKind::refusal("no such code"));
    let error = playing.simulator.inject(wazzup::EXCHANGE, unknown);
    // The error lists them all.
    let error = error.unwrap_err().to_string();
    let known = error.rsplit(" are ").next().unwrap();
    let known: Vec<_> = known.split(", ").collect();
    assert_eq!(known.len(), table.len());
    for (code, beginning) in known.iter().zip(table) {
        assert!(code.starts_with(beginning), "{code} {beginning}");
        for (envelope, pointer) in [
            (Envelope::Code, "/code"),
            (Envelope::ErrorCode, "/error/code"),
            (Envelope::ErrorsCode, "/errors/0/code"),
        ] {
            playing.simulator.wazzup().set_manner(Manner {
                envelope,
                ..Manner::default()
            });
            let fault = Fault::before(FaultKind::refusal(code));
            playing.simulator.inject(wazzup::EXCHANGE, fault).unwrap();
            let request = playing.as_partner(TOKEN, &exchange_grant("any"));
            let answer = request.send().await.unwrap();
            assert!(answer.status().is_client_error(), "{code}");
            let body = json(answer).await;
            assert_eq!(body.pointer(pointer).unwrap(), code, "{body}");
            assert_eq!(body["meta"]["timestamp"], start_of_time().unix_timestamp());
        }
    }
}

#[tokio::test]
async fn whoever_is_not_an_active_partner_gets_nothing() {
    let playing = play().await;
    let header_invalid = "OAUTH_AUTHORIZATION_HEADER_INVALID";
    for path in [TOKEN, "/v2/accounts"] {
        let bare = || {
            let request = playing.at(Method::POST, path);
            request.json(&machine_grant("crm"))
        };
        assert_eq!(code_of(bare()).await, header_invalid);
        for value in ["Basic nonsense", "Basic", "nonsense", "Basic bm9jb2xvbg=="] {
            let request = bare().header("authorization", value);
            assert_eq!(code_of(request).await, header_invalid, "{value}");
        }
        assert_eq!(code_of(bare().bearer_auth("token")).await, header_invalid);
        let wrong = bare().basic_auth(DEMO_EMAIL, Some("wrong"));
        assert_eq!(code_of(wrong).await, header_invalid);
        let nobody = bare().basic_auth("nobody", Some(DEMO_PASSWORD));
        assert_eq!(code_of(nobody).await, "OAUTH_PARTNER_NOT_FOUND");
    }
    let wazzup = playing.simulator.wazzup();
    wazzup.set_partner_active(DEMO_EMAIL, false).unwrap();
    let inactive = playing.token_code(&machine_grant("crm")).await;
    assert_eq!(inactive, "OAUTH_PARTNER_INACTIVE");
    assert_eq!(playing.alive(), [""; 0]);
}

#[tokio::test]
async fn a_grant_has_a_type_and_its_data_the_right_form() {
    let playing = play().await;
    let invalid = "VALIDATION_FAILED";
    let machine_data = "client_credentials_data";
    for (body, code) in [
        (json!({}), invalid),
        (json!([]), invalid),
        (json!({ "grant_type": 7 }), invalid),
        (
            json!({ "grant_type": "password" }),
            "OAUTH_INVALID_GRANT_TYPE",
        ),
        (
            json!({ "grant_type": "authorization_code" }),
            "OAUTH_AUTHORIZATION_CODE_INVALID",
        ),
        (json!({ "grant_type": "client_credentials" }), invalid),
        (
            json!({ "grant_type": "client_credentials", "scope": "crm" }),
            invalid,
        ),
        (
            json!({ "grant_type": "refresh_token", "refresh_token": "x" }),
            invalid,
        ),
        (machine_grant(""), invalid),
        (machine_grant(" , "), invalid),
        (
            with(machine_grant(""), machine_data, "scope", json!(["crm"])),
            invalid,
        ),
        (machine_grant("transport,billing"), "OAUTH_SCOPE_FORBIDDEN"),
    ] {
        assert_eq!(playing.token_code(&body).await, code, "{body}");
    }
    let request = playing.at(Method::POST, TOKEN);
    let request = request.basic_auth(DEMO_EMAIL, Some(DEMO_PASSWORD));
    let no_json = request.body(machine_grant("crm").to_string());
    assert_eq!(code_of(no_json).await, invalid);
    assert_eq!(playing.alive(), [""; 0]);
}

#[tokio::test]
async fn an_exchange_is_refused_for_what_is_wrong_with_it() {
    let playing = play().await;
    let wazzup = playing.simulator.wazzup();
    wazzup
        .add_partner("other@wazzup.example", "other", None)
        .unwrap();
    wazzup
        .add_account("other@wazzup.example", "23456789")
        .unwrap();
    let machine = playing.machine_token().await;
    let access = playing.exchanged(&machine).await.access;
    let before = playing.alive().len();
    let changed =
        |key: &str, value: Value| with(exchange_grant(&machine), "token_exchange_data", key, value);
    let (token, subject) = ("subject_token", "requested_subject");
    for (body, code) in [
        (changed(token, json!(7)), "VALIDATION_FAILED"),
        (changed(subject, json!(12_345_678)), "VALIDATION_FAILED"),
        (changed("scope", Value::Null), "VALIDATION_FAILED"),
        (
            changed("subject_token_type", json!("jwt")),
            "OAUTH_SUBJECT_TOKEN_TYPE_MISMATCH",
        ),
        (
            changed(token, json!("unknown")),
            "OAUTH_INVALID_PARTNER_TOKEN",
        ),
        (changed(token, json!(access)), "OAUTH_INVALID_PARTNER_TOKEN"),
        (
            changed(subject, json!("99999999")),
            "OAUTH_CLIENT_NOT_BELONG_TO_PARTNER",
        ),
        (
            changed(subject, json!("1234-5678")),
            "OAUTH_CLIENT_NOT_BELONG_TO_PARTNER",
        ),
        (
            changed(subject, json!("23456789")),
            "OAUTH_CLIENT_NOT_BELONG_TO_PARTNER",
        ),
        (changed("scope", json!("billing")), "OAUTH_SCOPE_FORBIDDEN"),
    ] {
        assert_eq!(playing.token_code(&body).await, code, "{body}");
    }
    let stranger = playing
        .at(Method::POST, TOKEN)
        .json(&exchange_grant(&machine));
    let stranger = stranger.basic_auth("other@wazzup.example", Some("other"));
    assert_eq!(code_of(stranger).await, "OAUTH_REQUESTED_SUBJECT_MISMATCH");
    wazzup.set_granted(DEMO_ACCOUNT_ID, false).unwrap();
    let not_granted = playing.token_code(&exchange_grant(&machine)).await;
    assert_eq!(not_granted, "OAUTH_MISSING_GRANT");
    assert_eq!(playing.alive().len(), before);
}

#[tokio::test]
async fn a_refresh_is_refused_without_ending_the_token() {
    let playing = play().await;
    let wazzup = playing.simulator.wazzup();
    wazzup
        .add_partner("other@wazzup.example", "other", None)
        .unwrap();
    let machine = playing.machine_token().await;
    let tokens = playing.exchanged(&machine).await;
    let grant = refresh_grant(&tokens.refresh);
    let changed = |key: &str, value: Value| with(grant.clone(), "refresh_token_data", key, value);
    let unknown = "OAUTH_REFRESH_TOKEN_INVALID_OR_EXPIRED";
    for (body, code) in [
        (changed("refresh_token", json!(7)), "VALIDATION_FAILED"),
        (changed("refresh_token", json!("unknown")), unknown),
        (changed("refresh_token", json!(tokens.access)), unknown),
        (
            changed("client_id", json!("other")),
            "OAUTH_CLIENT_ID_MISMATCH",
        ),
        (
            changed("client_id", Value::Null),
            "OAUTH_CLIENT_ID_MISMATCH",
        ),
    ] {
        assert_eq!(playing.token_code(&body).await, code, "{body}");
    }
    let stranger = playing.at(Method::POST, TOKEN).json(&grant);
    let stranger = stranger.basic_auth("other@wazzup.example", Some("other"));
    assert_eq!(code_of(stranger).await, "OAUTH_CLIENT_ID_MISMATCH");
    wazzup.set_granted(DEMO_ACCOUNT_ID, false).unwrap();
    assert_eq!(playing.token_code(&grant).await, "OAUTH_MISSING_GRANT");
    wazzup.set_granted(DEMO_ACCOUNT_ID, true).unwrap();
    let refreshed = playing.as_partner(TOKEN, &grant).send().await.unwrap();
    assert_eq!(refreshed.status(), 200);
    assert_eq!(wazzup.refresh_token_reuses(), 0);
}

#[tokio::test]
async fn a_call_says_what_is_wrong_with_its_token() {
    let playing = play().await;
    let wazzup = playing.simulator.wazzup();
    let machine = playing.machine_token().await;
    let tokens = playing.exchanged(&machine).await;
    let bare = playing.at(Method::GET, "/v2/channels");
    assert_eq!(code_of(bare).await, "OAUTH_AUTHORIZATION_HEADER_INVALID");
    for (token, code) in [
        ("unknown", "OAUTH_TOKEN_UNKNOWN_OR_REVOKED"),
        (&machine, "OAUTH_TOKEN_INVALID_OR_EXPIRED"),
        (&tokens.refresh, "OAUTH_TOKEN_INVALID_OR_EXPIRED"),
    ] {
        assert_eq!(code_of(playing.channels(token)).await, code);
    }
    let with_token = async || code_of(playing.channels(&tokens.access)).await;
    wazzup.set_granted(DEMO_ACCOUNT_ID, false).unwrap();
    assert_eq!(with_token().await, "OAUTH_MISSING_GRANT");
    wazzup.set_granted(DEMO_ACCOUNT_ID, true).unwrap();
    wazzup.set_partner_active(DEMO_EMAIL, false).unwrap();
    assert_eq!(with_token().await, "OAUTH_PARTNER_INACTIVE");
    wazzup.set_partner_active(DEMO_EMAIL, true).unwrap();
    wazzup.revoke_tokens(DEMO_ACCOUNT_ID).unwrap();
    assert_eq!(with_token().await, "OAUTH_TOKEN_UNKNOWN_OR_REVOKED");

    let tokens = playing.exchanged(&machine).await;
    playing.pass_time(86_400_000);
    let expired = code_of(playing.channels(&tokens.access)).await;
    assert_eq!(expired, "OAUTH_TOKEN_INVALID_OR_EXPIRED");
}

#[tokio::test]
async fn a_token_opens_only_what_its_scope_permits() {
    let playing = play().await;
    let machine = playing.machine_token().await;
    let narrow = with(
        exchange_grant(&machine),
        "token_exchange_data",
        "scope",
        json!("crm"),
    );
    let answer = playing.as_partner(TOKEN, &narrow).send().await.unwrap();
    let token = json(answer).await["data"]["access_token"].take();
    let code = code_of(playing.channels(token.as_str().unwrap())).await;
    assert_eq!(code, "OAUTH_SCOPE_FORBIDDEN");

    let wazzup = playing.simulator.wazzup();
    wazzup.set_partner_scope(DEMO_EMAIL, "crm").unwrap();
    let code = playing.token_code(&machine_grant("transport")).await;
    assert_eq!(code, "OAUTH_SCOPE_FORBIDDEN");
}

#[tokio::test]
async fn an_account_is_not_created_from_wrong_data() {
    let playing = play().await;
    for (key, value) in [
        ("name", json!("ab")),
        ("name", json!(123)),
        ("lang", json!("ru")),
        ("currency", json!("GBP")),
        ("country", json!("UK")),
        ("timezone", json!("2")),
        ("timezone", json!(15)),
        ("timezone", json!(-13)),
        ("timezone", Value::Null),
    ] {
        let mut body = new_account();
        body[key] = value;
        let code = code_of(playing.as_partner("/v2/accounts", &body)).await;
        assert_eq!(code, "VALIDATION_FAILED", "{body}");
    }
}
