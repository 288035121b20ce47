//! The widget in a frame of the proxy's, in pages that mean well.
#![expect(
    clippy::unwrap_used,
    reason = "a page that answers with something else has failed the test"
)]

mod child;
mod greeting;
mod hostile;
mod parent;
mod words;

use pairlink_e2e::{Host, Page, eventually};

use crate::{Stage, button};
use parent::{told, with_element};

/// A host that may have the widget in a frame, and its page with the element.
async fn host(stage: &Stage) -> (Host, String) {
    let host = Host::start().await;
    host.give_token(&stage.system.embed_token(host.origin()).await);
    let address = host.put("/", &with_element(stage.system.proxy(), ""));
    (host, address)
}

/// Waits until the page around the frame was told of this event.
async fn hears(page: &Page, name: &str) {
    eventually(&format!("the event {name}"), async || {
        let told = told(page).await;
        if told.iter().any(|event| event["name"] == name) {
            Ok(())
        } else {
            Err(format!("{told:?}"))
        }
    })
    .await;
}

/// The height of the frame, and of what is in it.
async fn heights(page: &Page) -> (f64, f64) {
    page.leave_frame().await;
    let outer = page
        .run("return document.querySelector('pair-link-frame').shadowRoot.querySelector('iframe').getBoundingClientRect().height")
        .await;
    page.enter_frame().await;
    let inner = page
        .run("return document.documentElement.getBoundingClientRect().height")
        .await;
    (outer.as_f64().unwrap(), inner.as_f64().unwrap())
}

/// Waits until the frame is as tall as what is in it, and returns how tall.
async fn fits(page: &Page) -> f64 {
    eventually("a frame as tall as its content", async || {
        let (outer, inner) = heights(page).await;
        if inner > 100.0 && (outer - inner).abs() <= 1.0 {
            Ok(outer)
        } else {
            Err(format!("{outer} around {inner}"))
        }
    })
    .await
}

#[tokio::test]
async fn the_demos_page_shows_a_link_in_a_frame_and_revokes_it() {
    let stage = Stage::set().await;
    let page = stage.browser.open(&stage.system.framed()).await;
    page.enter_frame().await;
    page.widget().press(button::ISSUE).await;
    let link = page.widget().scan().await;
    assert_eq!(link, stage.system.simulator().live_link().await);
    assert_eq!(page.misbehaviour().await, [""; 0], "in the frame");
    let canaries = stage.system.canaries().await;
    assert_eq!(page.leaks(&canaries).await, []);

    page.leave_frame().await;
    assert_eq!(page.leaks(&canaries).await, []);
    let link = page
        .run("return document.documentElement.getHTML({shadowRoots: [document.querySelector('pair-link-frame').shadowRoot]}) + document.querySelector('[data-log]').innerText")
        .await;
    assert!(!link.as_str().unwrap().contains("/temp-qr/"), "{link}");

    page.click("[data-call=revoke]").await;
    page.enter_frame().await;
    page.widget().covers_its_code().await;
    stage.system.simulator().forgets_every_link().await;
    page.leave_frame().await;
    eventually("the page to be told", async || {
        let log = page.text("[data-log]").await;
        if log.contains("pairlink:revoked") && log.contains("pairlink:pass") {
            Ok(())
        } else {
            Err(log)
        }
    })
    .await;
    page.close().await;
    assert_eq!(stage.system.leaks_in_logs().await, []);
}

#[tokio::test]
async fn events_arrive_and_methods_reach_in() {
    let stage = Stage::set().await;
    let (_host, address) = host(&stage).await;
    let page = stage.browser.open(&address).await;
    hears(&page, "ready").await;
    page.run("document.querySelector('pair-link-frame').issue()")
        .await;
    hears(&page, "pass").await;
    let passes: Vec<_> = told(&page).await;
    let pass = passes.iter().find(|event| event["name"] == "pass").unwrap();
    assert_eq!(pass["detail"]["method"], "link");
    assert_eq!(pass["detail"].as_object().unwrap().len(), 2, "{pass}");
    page.enter_frame().await;
    assert_eq!(
        page.widget().scan().await,
        stage.system.simulator().live_link().await
    );
    page.leave_frame().await;
    page.run("document.querySelector('pair-link-frame').revoke()")
        .await;
    hears(&page, "revoked").await;
    page.close().await;
}

#[tokio::test]
async fn the_frame_is_as_tall_as_what_is_in_it() {
    let stage = Stage::set().await;
    let (_host, address) = host(&stage).await;
    let page = stage.browser.open(&address).await;
    page.enter_frame().await;
    page.widget().button(button::ISSUE).await;
    let before = fits(&page).await;
    page.widget().press(button::ISSUE).await;
    page.widget().scan().await;
    let after = fits(&page).await;
    assert!((after - before).abs() > 1.0, "{before} and {after}");
    // Narrow, it needs more.
    page.leave_frame().await;
    page.run("document.querySelector('pair-link-frame').parentElement.className = 'narrow'")
        .await;
    eventually("a taller frame", async || {
        let (outer, inner) = heights(&page).await;
        if outer > after && (outer - inner).abs() <= 1.0 {
            Ok(())
        } else {
            Err(format!("{outer} around {inner}, {after} before"))
        }
    })
    .await;
    page.leave_frame().await;
    page.close().await;
}

