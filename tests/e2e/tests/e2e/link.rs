//! The life of a link: issued, shown, copied, replaced, revoked, used.

use pairlink_e2e::eventually;

use crate::{Stage, button};

#[tokio::test]
async fn the_code_on_the_screen_is_the_link_that_the_provider_issued() {
    let stage = Stage::set().await;
    let (page, scanned) = stage.dashboard_with_link().await;
    assert_eq!(scanned, stage.system.simulator().live_link().await);
    page.close().await;
}

#[tokio::test]
async fn revoking_kills_the_link_at_the_provider_and_covers_it_on_every_open_page() {
    let stage = Stage::set().await;
    let (operator, link) = stage.dashboard_with_link().await;
    let other = stage.dashboard().await;
    assert_eq!(other.widget().scan().await, link, "both show the same");

    operator.widget().press(button::REVOKE).await;
    operator.widget().covers_its_code().await;
    other.widget().covers_its_code().await;

    other.widget().says(&["revoked on another page"]).await;
    stage.system.simulator().forgets_every_link().await;
    operator.close().await;
    other.close().await;
}

#[tokio::test]
async fn a_new_link_replaces_the_old_one_everywhere() {
    let stage = Stage::set().await;
    let (operator, first) = stage.dashboard_with_link().await;
    let other = stage.dashboard().await;
    assert_eq!(other.widget().scan().await, first);

    operator.widget().press(button::ISSUE).await;
    for page in [&operator, &other] {
        let second = page.widget().scans_other_than(&first).await;
        assert_eq!(second, stage.system.simulator().live_link().await);
    }
    operator.close().await;
    other.close().await;
}

#[tokio::test]
async fn the_copy_button_copies_the_link() {
    let stage = Stage::set().await;
    let (page, link) = stage.dashboard_with_link().await;
    page.widget().press(button::COPY).await;

    page.widget().says(&["copied"]).await;
    assert_eq!(page.paste().await, link);
    page.close().await;
}

#[tokio::test]
async fn a_scan_connects_the_page_and_kills_the_link() {
    let stage = Stage::set().await;
    let (operator, link) = stage.dashboard_with_link().await;

    let phone = stage.browser.open(&link).await;
    phone.click("button").await;
    operator.widget().says(&["is connected"]).await;
    operator.widget().covers_its_code().await;

    stage.system.simulator().forgets_every_link().await;
    eventually("the console to show it", async || {
        let shown = operator
            .run("return document.querySelector('[data-connection-state]').textContent")
            .await;
        if shown == "Connected" {
            Ok(())
        } else {
            Err(shown.to_string())
        }
    })
    .await;
    operator.close().await;
    phone.close().await;
}
