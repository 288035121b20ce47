//! Two at once, and one who leaves in the middle: one link lives, and everybody knows it.

use pairlink_e2e::eventually;

use crate::{MINT, Stage, button};

/// Presses a button at an instant. Whoever is told of the other's link before has none to press any more.
const PRESS_AT: &str = "setTimeout(() => arguments[0].click(), arguments[1] - Date.now())";

#[tokio::test]
async fn of_two_pages_that_issue_at_once_both_show_the_one_link_that_lives() {
    let stage = Stage::set().await;
    let (left, right) = (stage.dashboard().await, stage.dashboard().await);
    let instant = left.run("return Date.now() + 500").await;
    for page in [&left, &right] {
        let button = page.widget().button(button::ISSUE).await;
        let pressed = vec![button.to_json().unwrap(), instant.clone()];
        page.driver().execute(PRESS_AT, pressed).await.unwrap();
    }

    eventually("both pages to show the one live link", async || {
        let alive = stage.system.simulator().live_links().await;
        let shown = [left.widget().scan().await, right.widget().scan().await];
        match alive.as_slice() {
            [link] if shown.iter().all(|shown| shown == link) => Ok(()),
            _ => Err(format!(
                "{} live links, of which {} are shown",
                alive.len(),
                shown.iter().filter(|shown| alive.contains(shown)).count()
            )),
        }
    })
    .await;
    left.close().await;
    right.close().await;
}

#[tokio::test]
async fn a_link_whose_page_left_while_it_was_minted_is_known() {
    let stage = Stage::set().await;
    let simulator = stage.system.simulator();
    let leaving = stage.dashboard().await;
    leaving.widget().button(button::ISSUE).await;
    simulator.hold_after(MINT).await;
    leaving.widget().press(button::ISSUE).await;
    simulator.holds(MINT).await;

    leaving.vanish();
    simulator.let_go().await;

    let next = stage.dashboard().await;
    assert_eq!(next.widget().scan().await, simulator.live_link().await);
    next.close().await;
}

#[tokio::test]
async fn a_crash_while_minting_leaves_nothing_alive_that_is_unknown() {
    let mut stage = Stage::set().await;
    let page = stage.dashboard().await;
    page.widget().button(button::ISSUE).await;
    stage.system.simulator().hold_after(MINT).await;
    page.widget().press(button::ISSUE).await;
    stage.system.simulator().holds(MINT).await;
    assert_eq!(
        stage.system.simulator().live_links().await.len(),
        1,
        "the provider did it, and the proxy has not heard of it"
    );

    stage.system.crash_proxy().await;
    stage.system.simulator().let_go().await;

    let next = stage.dashboard().await;
    eventually("the page and the provider to agree", async || {
        let alive = stage.system.simulator().live_links().await;
        let shown = next.widget().code_now().await;
        match (alive.as_slice(), shown) {
            ([], None) => Ok(()),
            ([link], Some(shown)) if *link == shown => Ok(()),
            (alive, shown) => Err(format!("{} live, shown: {}", alive.len(), shown.is_some())),
        }
    })
    .await;
    page.vanish();
    next.close().await;
    assert_eq!(stage.system.leaks_in_logs().await, []);
}