#[tokio::test]
async fn attributes_reach_the_frame_while_it_is_there() {
    let stage = Stage::set().await;
    let (_host, address) = host(&stage).await;
    let page = stage.browser.open(&address).await;
    page.run("document.querySelector('pair-link-frame').setAttribute('theme', 'dark')")
        .await;
    page.enter_frame().await;
    let theme = "return document.querySelector('pair-link').getAttribute('theme') + ' ' + getComputedStyle(document.documentElement).colorScheme";
    eventually("a dark frame", async || {
        let theme = page.run(theme).await;
        if theme == "dark dark" {
            Ok(())
        } else {
            Err(theme.to_string())
        }
    })
    .await;
    page.leave_frame().await;
    page.run("document.querySelector('pair-link-frame').setAttribute('methods', 'code')")
        .await;
    page.enter_frame().await;
    eventually("the method", async || {
        let methods = page
            .run("return document.querySelector('pair-link').getAttribute('methods')")
            .await;
        if methods == "code" {
            Ok(())
        } else {
            Err(methods.to_string())
        }
    })
    .await;
    page.leave_frame().await;
    page.close().await;
}

#[tokio::test]
async fn the_pages_looks_reach_the_frame_and_load_nothing() {
    let stage = Stage::set().await;
    let (_host, address) = host(&stage).await;
    let page = stage.browser.open(&address).await;
    page.run(
        "const {style} = document.querySelector('pair-link-frame');
         style.setProperty('--pairlink-accent', 'light-dark(rgb(1 2 3), rgb(4 5 6))');
         style.setProperty('--pairlink-surface', 'url(https://evil.example/x.png)');
         style.setProperty('--pairlink-sunken', 'var(--unset, url(https://evil.example/y.png))');
         style.setProperty('--pairlink-font', 'x'.repeat(501));
         style.setProperty('--pairlink-unheard-of', 'red');
         document.querySelector('pair-link-frame').setAttribute('theme', 'dark');",
    )
    .await;
    page.enter_frame().await;
    page.widget().button(button::ISSUE).await;
    eventually("the looks in the frame", async || {
        let looks = page
            .run(
                "const style = getComputedStyle(document.querySelector('pair-link'));
                 const button = document.querySelector('pair-link').shadowRoot.querySelector('[part~=primary]');
                 return [getComputedStyle(button).backgroundColor, style.getPropertyValue('--pairlink-font'),
                   style.getPropertyValue('--pairlink-unheard-of'), document.querySelectorAll('[style]').length,
                   performance.getEntriesByType('resource').filter(({name}) => name.includes('evil')).length]",
            )
            .await;
        if looks == serde_json::json!(["rgb(4, 5, 6)", "", "", 0, 0]) {
            Ok(())
        } else {
            Err(looks.to_string())
        }
    })
    .await;
    assert_eq!(page.misbehaviour().await, [""; 0]);
    page.leave_frame().await;
    page.close().await;
}

#[tokio::test]
async fn a_frame_that_is_loaded_again_is_connected_again() {
    let stage = Stage::set().await;
    let (host, address) = host(&stage).await;
    let page = stage.browser.open(&address).await;
    page.enter_frame().await;
    page.widget().press(button::ISSUE).await;
    let link = page.widget().scan().await;
    let asked = host.asked();

    page.run("window.earlier = true; location.reload()").await;
    eventually("another page in the frame", async || {
        page.enter_frame().await;
        match page.run("return window.earlier ?? false").await {
            earlier if earlier == false => Ok(()),
            earlier => Err(earlier.to_string()),
        }
    })
    .await;
    assert_eq!(page.widget().scan().await, link);
    assert_eq!(host.asked(), asked + 1, "with a token of its own");
    page.leave_frame().await;

    // A move within the page loads it again, too.
    page.run("document.querySelector('aside').append(document.querySelector('pair-link-frame'))")
        .await;
    page.enter_frame().await;
    assert_eq!(page.widget().scan().await, link);
    page.leave_frame().await;
    page.close().await;
}

#[tokio::test]
async fn removed_it_leaves_nothing_and_put_back_it_begins_anew() {
    let stage = Stage::set().await;
    let (host, address) = host(&stage).await;
    let page = stage.browser.open(&address).await;
    hears(&page, "ready").await;
    let asked = host.asked();
    let left = page
        .run_async(
            "window.element = document.querySelector('pair-link-frame');
             const frame = element.shadowRoot.querySelector('iframe');
             element.remove();
             await new Promise(requestAnimationFrame);
             return [element.shadowRoot.querySelectorAll('iframe').length, frame.isConnected, window.length]",
        )
        .await;
    assert_eq!(left, serde_json::json!([0, false, 0]));
    page.run("told.length = 0; document.body.append(element)")
        .await;
    hears(&page, "ready").await;
    assert_eq!(host.asked(), asked + 1);
    page.close().await;
}

#[tokio::test]
async fn a_page_that_gets_no_token_says_so_and_tries_again() {
    let stage = Stage::set().await;
    let host = Host::start().await;
    let address = host.put("/", &with_element(stage.system.proxy(), ""));
    let page = stage.browser.open(&address).await;
    hears(&page, "error").await;
    assert_eq!(told(&page).await[0]["detail"]["code"], "no_token");
    assert_eq!(parent::frames(&page).await, 0, "no token, no frame");

    host.give_token(&stage.system.embed_token(host.origin()).await);
    parent::press_retry(&page).await;
    hears(&page, "ready").await;
    page.close().await;
}

#[tokio::test]
async fn secrets_in_attributes_are_refused() {
    let stage = Stage::set().await;
    let (host, _address) = host(&stage).await;
    let address = host.put(
        "/",
        &with_element(stage.system.proxy(), "token=\"ple_x\" api-key=\"plk_x\""),
    );
    let page = stage.browser.open(&address).await;
    hears(&page, "ready").await;
    let left = page
        .run("return document.querySelector('pair-link-frame').getAttributeNames()")
        .await;
    assert_eq!(left, serde_json::json!(["token-endpoint"]));
    page.close().await;
}
