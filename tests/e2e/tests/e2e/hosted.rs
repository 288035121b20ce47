//! The page behind a share link, as whoever was sent one goes through it.

use pairlink_e2e::{Canaries, Engine, Page, Visit, eventually};
use thirtyfour::prelude::*;

use crate::{Stage, button};

/// Goes on from the page that asks.
pub(crate) const GO_ON: &str = "main .go";
/// The form without scripts.
const MAKE: &str = "form[action='/connect/pass'] button";
pub(crate) const NOT_ME: &str = "form[action='/connect/refuse'] button";

/// Waits until the page's text, without what is in the element, holds this.
async fn reads(page: &Page, expected: &str) {
    eventually(&format!("{expected:?} in the page"), async || {
        // A page on its way has no text yet.
        let text = match page.driver().find(By::Tag("main")).await {
            Ok(main) => main.text().await.unwrap_or_default(),
            Err(_none_yet) => String::new(),
        };
        if text.contains(expected) {
            Ok(())
        } else {
            Err(text)
        }
    })
    .await;
}

/// Presses the button of the page that asks, and waits for the one with the code: a driver that is asked for a picture in
/// between may have none.
pub(crate) async fn go_on(page: &Page) {
    page.click(GO_ON).await;
    eventually("the page with the code", async || {
        let found = page.driver().find(By::Tag("pair-link")).await;
        found.map(|_element| ()).map_err(|error| error.to_string())
    })
    .await;
}

async fn path(page: &Page) -> String {
    let address = page.driver().current_url().await;
    address.map_or_else(
        |error| error.to_string(),
        |address| address.path().to_owned(),
    )
}

