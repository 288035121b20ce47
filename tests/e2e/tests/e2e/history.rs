//! Away from the page and back again, as a click on "Back" does it: out of the browser's back-forward cache, where the
//! page stood still, or loaded anew where the browser kept none.

use pairlink_e2e::{Browser, Engine, LINK, Outpost, Page, eventually};
use serde_json::json;

/// The element, and a note of every frame since the page was shown in which its code could be seen.
const PAGE: &str = "<pair-link token-endpoint=\"/token\"></pair-link>
<script>
const code = () => document.querySelector('pair-link').shadowRoot?.querySelector('.paper svg path, output');
addEventListener('pageshow', ({persisted}) => {
  window.out_of_cache = persisted;
  window.came_back = persisted || performance.getEntriesByType('navigation')[0].type === 'back_forward';
  window.frames = 0;
  // It may have been painted like this before.
  window.frames_with_code = persisted && code() ? ['as it left'] : [];
});
const look = () => {
  frames += 1;
  if (code()) frames_with_code.push(frames);
  requestAnimationFrame(look);
};
addEventListener('pageshow', () => requestAnimationFrame(look), {once: true});
</script>";

/// Goes to another page of the same server, and back again.
#[expect(
    clippy::unwrap_used,
    reason = "a driver that does not go has failed the test"
)]
async fn away_and_back(outpost: &Outpost, page: &Page, meanwhile: impl FnOnce()) {
    let elsewhere = format!("{}/l/shared", outpost.page());
    page.driver().goto(elsewhere).await.unwrap();
    meanwhile();
    eventually("the page to be back", async || {
        // Chromium's driver may fail because the page went away while it looked, and may have failed before it went at all.
        if page.run("return location.pathname").await == "/l/shared" {
            page.driver().back().await.ok();
        }
        match page.run("return window.came_back ?? location.href").await {
            back if back == true => Ok(()),
            place => Err(place.to_string()),
        }
    })
    .await;
}

/// Whether it stood still meanwhile.
async fn stood_still(page: &Page) -> bool {
    page.run("return window.out_of_cache").await == true
}

#[tokio::test]
async fn a_page_that_comes_back_hides_its_code_until_it_knows_that_it_is_alive() {
    let outpost = Outpost::start(PAGE).await;
    let browser = Browser::chosen();
    let page = browser.open(outpost.page()).await;
    assert_eq!(page.widget().scan().await, LINK);

    let asked = outpost.times_asked("GET /v1/pass");
    let mut answer = None;
    away_and_back(&outpost, &page, || {
        answer = Some(outpost.keep_back("/v1/pass"));
    })
    .await;
    if stood_still(&page).await {
        page.widget().says(&["This page was away"]).await;
    } else {
        // It does not keep a page whose stream is open.
        assert_eq!(browser.engine(), Engine::Firefox);
    }
    eventually(
        "another question, and frames before its answer",
        async || {
            let frames = page.run("return window.frames").await;
            if outpost.times_asked("GET /v1/pass") > asked && frames.as_u64() > Some(3) {
                Ok(())
            } else {
                Err(frames.to_string())
            }
        },
    )
    .await;
    assert_eq!(page.run("return window.frames_with_code").await, json!([]));
    assert_eq!(page.widget().code_now().await, None);
    answer.unwrap().notify_one();
    assert_eq!(page.widget().scan().await, LINK);

    // What died meanwhile is not shown again.
    away_and_back(&outpost, &page, || outpost.forget_the_pass()).await;
    let words = if stood_still(&page).await {
        "revoked on another page"
    } else {
        "Make a temporary link"
    };
    page.widget().says(&[words]).await;
    assert_eq!(page.run("return window.frames_with_code").await, json!([]));
    page.close().await;
}
