//! Everything can be done without a mouse.

use crate::{Stage, button};

#[tokio::test]
async fn a_link_is_issued_replaced_and_revoked_by_keyboard_alone() {
    let stage = Stage::set().await;
    let page = stage.dashboard().await;

    page.widget().press_by_keyboard(button::ISSUE).await;
    let first = page.widget().scan().await;
    page.widget().press_by_keyboard(button::ISSUE).await;
    let second = page.widget().scans_other_than(&first).await;
    assert_eq!(second, stage.system.simulator().live_link().await);
    page.widget().press_by_keyboard(button::REVOKE).await;
    page.widget().covers_its_code().await;
    stage.system.simulator().forgets_every_link().await;
    page.close().await;
}
