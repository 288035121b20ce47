//! Away from the page and back again, as a click on "Back" does it: out of the browser's back-forward cache, where the
//! page stood still.

use pairlink_e2e::{Browser, LINK, Outpost};
use serde_json::json;

/// The element, and a note of every frame since the page came back in which its code could be seen.
const PAGE: &str = "<pair-link token-endpoint=\"/token\"></pair-link>
<script>
addEventListener('pageshow', ({persisted}) => {
  if (!persisted) return;
  window.came_back = true;
  window.frames_with_code = 0;
  const look = () => {
    const root = document.querySelector('pair-link').shadowRoot;
    if (root.querySelector('.paper svg path, output')) frames_with_code += 1;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
});
</script>";

#[tokio::test]
async fn a_page_that_comes_back_hides_its_code_until_it_knows_that_it_is_alive() {
    let outpost = Outpost::start(PAGE).await;
    let page = Browser::chosen().open(outpost.page()).await;
    assert_eq!(page.widget().scan().await, LINK);
    let elsewhere = format!("{}/l/shared", outpost.page());
    page.driver().goto(elsewhere).await.unwrap();

    let answer = outpost.keep_back("/v1/pass");
    page.driver().back().await.unwrap();
    page.widget().says(&["This page was away"]).await;
    let (came_back, seen) = (
        page.run("return window.came_back").await,
        page.run("return window.frames_with_code").await,
    );
    assert_eq!((came_back, seen), (json!(true), json!(0)));
    assert_eq!(page.widget().code_now().await, None);
    answer.notify_one();
    assert_eq!(page.widget().scan().await, LINK);

    // What died meanwhile is not shown again.
    let elsewhere = format!("{}/l/shared", outpost.page());
    page.driver().goto(elsewhere).await.unwrap();
    outpost.forget_the_pass();
    page.driver().back().await.unwrap();
    page.widget().says(&["revoked on another page"]).await;
    assert_eq!(page.run("return window.frames_with_code").await, json!(0));
    page.close().await;
}
