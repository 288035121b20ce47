//! No secret is anywhere in a page or a log. The search is tested first: it must find what is planted.

use crate::{Stage, button};

#[tokio::test]
async fn no_secret_is_in_a_page_or_a_log() {
    let stage = Stage::set().await;
    let canaries = stage.system.canaries().await;
    let (dashboard, _link) = stage.dashboard_with_link().await;
    let onboarding = stage.browser.open(&stage.system.onboarding()).await;
    onboarding.widget().scan().await;
    for page in [&dashboard, &onboarding] {
        assert_eq!(page.leaks(&canaries).await, []);
    }

    dashboard.widget().press(button::REVOKE).await;
    onboarding.widget().covers_its_code().await;
    for page in [&dashboard, &onboarding] {
        assert_eq!(page.leaks(&canaries).await, []);
    }
    dashboard.close().await;
    onboarding.close().await;
    assert_eq!(stage.system.leaks_in_logs().await, []);
}

#[tokio::test]
async fn a_planted_token_is_found_wherever_it_is() {
    let stage = Stage::set().await;
    let page = stage.dashboard().await;
    page.widget().button(button::ISSUE).await;
    let planted = page
        .run_async(
            "const answer = await fetch('/api/pairlink-token', {method: 'POST'});
             const {token} = await answer.json();
             localStorage.planted = token;
             sessionStorage.planted = token;
             document.cookie = `planted=${token}`;
             history.replaceState(null, '', `#${token}`);
             window.name = token;
             document.body.dataset.planted = token;
             await fetch(`/assets/oriel.svg?${token}`);
             while (!performance.getEntries().some(({name}) => name.includes(token)))
               await new Promise(requestAnimationFrame);
             document.querySelector('pair-link').shadowRoot.firstElementChild.setAttribute('data-planted', token);
             return 'planted'",
        )
        .await;
    assert_eq!(planted, "planted");

    let leaks = format!("{:?}", page.leaks(&stage.system.canaries().await).await);
    for place in [
        "the DOM",
        "the page source",
        "the address",
        "addresses of requests",
        "localStorage",
        "sessionStorage",
        "cookies",
        "the window",
    ] {
        let expected = format!("an embed token in {place}");
        assert!(
            leaks.contains(&expected),
            "{expected} is missing in {leaks}"
        );
    }
    page.close().await;
}
