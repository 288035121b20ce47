//! `/v1/connections/{id}/api-token`.

use reqwest::Method;
use serde_json::json;

use super::Scene;
use crate::harness::World;
use crate::harness::world::{ORIGIN, Setup};
use crate::operation::assert_golden;

#[tokio::test]
async fn a_backend_gets_the_providers_token_and_nobody_else_does() {
    for provider in ["enablex", "wazzup"] {
        let scene = Scene::open_at(provider, Setup::default()).await;
        let ask = |method| scene.world.of_connection(method, "/api-token");
        let answer = scene.world.send(ask(Method::POST)).await;
        answer.is_private();
        let given = answer.json(200);
        assert_golden("api_token.json", &given);
        assert_eq!(given["token_type"], "Bearer");
        let token = given["token"].as_str().unwrap().to_owned();
        assert!(scene.station.tokens().contains(&token), "{provider}");
        assert!(given["expires_at"].as_str() > given["server_time"].as_str());

        // Nothing is handed out by a GET.
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
            let answer = scene.world.send(ask(method)).await;
            assert_eq!(answer.status, 405);
        }
        let empty = scene.world.send(ask(Method::POST).json(&json!({}))).await;
        empty.json(200);
        let more = ask(Method::POST).json(&json!({ "scope": "all" }));
        let refused = scene.world.send(more).await;
        refused.problem_of("invalid_field", "scope");

        let embed = scene.world.embed_token(&["read", "issue", "token"]).await;
        let path = format!("/v1/connections/{}/api-token", scene.world.connection);
        let page = scene.world.page(Method::POST, &path, &embed);
        scene.world.send(page).await.problem("unauthenticated");
        let stranger = scene.world.key_of("stranger").await;
        let request = scene.world.at(Method::POST, &path);
        let request = request.bearer_auth(stranger.token.expose());
        scene.world.send(request).await.problem("not_found");

        let mut books = scene.world.books().await;
        let given = "SELECT outcome FROM audit WHERE action = 'api_token.give'";
        assert_eq!(books.column(given).await, ["done", "done"]);
        scene.assert_log_is_clean();
    }
}

#[tokio::test]
async fn who_has_no_tokens_says_so() {
    let world = World::start().await;
    let request = world.of_connection(Method::POST, "/api-token");
    let refused = world.send(request.header("origin", ORIGIN)).await;
    refused.problem("method_not_offered");
    assert!(!refused.headers.contains_key("access-control-allow-origin"));
    assert_eq!(world.all_calls(), 0);
}