/// Waits until the element took the card over from the drawing.
pub(crate) async fn runs(page: &Page) {
    eventually("the element to run", async || {
        let defined = "return document.querySelector('pair-link')?.matches(':defined') ?? false";
        if page.run(defined).await == true && page.widget().find_button(".").await.is_some() {
            Ok(())
        } else {
            Err(page.widget().words().await)
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_goes_on_scans_and_is_connected() {
    let stage = Stage::set().await;
    let link = stage.system.share_link("counter").await;
    let page = stage.browser.open(&link).await;
    reads(&page, "Bakery counter").await;
    go_on(&page).await;
    runs(&page).await;
    page.widget().press(button::ISSUE).await;
    let scanned = page.widget().scan().await;
    assert_eq!(scanned, stage.system.simulator().live_link().await);
    assert_eq!(path(&page).await, "/connect");

    // Reading it again shows the same, also where the browser sends the form again for that.
    page.driver().refresh().await.expect("a page");
    runs(&page).await;
    assert_eq!(page.widget().scan().await, scanned);
    assert_eq!(path(&page).await, "/connect");
    let token = link.rsplit('/').next().expect("a token").to_owned();
    let leaks = page
        .leaks(&Canaries::new([("the share link", token)]))
        .await;
    assert_eq!(leaks, []);
    let canaries = stage.system.canaries().await;
    assert_eq!(page.leaks(&canaries).await, []);

    let phone = stage.browser.open(&scanned).await;
    phone.click("button").await;
    page.widget().says(&["is connected"]).await;
    phone.close().await;
    page.close().await;
    assert_eq!(stage.system.leaks_in_logs().await, []);
}

#[tokio::test]
async fn the_code_is_in_the_page_that_the_button_brings() {
    let stage = Stage::set().await;
    let (dashboard, scanned) = stage.dashboard_with_link().await;
    let link = stage.system.share_link("counter").await;
    let page = stage.browser.open(&link).await;
    go_on(&page).await;
    assert_eq!(page.widget().scan().await, scanned);
    runs(&page).await;
    assert_eq!(page.widget().scan().await, scanned, "and stays");

    // Who has it may revoke it, and everybody sees that.
    page.widget().press(button::REVOKE).await;
    page.widget().says(&["It has stopped working"]).await;
    dashboard.widget().covers_its_code().await;
    page.close().await;
    dashboard.close().await;
}

#[tokio::test]
async fn a_browser_that_opened_it_opens_it_again() {
    let stage = Stage::set().await;
    let link = stage.system.share_link("counter").await;
    let page = stage.browser.open(&link).await;
    let asking = page.driver().current_url().await.expect("an address");
    // More often than it may be opened in browsers.
    for _time in 0..4 {
        reads(&page, "Bakery counter").await;
        go_on(&page).await;
        runs(&page).await;
        page.driver().goto(asking.as_str()).await.expect("a page");
    }
    page.close().await;
}

#[tokio::test]
async fn whoever_did_not_ask_for_it_ends_it_for_everybody() {
    let stage = Stage::set().await;
    let (dashboard, _scanned) = stage.dashboard_with_link().await;
    let link = stage.system.share_link("counter").await;
    let page = stage.browser.open(&link).await;
    go_on(&page).await;
    runs(&page).await;
    let late = stage.browser.open(&link).await;
    page.click(NOT_ME).await;
    reads(&page, "The link no longer works, for anybody").await;
    dashboard.widget().covers_its_code().await;
    eventually("no link at the provider", async || {
        match stage.system.simulator().live_links().await {
            links if links.is_empty() => Ok(()),
            links => Err(format!("{} of them", links.len())),
        }
    })
    .await;
    late.click(GO_ON).await;
    reads(&late, "This link has ended").await;
    for page in [page, late, dashboard] {
        page.close().await;
    }
}

/// Its driver does everything by scripts.
#[tokio::test]
async fn not_in_webkit_without_scripts_forms_do_it_all() {
    let stage = Stage::set().await;
    let link = stage.system.share_link("counter").await;
    let visit = Visit {
        scripts: false,
        ..Visit::default()
    };
    let page = stage.browser.visit(&link, visit).await;
    reads(&page, "Bakery counter").await;
    go_on(&page).await;
    page.click(MAKE).await;
    eventually("the page with the link", async || {
        match path(&page).await.as_str() {
            "/connect" => Ok(()),
            other => Err(other.to_owned()),
        }
    })
    .await;
    let scanned = page.widget().scan().await;
    assert_eq!(scanned, stage.system.simulator().live_link().await);
    assert_eq!(path(&page).await, "/connect");
    let phone = stage.browser.open(&scanned).await;
    phone.click("button").await;
    // As the page does by itself, later.
    eventually("a page without the code", async || {
        page.driver().refresh().await.expect("a page");
        match page.widget().code_now().await {
            Some(_scanned) => Err("a code".to_owned()),
            None => Ok(()),
        }
    })
    .await;
    reads(&page, "This wasn't me").await;
    page.click(NOT_ME).await;
    reads(&page, "The link no longer works, for anybody").await;
    page.close().await;
    phone.close().await;
}

/// Each of the pages, from a small phone to a desk, in both themes and directions of writing.
#[tokio::test]
async fn everybody_can_use_it() {
    let stage = Stage::set().await;
    let mut barriers = Vec::new();
    // Only Chromium's driver can tell a server another language than the browser's own.
    let languages: &[&str] = match stage.browser.engine() {
        Engine::Chromium => &["en", "ar"],
        Engine::Firefox | Engine::WebKit => &["en"],
    };
    for language in languages {
        let (dashboard, scanned) = stage.dashboard_with_link().await;
        dashboard.close().await;
        let link = stage.system.share_link("counter").await;
        let page = stage.browser.open(&link).await;
        if stage.browser.engine() == Engine::Chromium {
            page.ask_for(language).await;
        }
        barriers.extend(of_page(&stage, &page, language, "asking").await);
        let crooked = page.run(CROOKED).await;
        if crooked != serde_json::json!([]) {
            barriers.push(format!("asking, {language}: {crooked} at the wrong edge"));
        }
        go_on(&page).await;
        runs(&page).await;
        assert_eq!(
            page.run("return document.documentElement.lang").await,
            *language
        );
        assert_eq!(page.widget().scan().await, scanned);
        barriers.extend(of_page(&stage, &page, language, "with the code").await);
        page.click(NOT_ME).await;
        eventually("the end", async || match path(&page).await.as_str() {
            "/connect/refuse" => Ok(()),
            other => Err(other.to_owned()),
        })
        .await;
        barriers.extend(of_page(&stage, &page, language, "closed").await);
        page.close().await;
    }
    assert!(barriers.is_empty(), "{}", barriers.join("\n"));
}

/// Texts of the page that asks that do not begin at the edge at which their names begin: a name in another writing may
/// turn the line around.
const CROOKED: &str = "
const beginning = node => {
  const text = document.createRange();
  text.selectNodeContents(node);
  const {left, right} = text.getBoundingClientRect();
  return document.documentElement.dir === 'rtl' ? right : left;
};
return [...document.querySelectorAll('dt')]
  .filter(name => Math.abs(beginning(name) - beginning(name.nextElementSibling)) > 2)
  .map(name => name.nextElementSibling.innerText);
";

async fn of_page(stage: &Stage, page: &Page, language: &str, which: &str) -> Vec<String> {
    page.bring_axe().await;
    let themes: &[&str] = match stage.browser.engine() {
        Engine::Chromium => &["light", "dark"],
        Engine::Firefox | Engine::WebKit => &["light"],
    };
    let mut barriers = Vec::new();
    for size in [(320, 700), (768, 1000), (1280, 1000)] {
        page.resize(size).await;
        for theme in themes {
            if stage.browser.engine() == Engine::Chromium {
                page.prefer(&[("prefers-color-scheme", theme)]).await;
                page.settle().await;
            }
            for barrier in page.barriers_of_all().await {
                barriers.push(format!(
                    "{which}, {language}, {} px, {theme}: {barrier}",
                    size.0
                ));
            }
        }
    }
    barriers
}
