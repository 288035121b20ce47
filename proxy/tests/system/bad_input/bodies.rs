//! Bodies.

use pairlink_protocol::Method as PassMethod;
use reqwest::Method;
use serde_json::{Value, json};

use super::{CANARY, changing_nothing, json_text, with_body};
use crate::harness::World;
use crate::harness::answer::Answer;
use crate::harness::leaks::found;

#[track_caller]
fn assert_silent(answer: &Answer) {
    assert_eq!(
        found(&[("canary", CANARY)], answer.text.as_bytes()),
        [""; 0]
    );
}

#[tokio::test]
async fn what_is_not_json_is_refused() {
    changing_nothing(async |world| {
        for (method, path, optional) in with_body(world) {
            for body in [
                "".as_bytes(),
                b" ",
                b"{",
                b"{} {}",
                b"{},",
                b"{\"label\": \"x\",}",
                b"{'label': 1}",
                b"\xef\xbb\xbf{}",
                b"{\"label\": \"\\ud800\"}",
                b"{\"label\": \"\xff\"}",
                b"{\"label\": \"\x00\"}",
                b"nonsense",
                format!("{{\"{CANARY}\": ").as_bytes(),
            ] {
                if optional && body.is_empty() {
                    continue;
                }
                let request = world.backend(method.clone(), &path);
                let answer = world.send(json_text(request, body.to_vec())).await;
                answer.problem("invalid_json");
                assert_silent(&answer);
            }
            for body in ["[]", "[\"link\", null]", "null", "5", "\"link\"", "true"] {
                let request = world.backend(method.clone(), &path);
                let answer = world.send(json_text(request, body)).await;
                answer.problem_of("invalid_field", "body");
            }
            let long = "x".repeat(200);
            let request = world.backend(method.clone(), &path);
            let request = json_text(request, format!("{{\"{long}\": 1}}"));
            let answer = world.send(request).await;
            answer.problem("invalid_field");
            assert!(!answer.text.contains(&long[..65]), "{}", answer.text);
        }
    })
    .await;
}

#[tokio::test]
async fn what_does_not_say_that_it_is_json_is_refused() {
    changing_nothing(async |world| {
        for (method, path, _) in with_body(world) {
            for media_type in [
                None,
                Some("text/plain"),
                Some("multipart/form-data; boundary=x"),
                Some("application/x-www-form-urlencoded"),
                Some("application/json; charset=utf-16"),
                Some("application/jsonp"),
                Some("application/json, text/plain"),
                Some(""),
            ] {
                let mut request = world
                    .backend(method.clone(), &path)
                    .body("{\"label\": \"x\"}");
                if let Some(media_type) = media_type {
                    request = request.header("content-type", media_type);
                }
                let answer = world.send(request).await;
                answer.problem("unsupported_media_type");
            }
        }
    })
    .await;
    let world = World::start().await;
    for media_type in [
        "application/json; charset=utf-8",
        "Application/JSON;charset=\"UTF-8\"",
    ] {
        let request = world
            .of_connection(Method::PATCH, "")
            .body("{\"label\": \"x\"}");
        let request = request.header("content-type", media_type);
        world.send(request).await.json(200);
    }
}

#[tokio::test]
async fn what_is_too_long_is_refused() {
    changing_nothing(async |world| {
        for (method, path, _) in with_body(world) {
            let body = format!("{{\"label\": \"{}\"}}", "x".repeat(16 * 1024));
            let request = world.backend(method, &path);
            world
                .send(json_text(request, body))
                .await
                .problem("too_large");
        }
    })
    .await;
}

