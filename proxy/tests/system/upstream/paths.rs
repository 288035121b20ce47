//! Where a request may go: below the provider's address, and nowhere else.

use reqwest::Method;
use serde_json::json;

use super::Scene;
use crate::harness::world::Setup;

#[tokio::test]
async fn a_path_goes_on_as_it_came() {
    let scene = Scene::open().await;
    for path in [
        "v1/messages",
        "v1/messages/",
        "v1/a%20b/%C3%A9?x=1&y=%2F..%2F&z=a/b?c",
        "v1/~me@example.com:1,2;v=1?",
        "whatsapp/v1/messages?token=x",
        "whatsapp/v1/tokens",
    ] {
        let heard = scene.raw("GET", path, "").await;
        assert!(heard.starts_with("HTTP/1.1 200"), "{path}: {heard}");
        let target = scene.station.heard().last().unwrap().target.clone();
        assert_eq!(target, format!("/{path}"));
    }
}

#[tokio::test]
async fn a_path_that_could_lead_elsewhere_goes_nowhere() {
    for provider in ["enablex", "green-api", "wawp", "wazzup"] {
        let scene = Scene::open_at(provider, Setup::default()).await;
        for path in [
            "..",
            "../x",
            "x/../../y",
            "x/..",
            "x/./y",
            "%2e%2e/x",
            "x/%2E%2e/y",
            "x/%252e%252e/y",
            "x/..;/y",
            "x/..%3b/y",
            "x%2fy",
            "x%252Fy",
            "x%5cy",
            "x\\..\\y",
            "\\\\other.example\\x",
            "//other.example/x",
            "/x",
            "x//y",
            "x/%00",
            "x/%0d%0aHost:%20other.example",
            "x/%c0%ae%c0%ae/y",
            "x/%ff",
            "x/%zz",
            "x/%",
            "https://other.example/x",
            "http:%2f%2fother.example",
        ] {
            for method in ["GET", "POST"] {
                let heard = scene.raw(method, path, "content-length: 0\r\n").await;
                let refused = heard.starts_with("HTTP/1.1 422")
                    || heard.starts_with("HTTP/1.1 404")
                    || heard.starts_with("HTTP/1.1 400");
                assert!(refused, "{provider} {path}: {heard}");
            }
        }
        assert_eq!(scene.station.heard().len(), 0, "{provider}");
        assert_eq!(scene.station.tokens().len(), 0, "{provider}");
    }
}

#[tokio::test]
async fn neither_a_host_nor_a_user_in_a_request_counts() {
    let scene = Scene::open().await;
    for path in ["@other.example/x", "user:password@other.example/x", ":80/x"] {
        let heard = scene.raw("GET", path, "").await;
        assert!(heard.starts_with("HTTP/1.1 200"), "{path}: {heard}");
        let heard = scene.station.heard().last().unwrap().clone();
        assert_eq!(heard.target, format!("/{path}"));
        assert!(scene.station.url.ends_with(heard.header("host").unwrap()));
    }
}

#[tokio::test]
async fn credentials_stand_where_the_provider_wants_them() {
    let green = Scene::open_at("green-api", Setup::default()).await;
    let body = json!({ "chatId": "79001234567@c.us", "message": "hello" });
    let request = green.pass(Method::POST, "sendMessage/more/x?a=b");
    green.world.send(request.json(&body)).await.json(200);
    let heard = green.station.the_one();
    let token = green.credentials["api_token_instance"].as_str().unwrap();
    let target = format!("/waInstance1101000001/sendMessage/{token}/more/x?a=b");
    assert_eq!(heard.target, target);
    assert_eq!(heard.body, body.to_string());
    assert_eq!(heard.header("authorization"), None);
    green.assert_log_is_clean();

    let wawp = Scene::open_at("wawp", Setup::default()).await;
    for (query, begins) in [("", ""), ("?", ""), ("?a=b", "a=b&")] {
        let heard = wawp.raw("GET", &format!("v2/send/text{query}"), "").await;
        assert!(heard.starts_with("HTTP/1.1 200"), "{heard}");
        let heard = wawp.station.heard().last().unwrap().clone();
        let (instance, token) = (&wawp.world.instance_id, &wawp.world.access_token);
        let own = format!("instance_id={instance}&access_token={token}");
        assert_eq!(heard.target, format!("/v2/send/text?{begins}{own}"));
        assert_eq!(heard.header("authorization"), None);
    }
    wawp.assert_log_is_clean();

    for provider in ["enablex", "wazzup"] {
        let scene = Scene::open_at(provider, Setup::default()).await;
        let request = scene.pass(Method::GET, "v2/channels?a=b");
        scene.world.send(request).await.json(200);
        let heard = scene.station.the_one();
        assert_eq!(heard.target, "/v2/channels?a=b");
        let token = heard.bearer().to_owned();
        assert!(scene.station.tokens().contains(&token), "{provider}");
        scene.assert_log_is_clean();
    }
}

#[tokio::test]
async fn nobody_else_names_the_account() {
    let scene = Scene::open_at("wawp", Setup::default()).await;
    for (query, field) in [
        ("access_token=x", "access_token"),
        ("a=b&access_token=x", "access_token"),
        ("a=b;access_token=x", "access_token"),
        ("access%5ftoken=x", "access_token"),
        ("Access_Token=x", "access_token"),
        ("access_token[]=x", "access_token"),
        ("access.token=x", "access_token"),
        ("instance_id=ABCDEF123456", "instance_id"),
        ("instance%5Fid[0]=ABCDEF123456", "instance_id"),
    ] {
        let heard = scene.raw("GET", &format!("v2/send/text?{query}"), "").await;
        assert!(heard.starts_with("HTTP/1.1 422"), "{query}: {heard}");
        assert!(heard.contains(&format!("\"field\":\"{field}\"")), "{heard}");
    }
    assert_eq!(scene.station.heard().len(), 0);
}
