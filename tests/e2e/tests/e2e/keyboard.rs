//! Everything can be done without a mouse.

use thirtyfour::Key;

use crate::{Stage, button};

/// The name of what has the focus, in the light or the shadow DOM.
const FOCUSED: &str = "
let focused = document.activeElement;
while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
return focused?.ariaLabel ?? focused?.innerText ?? '';
";

#[tokio::test]
async fn a_link_is_issued_and_revoked_by_keyboard_alone() {
    let stage = Stage::set().await;
    let page = stage.dashboard().await;
    for (name, outcome) in [(button::ISSUE, 1), (button::REVOKE, 0)] {
        page.widget().button(name).await;
        let mut seen = Vec::new();
        loop {
            page.press_key(Key::Tab).await;
            let focused = page.run(FOCUSED).await;
            let focused = focused.as_str().unwrap().to_lowercase();
            if focused.contains(name) {
                break;
            }
            seen.push(focused);
            assert!(seen.len() < 40, "{name:?} cannot be reached: {seen:?}");
        }
        page.press_key(Key::Enter).await;
        if outcome == 1 {
            page.widget().scan().await;
        } else {
            page.widget().covers_its_code().await;
        }
    }
    page.close().await;
}
