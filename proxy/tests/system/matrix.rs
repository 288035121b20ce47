//! Who may do what: every route with every kind of caller, from one table that is held against the API document.
//!
//! After each call of somebody to whom a tenant is none of his business, nothing of that tenant has changed, and nothing of
//! it is in the answer. A route that is not in the table fails, and so does a table whose routes are not there.

mod scene;
mod table;

use std::collections::BTreeSet;

use pairlink_proxy::http::document;
use reqwest::Method;

use self::scene::{Principal, Scene};
use self::table::{Guard, Row, TABLE};

/// What is wrong with the answers to the rows, one line each.
async fn findings(scene: &mut Scene, rows: &[Row]) -> Vec<String> {
    let mut found = Vec::new();
    for row in rows {
        // Who is turned away comes first: he finds everything as it was made.
        let (refused, admitted): (Vec<_>, Vec<_>) = Principal::ALL
            .into_iter()
            .partition(|principal| row.expected(*principal) != row.ok);
        scene.furnish().await;
        for principal in refused.into_iter().chain(admitted) {
            if row.destroys && row.expected(principal) == row.ok {
                scene.furnish_anew().await;
            }
            found.extend(finding(scene, row, principal).await);
        }
        if row.destroys {
            scene.furnish_anew().await;
        }
    }
    found
}

async fn finding(scene: &mut Scene, row: &Row, principal: Principal) -> Vec<String> {
    let place = format!("{} {} as {principal:?}", row.method, row.path);
    let before = scene.rows_of_the_tenant().await;
    let (status, text) = scene.call(row, principal).await;
    let mut found = Vec::new();
    let expected = row.expected(principal);
    if status != expected {
        found.push(format!("{place}: {status}, not {expected}: {text}"));
    }
    if principal.is_foreign() {
        let after = scene.rows_of_the_tenant().await;
        let is_new = |row: &&String| !before.contains(row);
        if after != before {
            let new: Vec<&String> = after.iter().filter(is_new).collect();
            found.push(format!(
                "{place}: changed something of another tenant: {new:?}"
            ));
        }
        for secret in scene.secrets_in(&text) {
            found.push(format!("{place}: shows {secret} of another tenant"));
        }
    }
    found
}

/// The routes of the API document that are not in the table, and the other way round.
fn unlisted(rows: &[Row]) -> BTreeSet<(String, String)> {
    let document = serde_json::to_value(document()).unwrap();
    let described: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(move |method| (method.to_uppercase(), path.clone()))
        })
        .collect();
    let listed: BTreeSet<(String, String)> = rows
        .iter()
        .filter(|row| row.guard != Guard::Person)
        .map(|row| (row.method.to_owned(), row.path.to_owned()))
        .collect();
    described.symmetric_difference(&listed).cloned().collect()
}

#[tokio::test]
async fn everybody_may_do_what_the_table_says_and_nothing_else() {
    assert_eq!(unlisted(TABLE), BTreeSet::new());
    let mut scene = Scene::set().await;
    let found = findings(&mut scene, TABLE).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_route_that_is_missing_in_the_table_is_noticed() {
    let (_first, rest) = TABLE.split_first().unwrap();
    assert_eq!(unlisted(rest).len(), 1);
}

/// Each hole lets somebody in as somebody else, as a proxy would that forgot one question.
#[tokio::test]
async fn a_hole_is_noticed() {
    let rows: Vec<Row> = TABLE
        .iter()
        .filter(|row| {
            let of_interest = ["/v1/connections/{id}/pass", "/v1/connections", "/v1/pass"];
            of_interest.contains(&row.path)
        })
        .copied()
        .collect();
    for (hole, words) in [
        // The tenant is not asked for.
        (
            (Principal::OtherKey, Principal::OwnKey),
            "of another tenant",
        ),
        // Whether the key was revoked is not.
        ((Principal::RevokedKey, Principal::OwnKey), "not 401"),
        // The action is not.
        ((Principal::Reads, Principal::EveryAction), "not 403"),
        // The end is not.
        ((Principal::Ended, Principal::EveryAction), "not 401"),
    ] {
        let mut scene = Scene::set().await;
        scene.hole = Some(hole);
        let found = findings(&mut scene, &rows).await.join("\n");
        assert!(found.contains(words), "{hole:?} was not noticed: {found}");
    }
}

#[tokio::test]
async fn no_method_beside_those_in_the_table_is_taken() {
    let scene = Scene::set().await;
    let paths: BTreeSet<&str> = TABLE.iter().map(|row| row.path).collect();
    for path in paths {
        for method in ["PUT", "PATCH", "DELETE", "POST", "GET"] {
            if TABLE
                .iter()
                .any(|row| (row.method, row.path) == (method, path))
            {
                continue;
            }
            let method: Method = method.parse().unwrap();
            let status = scene.bare(method.clone(), path).await;
            assert_eq!(status, 405, "{method} {path}");
        }
    }
}
