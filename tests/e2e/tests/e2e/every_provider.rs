//! The console's channels, one at each provider, and what their owners do at the other end.

use pairlink_e2e::{Page, eventually};
use thirtyfour::prelude::*;

use crate::{Stage, button};

/// The button that shows a QR code, and the one that makes a token.
const SHOW_QR: &str = "show the code|show the qr";
const MAKE_TOKEN: &str = "make a token|get a token";

impl Stage {
    pub(crate) async fn channel(&self, name: &str) -> Page {
        self.browser.open(&self.system.channel(name)).await
    }

    pub(crate) async fn handset(&self, channel: &str) -> Page {
        self.browser.open(&self.system.handset(channel)).await
    }
}

/// Waits until the console's list says this of a channel.
async fn list_says(page: &Page, channel: &str, expected: &str) {
    let pill = format!(
        "return document.querySelector('[data-channel={channel}] [data-connection-state]').textContent"
    );
    eventually(
        &format!("{channel} to be {expected}"),
        async || match page.run(&pill).await {
            shown if shown == expected => Ok(()),
            shown => Err(shown.to_string()),
        },
    )
    .await;
}

#[tokio::test]
async fn a_channel_with_links_is_connected_by_the_page_behind_one() {
    let stage = Stage::set().await;
    let console = stage.channel("counter").await;
    console.widget().press(button::ISSUE).await;
    let phone = stage.browser.open(&console.widget().scan().await).await;
    phone.click("button").await;
    console.widget().says(&["is connected"]).await;
    list_says(&console, "counter", "Connected").await;
    eventually("the phone to show it", async || {
        match phone.text("h1").await {
            title if title == "The phone is connected" => Ok(()),
            title => Err(title),
        }
    })
    .await;
    console.close().await;
    phone.close().await;
}

#[tokio::test]
async fn a_channel_with_qr_codes_is_connected_by_a_phone_that_reads_one() {
    let stage = Stage::set().await;
    let console = stage.channel("deliveries").await;
    console.widget().choose("^qr code$").await;
    console.widget().press(SHOW_QR).await;
    // The code changes every 20 seconds: a person whose camera is late looks again.
    eventually("the phone to be connected", async || {
        let phone = stage.handset("deliveries").await;
        phone.click("summary").await;
        let field = phone.driver().find(By::Css("textarea")).await.unwrap();
        let payload = console.widget().scan().await;
        field.send_keys(&payload).await.unwrap();
        phone.click("details button").await;
        let title = eventually("the phone's next page", async || {
            match phone.text("h1").await {
                title if ["", "The phone is not connected"].contains(&title.as_str()) => Err(title),
                title => Ok(title),
            }
        })
        .await;
        phone.close().await;
        if title == "The phone is connected" {
            Ok(())
        } else {
            Err(title)
        }
    })
    .await;
    console.widget().says(&["is connected"]).await;
    list_says(&console, "deliveries", "Connected").await;
    console.close().await;
}

#[tokio::test]
async fn channels_without_a_phone_show_a_token_to_whoever_may_see_it() {
    let stage = Stage::set().await;
    for channel in ["orders", "wholesale"] {
        let console = stage.channel(channel).await;
        console.widget().press(MAKE_TOKEN).await;
        list_says(&console, channel, "Token shown").await;
        let account = stage.handset(channel).await;
        assert_eq!(account.text(".caption").await, "1 token works");
        let canaries = stage.system.canaries().await;
        assert_eq!(console.leaks(&canaries).await, []);
        console.close().await;
        account.close().await;
    }
    assert_eq!(stage.system.leaks_in_logs().await, []);
}

#[tokio::test]
async fn choosing_another_channel_shows_it_and_ends_the_one_before() {
    let stage = Stage::set().await;
    let console = stage.dashboard().await;
    console.widget().says(&["Bakery counter"]).await;
    for (channel, label) in [
        ("deliveries", "Deliveries"),
        ("orders", "Order updates"),
        ("wholesale", "Wholesale desk"),
        ("counter", "Bakery counter"),
    ] {
        console.click(&format!("a[data-channel={channel}]")).await;
        console.widget().says(&[label]).await;
        let seen = console
            .run(
                "return [document.querySelectorAll('pair-link').length,
                    [...document.querySelectorAll('[aria-current=true]')].map(card => card.dataset.channel),
                    location.hash]",
            )
            .await;
        let expected = serde_json::json!([1, [channel], format!("#{channel}")]);
        assert_eq!(seen, expected);
    }
    // As the way back does.
    console.driver().back().await.unwrap();
    console.widget().says(&["Wholesale desk"]).await;
    console.close().await;
}
