//! The customer's page, on a phone.

use pairlink_e2e::Visit;

use crate::{Stage, button};

#[tokio::test]
async fn the_onboarding_page_works_on_a_narrow_screen() {
    let stage = Stage::set().await;
    let page = stage
        .browser
        .visit(
            &stage.system.onboarding(),
            Visit {
                size: (360, 740),
                ..Visit::default()
            },
        )
        .await;

    page.widget().press(button::ISSUE).await;
    page.widget().button(button::REVOKE).await;
    page.run("document.querySelector('pair-link').scrollIntoView()")
        .await;
    let link = page.widget().scan().await;
    assert_eq!(link, stage.system.simulator().live_link().await);

    let overflow = page
        .run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        .await;
    assert_eq!(overflow, 0, "nothing sticks out to the side");

    let phone = stage.browser.open(&link).await;
    phone.click("button").await;
    page.widget().says(&["is connected"]).await;
    let outcome = page
        .run("return document.querySelector('[data-outcome]').innerText")
        .await;
    assert!(outcome.as_str().unwrap().contains("connected"), "{outcome}");
    page.close().await;
    phone.close().await;
}
