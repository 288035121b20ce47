//! The network goes and comes back.

use pairlink_e2e::eventually;

use crate::{Stage, button};

#[tokio::test]
async fn offline_is_said_and_undone() {
    let stage = Stage::set().await;
    let (page, link) = stage.dashboard_with_link().await;

    page.set_offline(true).await;
    page.widget()
        .says(&["offline", "no network", "no connection"])
        .await;

    page.set_offline(false).await;
    assert_eq!(page.widget().scan().await, link);
    page.close().await;
}

#[tokio::test]
async fn what_happened_while_a_page_was_offline_is_shown_when_it_is_back() {
    let stage = Stage::set().await;
    let (operator, _link) = stage.dashboard_with_link().await;
    let away = stage.dashboard().await;
    away.widget().scan().await;
    away.set_offline(true).await;
    away.widget()
        .says(&["offline", "no network", "no connection"])
        .await;

    operator.widget().press(button::REVOKE).await;
    operator.widget().covers_its_code().await;

    away.set_offline(false).await;
    away.widget().covers_its_code().await;
    away.widget().button(button::ISSUE).await;
    operator.close().await;
    away.close().await;
}

#[tokio::test]
async fn a_page_whose_element_cannot_be_loaded_says_so() {
    let mut stage = Stage::set().await;
    stage.system.stop_proxy().await;
    let page = stage.dashboard().await;
    for (selector, expected) in [
        ("[data-loading]", "Reload this page"),
        ("[data-connection-state]", "Not loaded"),
    ] {
        eventually(expected, async || {
            let shown = page
                .run(&format!(
                    "return document.querySelector('{selector}').innerText"
                ))
                .await;
            match shown.as_str() {
                Some(words) if words.contains(expected) => Ok(()),
                Some(_) | None => Err(shown.to_string()),
            }
        })
        .await;
    }
    page.close().await;
}

#[tokio::test]
async fn a_proxy_that_comes_back_is_found_again() {
    let mut stage = Stage::set().await;
    let (page, link) = stage.dashboard_with_link().await;
    stage.system.crash_proxy().await;

    let other = stage.dashboard().await;
    assert_eq!(other.widget().scan().await, link, "the store kept it");
    other.widget().press(button::REVOKE).await;
    page.widget().says(&["revoked on another page"]).await;
    page.close().await;
    other.close().await;
}
