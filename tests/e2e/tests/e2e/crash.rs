//! The element's own code breaks.

use serde_json::json;

use crate::{Stage, button};

/// No node finds its place any more, which Yew takes for impossible: it panics.
const BREAK: &str = "
window.announced = [];
document.addEventListener('pairlink:error', event => announced.push(event.detail.code));
window.insertBefore = Node.prototype.insertBefore;
Node.prototype.insertBefore = () => { throw new Error('broken by the test'); };
";
const MEND: &str = "Node.prototype.insertBefore = insertBefore; return announced;";

#[tokio::test]
async fn an_element_that_breaks_says_so_harms_nothing_and_begins_anew() {
    let stage = Stage::set().await;
    let page = stage.dashboard().await;
    page.widget().button(button::ISSUE).await;
    let heading = "return document.querySelector('h1').innerText";
    let before = page.run(heading).await;

    page.run(BREAK).await;
    page.widget().press(button::ISSUE).await;
    page.widget().says(&["could not be loaded"]).await;
    assert_eq!(page.run(MEND).await, json!(["crashed"]));
    assert_eq!(page.run(heading).await, before);

    page.widget().press(button::RETRY).await;
    page.widget().button(button::REVOKE).await;
    page.widget().scan().await;
    let witnessed = page.misbehaviour().await;
    assert!(!witnessed.is_empty(), "nothing has broken");
    for words in witnessed {
        // WebKit tells nobody what is wrong in a place that it cannot name.
        let words = words.to_lowercase();
        assert!(
            words.contains("unreachable") || words.contains("script error"),
            "{words}"
        );
    }
    page.vanish();
}