#[tokio::test]
async fn what_nobody_could_mean_is_refused() {
    changing_nothing(async |world| {
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        let many: Vec<String> = (0..1000).map(|n| format!("\"{n}\":1")).collect();
        for (method, path, _) in with_body(world) {
            for body in [
                format!("{{\"label\": {}}}", nested(16)),
                nested(4000),
                "{\"label\":".repeat(1000),
                format!("{{{}}}", many.join(",")),
            ] {
                let request = world.backend(method.clone(), &path);
                let answer = world.send(json_text(request, body)).await;
                answer.problem("too_complex");
            }
            // As deep as may be it is read, and refused for what it says.
            let request = world.backend(method.clone(), &path);
            let body = format!("{{\"label\": {}}}", nested(15));
            let answer = world.send(json_text(request, body)).await;
            answer.problem("invalid_field");
            for (field, body) in [
                ("label", format!("{{\"label\": \"x\", \"label\": \"{CANARY}\"}}")),
                (
                    "access_token",
                    format!("{{\"credentials\": {{\"access_token\": 1, \"access_\\u0074oken\": \"{CANARY}\"}}}}"),
                ),
                ("body", format!("{{\"{CANARY} {CANARY}\": 1, \"{CANARY} {CANARY}\": 1}}")),
            ] {
                let request = world.backend(method.clone(), &path);
                let answer = world.send(json_text(request, body)).await;
                answer.problem_of("invalid_field", field);
                assert_silent(&answer);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_code_is_for_a_number_that_is_one() {
    changing_nothing(async |world| {
        for number in [
            json!(""),
            json!("123456"),
            json!("4412345678901234"),
            json!("0113 496 0001"),
            json!("+44 1134 960 00x"),
            json!("-441134960001"),
            json!("٤٤١١٣٤٩٦٠٠٠١"),
            json!("+44\u{0}1134960001"),
            json!(441_134_960_001_u64),
            json!(4.411e11),
            json!(CANARY),
            json!([CANARY]),
        ] {
            let request = world.of_connection(Method::POST, "/pass");
            let asked = json!({ "method": "code", "phone_number": number });
            let answer = world.send(request.json(&asked)).await;
            answer.problem_of("invalid_field", "phone_number");
            assert_silent(&answer);
        }
    })
    .await;
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn a_connection_needs_what_it_needs() {
    changing_nothing(async |world| {
        let right = json!({
            "provider": "wawp", "tenant": "acme", "label": "Acme", "base_url": world.simulator.base_url(),
            "credentials": world.credentials(),
        });
        let (instance, token) = (&world.instance_id, &world.access_token);
        let credentials = |value: Value| ("credentials", value);
        let long = "x".repeat(4097);
        for (field, (name, value)) in [
            ("provider", ("provider", json!(CANARY))),
            ("provider", ("provider", json!("WAWP"))),
            ("provider", ("provider", json!(5))),
            ("provider", ("provider", Value::Null)),
            ("tenant", ("tenant", json!("a b"))),
            ("tenant", ("tenant", json!(""))),
            ("tenant", ("tenant", json!("x".repeat(65)))),
            ("tenant", ("tenant", json!("a\u{0}b"))),
            ("tenant", ("tenant", json!("a\u{202e}b"))),
            ("tenant", ("tenant", json!([CANARY]))),
            ("label", ("label", json!(""))),
            ("label", ("label", json!("x".repeat(81)))),
            ("label", ("label", json!("a\u{0}b"))),
            ("label", ("label", json!("a\u{200b}b"))),
            ("label", ("label", json!("a\u{202e}b"))),
            ("label", ("label", json!({ CANARY: 1 }))),
            ("base_url", ("base_url", json!(5))),
            ("unknown", ("unknown", json!(CANARY))),
            ("expected_phone", ("expected_phone", json!(CANARY))),
            ("polices", ("polices", json!({ "note": CANARY }))),
            ("note", ("policy", json!({ "lifetime": "fixed", "note": CANARY }))),
            ("policy.lifetime", ("policy", json!({ "lifetime": CANARY }))),
            ("credentials", credentials(json!(CANARY))),
            ("credentials", credentials(json!([CANARY]))),
            ("credentials", credentials(Value::Null)),
            ("credentials.instance_id", credentials(json!({ "access_token": token }))),
            ("credentials.access_token", credentials(json!({ "instance_id": instance }))),
            (
                "credentials.instance_id",
                credentials(json!({ "instance_id": CANARY, "access_token": token })),
            ),
            (
                "credentials.access_token",
                credentials(json!({ "instance_id": instance, "access_token": "" })),
            ),
            (
                "credentials.access_token",
                credentials(json!({ "instance_id": instance, "access_token": format!(" {CANARY}") })),
            ),
            (
                "credentials.access_token",
                credentials(json!({ "instance_id": instance, "access_token": format!("{CANARY}\r\n") })),
            ),
            (
                "credentials.access_token",
                credentials(json!({ "instance_id": instance, "access_token": long })),
            ),
            (
                "credentials.access_token",
                credentials(json!({ "instance_id": instance, "access_token": [CANARY] })),
            ),
            (
                "credentials.app_id",
                credentials(json!({ "instance_id": instance, "access_token": token, "app_id": CANARY })),
            ),
            // What could not be a name is not repeated.
            (
                "credentials",
                credentials(json!({ "instance_id": instance, "access_token": token, long.as_str(): "x" })),
            ),
            (
                "credentials",
                credentials(json!({ "instance_id": instance, "access_token": token, "a b": "x" })),
            ),
            (
                "credentials",
                credentials(json!({ "instance_id": instance, "access_token": token, long.as_str(): 5 })),
            ),
        ] {
            let mut asked = right.clone();
            asked[name] = value;
            let request = world.backend(Method::POST, "/v1/connections");
            let answer = world.send(request.json(&asked)).await;
            // Null is the same as absent where that is allowed.
            answer.problem_of("invalid_field", field);
            assert_silent(&answer);
        }
        for name in ["provider", "credentials"] {
            let mut asked = right.clone();
            asked.as_object_mut().unwrap().remove(name);
            let request = world.backend(Method::POST, "/v1/connections");
            let answer = world.send(request.json(&asked)).await;
            answer.problem_of("invalid_field", name);
        }
        let twice = format!(
            "{{\"provider\": \"wawp\", \"provider\": \"{CANARY}\", \"credentials\": {}}}",
            world.credentials()
        );
        let request = world.backend(Method::POST, "/v1/connections");
        let answer = world.send(json_text(request, twice)).await;
        answer.problem_of("invalid_field", "provider");
        assert_silent(&answer);
    })
    .await;
}

#[tokio::test]
async fn a_change_of_a_connection_is_checked_as_a_new_one() {
    changing_nothing(async |world| {
        for (field, body) in [
            ("label", json!({ "label": "" })),
            ("label", json!({ "label": "a\u{202e}b" })),
            ("provider", json!({ "provider": CANARY })),
            ("tenant", json!({ "tenant": CANARY })),
            ("base_url", json!({ "base_url": CANARY })),
            (
                "credentials.access_token",
                json!({ "credentials": { "instance_id": world.instance_id } }),
            ),
            ("credentials.instance_id", json!({ "credentials": {} })),
        ] {
            let request = world.of_connection(Method::PATCH, "");
            let answer = world.send(request.json(&body)).await;
            answer.problem_of("invalid_field", field);
            assert_silent(&answer);
        }
    })
    .await;
}

#[tokio::test]
async fn an_embed_token_is_for_something_somewhere_and_not_for_ever() {
    changing_nothing(async |world| {
        let right =
            json!({ "actions": ["read"], "origins": ["https://app.example"], "ttl_seconds": 60 });
        let eleven: Vec<String> = (0..11).map(|n| format!("https://{n}.example")).collect();
        let mut cases = vec![
            ("actions", json!([])),
            ("actions", Value::Null),
            ("origins", json!([])),
            ("origins", json!("https://app.example")),
            ("origins", json!(eleven)),
            ("unknown", json!(CANARY)),
        ];
        for seconds in [
            json!(0),
            json!(-1),
            json!(59),
            json!(3601),
            json!(u64::MAX),
            json!(60.5),
            json!("60"),
            json!(1e30),
        ] {
            cases.push(("ttl_seconds", seconds));
        }
        for origin in [
            "*",
            "null",
            "",
            "app.example",
            "http://app.example",
            "https://app.example/",
            "https://app.example/x",
            "https://app.example:443",
            "https://APP.example",
            "https://user@app.example",
            "https://bücher.example",
            "https://*.example",
            "https://a b.example",
            "https://app.example\u{0}",
            "javascript:alert(1)",
            CANARY,
        ] {
            cases.push(("origins", json!(["https://app.example", origin])));
        }
        for (field, value) in cases {
            let mut asked = right.clone();
            asked[field] = value.clone();
            let request = world.of_connection(Method::POST, "/embed-tokens");
            let answer = world.send(request.json(&asked)).await;
            assert_eq!(answer.status, 422, "{field} {value}");
            answer.problem_of("invalid_field", field);
            assert_silent(&answer);
        }
        // The one at fault is named by its place.
        for action in [
            json!("write"),
            json!("*"),
            json!("READ"),
            json!(CANARY),
            json!(5),
            Value::Null,
        ] {
            let mut asked = right.clone();
            asked["actions"] = json!(["read", action]);
            let request = world.of_connection(Method::POST, "/embed-tokens");
            let answer = world.send(request.json(&asked)).await;
            answer.problem_of("invalid_field", "actions[1]");
            assert_silent(&answer);
        }
    })
    .await;
}

#[tokio::test]
async fn a_share_link_lives_as_long_as_is_allowed() {
    changing_nothing(async |world| {
        for seconds in [
            "0",
            "-1",
            "59",
            "1801",
            "\"30m\"",
            "60.5",
            "true",
            "[]",
            "4294967296",
        ] {
            let request = world.of_connection(Method::POST, "/share-link");
            let body = format!("{{\"ttl_seconds\": {seconds}}}");
            let answer = world.send(json_text(request, body)).await;
            answer.problem_of("invalid_field", "ttl_seconds");
        }
        // More than a number of JSON's can be is no JSON that anybody reads alike.
        let request = world.of_connection(Method::POST, "/share-link");
        let answer = world
            .send(json_text(request, "{\"ttl_seconds\": 1e309}"))
            .await;
        answer.problem("invalid_json");
        for name in ["return_url", "return_url_id"] {
            for address in [
                CANARY,
                "//evil.example",
                "/\\evil.example",
                "javascript:alert(1)",
            ] {
                let request = world.of_connection(Method::POST, "/share-link");
                let answer = world.send(request.json(&json!({ name: address }))).await;
                answer.problem_of("invalid_field", name);
                assert_silent(&answer);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_pass_is_asked_for_by_a_method_that_there_is() {
    changing_nothing(async |world| {
        for (field, body) in [
            ("method", json!({})),
            ("method", json!({ "method": CANARY })),
            ("method", json!({ "method": "LINK" })),
            ("method", json!({ "method": 5 })),
            ("method", json!({ "method": null })),
            ("token", json!({ "method": "link", "token": CANARY })),
            (
                "phone_number",
                json!({ "method": "link", "phone_number": "441234567890" }),
            ),
        ] {
            let request = world.of_connection(Method::POST, "/pass");
            let answer = world.send(request.json(&body)).await;
            answer.problem_of("invalid_field", field);
            assert_silent(&answer);
        }
        for method in [PassMethod::Token] {
            let request = world.of_connection(Method::POST, "/pass");
            let answer = world.send(request.json(&json!({ "method": method }))).await;
            answer.problem("method_not_offered");
        }
    })
    .await;
}
