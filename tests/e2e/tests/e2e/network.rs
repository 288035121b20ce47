//! The network goes and comes back.

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
