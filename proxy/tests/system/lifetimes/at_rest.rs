//! What is bought is sealed for its own place, and stands in no answer and no log.

use pairlink_simulator::wazzup;

use super::{Scene, account_at};
use crate::harness::leaks::found;

#[tokio::test]
async fn no_token_stands_in_the_database_the_log_or_an_answer() {
    let scene = Scene::at("wazzup").await;
    let mut token = scene.token().await.unwrap();
    let mut secrets = Vec::new();
    for _round in 0..3 {
        for kind in ["machine_token", "refresh_token", "access_token"] {
            for secret in scene.given_out(kind) {
                secrets.push((kind, secret));
            }
        }
        token = scene.newer_than(&token).await.unwrap();
    }
    let secrets: Vec<_> = secrets
        .iter()
        .map(|(name, secret)| (*name, secret.as_str()))
        .collect();
    assert!(secrets.iter().any(|(name, _)| *name == "machine_token"));
    for entry in std::fs::read_dir(scene.world.directory()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(found(&secrets, &bytes), [""; 0], "in {}", path.display());
    }
    let health = scene.health().await.to_string();
    assert_eq!(found(&secrets, health.as_bytes()), [""; 0]);
    scene.world.assert_log_is_clean(&[
        ("machine token", &scene.given_out("machine_token")[0]),
        ("refresh token", &scene.given_out("refresh_token")[0]),
        ("access token", token.token.expose()),
        ("password", wazzup::DEMO_PASSWORD),
    ]);
}

#[tokio::test]
async fn a_value_that_was_moved_does_not_open() {
    let scene = Scene::at("wazzup").await;
    scene.token().await.unwrap();
    let other = scene
        .world
        .connect_to("wazzup", &account_at("wazzup"))
        .await;
    let asked = pairlink_proxy::service::Freshness::Valid;
    scene.service().api_token(&other, asked).await.unwrap();
    for moved in [
        // From another connection, then from another kind of the same one.
        "UPDATE credentials SET value = (SELECT value FROM credentials AS other
             WHERE other.kind = 'api_token' AND other.connection <> credentials.connection) WHERE kind = 'api_token'",
        "UPDATE credentials SET value = (SELECT value FROM credentials AS other
             WHERE other.kind = 'machine_token' AND other.connection = credentials.connection) WHERE kind = 'api_token'",
    ] {
        scene.world.meddle(moved).await;
        let refused = scene.token().await.err().unwrap();
        assert_eq!(refused.code().as_str(), "internal");
    }
}
