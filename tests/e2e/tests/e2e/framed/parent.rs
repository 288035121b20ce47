//! Pages around the frame.

use pairlink_e2e::{Page, eventually};
use serde_json::Value;

/// Remembers what an element tells.
const LISTENER: &str = "
window.told = [];
for (const name of ['ready', 'state', 'pass', 'connected', 'expired', 'revoked', 'error'])
  addEventListener(`pairlink:${name}`, ({detail}) => told.push({name, detail}));
";

/// A page with the element, and these attributes on it.
pub(crate) fn with_element(proxy: &str, attributes: &str) -> String {
    page_with(&format!(
        "<script>{LISTENER}</script><script type=\"module\" src=\"{proxy}/embed.js\"></script>\
         <main><pair-link-frame token-endpoint=\"/token\" {attributes}></pair-link-frame></main><aside></aside>"
    ))
}

/// A page of any content.
pub(crate) fn page_with(content: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>A host</title>\
         <style>.narrow {{ inline-size: 15rem }} iframe {{ inline-size: 40rem; block-size: 40rem }}</style></head>\
         <body>{content}</body></html>"
    )
}

/// A page that has a bare frame and speaks with it as it likes: `greet(options, extra)` hands over a port and returns
/// what is heard through it, `window.token` is what it answers with, `window.overheard` what is said past all ports.
pub(crate) fn by_hand(proxy: &str, claimed: &str) -> String {
    page_with(&format!(
        "<iframe src=\"{proxy}/embed?origin={claimed}\"></iframe>
         <script>
         window.proxy = '{proxy}';
         window.overheard = [];
         window.token = null;
         addEventListener('message', ({{data}}) => overheard.push(data));
         window.frame = document.querySelector('iframe');
         window.loads = 0;
         frame.addEventListener('load', () => loads += 1);
         window.channel = () => {{
           const {{port1, port2}} = new MessageChannel();
           const heard = [];
           port1.onmessage = ({{data}}) => {{
             heard.push(data);
             if (data.type === 'token?' && token) port1.postMessage({{pairlink: 1, type: 'token', id: data.id, token}});
           }};
           return {{port1, port2, heard}};
         }};
         window.greet = (options = {{}}, extra = {{}}) => {{
           const made = channel();
           const hello = {{pairlink: 1, type: 'hello', options, ...extra}};
           frame.contentWindow.postMessage(hello, proxy, [made.port2]);
           return made;
         }};
         </script>"
    ))
}

/// What the page was told, in order.
pub(crate) async fn told(page: &Page) -> Vec<Value> {
    let told = page.run("return window.told").await;
    told.as_array().cloned().unwrap_or_default()
}

/// How many frames the element has.
pub(crate) async fn frames(page: &Page) -> u64 {
    page.run("return document.querySelector('pair-link-frame').shadowRoot.querySelectorAll('iframe').length")
        .await
        .as_u64()
        .unwrap()
}

/// The words in the frame's place, once there are any.
pub(crate) async fn fallback(page: &Page) -> String {
    eventually("words in the place of the frame", async || {
        let words = page
            .run("return document.querySelector('pair-link-frame').shadowRoot.querySelector('[role=alert]')?.innerText ?? ''")
            .await;
        match words.as_str() {
            Some(words) if !words.is_empty() => Ok(words.to_owned()),
            Some(_) | None => Err("nothing".to_owned()),
        }
    })
    .await
}

/// Presses the button that stands there.
pub(crate) async fn press_retry(page: &Page) {
    let words = fallback(page).await;
    assert!(words.contains("Try again"), "{words}");
    page.run("document.querySelector('pair-link-frame').shadowRoot.querySelector('[role=alert] button').click()")
        .await;
}

/// Waits until the bare frame has been loaded so often, with our page or with what stands for it.
pub(crate) async fn loaded(page: &Page, times: u64) {
    eventually("a loaded frame", async || {
        match page.run("return window.loads").await.as_u64() {
            Some(loads) if loads >= times => Ok(()),
            loads => Err(format!("{loads:?}")),
        }
    })
    .await;
}

/// Waits until this script returns true.
pub(crate) async fn becomes_true(page: &Page, script: &str) {
    eventually(script, async || {
        let seen = page.run(script).await;
        if seen == true {
            Ok(())
        } else {
            Err(seen.to_string())
        }
    })
    .await;
}

/// The number that this script returns.
pub(crate) async fn number(page: &Page, script: &str) -> u64 {
    page.run(script).await.as_u64().unwrap()
}
