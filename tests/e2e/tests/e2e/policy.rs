//! The strictest security policy that a page can have, and nothing that goes against it: every page of every test is
//! watched, and closing one is where violations count. Here it is shown that the watch is awake.

use pairlink_e2e::{Page, eventually};

use crate::{Stage, button};

/// The policy that the page was served with, as the page itself can fetch it.
async fn policy(page: &Page) -> String {
    let policy = page
        .run_async("return (await fetch(location.href)).headers.get('content-security-policy')")
        .await;
    policy.as_str().unwrap_or_default().to_owned()
}

/// Waits until the witness has seen something like this.
async fn is_witnessed(page: &Page, expected: &str) {
    eventually(&format!("{expected} to be noticed"), async || {
        let witnessed = page.misbehaviour().await;
        if witnessed.iter().any(|words| words.contains(expected)) {
            Ok(())
        } else {
            Err(format!("{witnessed:?}"))
        }
    })
    .await;
}

#[tokio::test]
async fn the_element_runs_under_the_strictest_policy_without_a_violation() {
    let stage = Stage::set().await;
    let page = stage.dashboard().await;
    let policy = policy(&page).await;
    for directive in [
        "default-src 'none'",
        "style-src 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
        "'wasm-unsafe-eval'",
    ] {
        assert!(policy.contains(directive), "{directive}: {policy}");
    }
    for loose in ["'unsafe-inline'", "'unsafe-eval'", "data:", "blob:", "*"] {
        assert!(!policy.contains(loose), "{loose}: {policy}");
    }
    page.widget().press(button::ISSUE).await;
    page.widget().scan().await;
    page.widget().press(button::REVOKE).await;
    page.widget().says(&["It has stopped working"]).await;
    assert_eq!(page.misbehaviour().await, [""; 0]);
    page.close().await;
}

#[tokio::test]
async fn planted_violations_are_noticed() {
    let stage = Stage::set().await;
    let page = stage.dashboard().await;
    page.widget().button(button::ISSUE).await;
    assert_eq!(page.misbehaviour().await, [""; 0]);

    // In the shadow tree, where the element's own would be.
    page.run(
        "const card = document.querySelector('pair-link').shadowRoot.firstElementChild;
         card.setAttribute('style', 'color: red');",
    )
    .await;
    is_witnessed(&page, "style-src-attr").await;
    page.run(
        "const sheet = document.createElement('style');
         sheet.textContent = 'p { color: red }';
         document.querySelector('pair-link').shadowRoot.append(sheet);",
    )
    .await;
    is_witnessed(&page, "style-src-elem").await;
    page.run(
        "const picture = document.createElement('img');
         picture.src = 'http://127.0.0.1:9/never.png';",
    )
    .await;
    is_witnessed(&page, "img-src").await;
    page.run("fetch('http://127.0.0.1:9/never').catch(() => {})")
        .await;
    is_witnessed(&page, "connect-src").await;
    page.vanish();
}

#[tokio::test]
async fn markup_from_strings_is_noticed_where_the_engine_knows_trusted_types() {
    let stage = Stage::set().await;
    let page = stage.dashboard().await;
    page.widget().button(button::ISSUE).await;
    let outcome = page
        .run_async(
            "if (!window.trustedTypes) return 'unknown here';
             try { document.querySelector('pair-link').shadowRoot.firstElementChild.innerHTML = '<p>'; return 'let through'; }
             catch (error) { return error.name; }",
        )
        .await;
    if outcome == "unknown here" {
        page.close().await;
        return;
    }
    assert_eq!(outcome, "TypeError");
    is_witnessed(&page, "require-trusted-types-for").await;
    page.vanish();
}
