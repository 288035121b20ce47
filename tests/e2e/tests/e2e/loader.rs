//! The loader alone: what it begins before the element's code is there, and what it does when that never comes.

use std::time::Duration;

use pairlink_e2e::{Browser, Damage, Engine, LINK, Outpost, Page, TOKEN, eventually};
use serde_json::Value;

const ELEMENT: &str = "<pair-link token-endpoint=\"/token\"></pair-link><p>The host's page</p>";

/// Runs in the page: writes down, for each frame, what of the element was to be seen.
const FRAMES: &str = "
<script>
window.frames_seen = [];
const look = () => {
  const root = document.querySelector('pair-link')?.shadowRoot;
  const code = [...(root?.querySelectorAll('svg path') ?? [])].find(path => path.getAttribute('d').length > 400);
  const box = code?.closest('svg').getBoundingClientRect();
  const frame = {
    box: box && [box.x, box.y, box.width, box.height].map(Math.round).join(' '),
    painted: Boolean(code) && !root.querySelector('button'),
    fallback: Boolean(root?.querySelector('.fallback')),
  };
  const last = JSON.stringify(frames_seen.at(-1));
  if (JSON.stringify(frame) !== last) frames_seen.push(frame);
  if (frame.painted) document.documentElement.dataset.painted = 'once';
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
</script>";

async fn open(outpost: &Outpost) -> (Browser, Page) {
    let browser = Browser::chosen();
    let page = browser.open(outpost.page()).await;
    (browser, page)
}

async fn until(page: &Page, expected: &str, condition: &str) {
    eventually(expected, async || {
        if page.run(&format!("return Boolean({condition})")).await == Value::Bool(true) {
            Ok(())
        } else {
            Err(page.widget().words().await)
        }
    })
    .await;
}

#[tokio::test]
async fn the_code_is_there_before_the_wasm_and_stays_where_it_is() {
    let outpost = Outpost::start(&[FRAMES, ELEMENT].concat()).await;
    let wasm = outpost.keep_back(".wasm");
    let (_browser, page) = open(&outpost).await;
    until(
        &page,
        "the code",
        "document.documentElement.dataset.painted",
    )
    .await;
    wasm.notify_one();
    page.widget().button("revoke").await;
    assert_eq!(page.widget().scan().await, LINK);

    let frames = page.run("return frames_seen").await;
    let frames = frames.as_array().unwrap();
    let boxes: Vec<&Value> = frames.iter().map(|frame| &frame["box"]).collect();
    let first = boxes.iter().position(|seen| !seen.is_null()).unwrap();
    assert!(frames[first]["painted"] == true, "{frames:?}");
    // A machine that took its time has seen words in between.
    if frames.iter().all(|frame| frame["fallback"] == false) {
        assert!(
            boxes[first..].iter().all(|seen| *seen == boxes[first]),
            "{frames:?}"
        );
    }
    assert_eq!(outpost.times_asked("POST /token"), 1);
    assert_eq!(outpost.times_asked("GET /v1/pass"), 1);
    page.close().await;
}

#[tokio::test]
async fn what_comes_with_the_token_is_not_asked_for() {
    let body = ELEMENT.replace("/token", "/token-with-view");
    let outpost = Outpost::start(&[FRAMES, &body].concat()).await;
    let wasm = outpost.keep_back(".wasm");
    let (_browser, page) = open(&outpost).await;
    until(
        &page,
        "the code",
        "document.documentElement.dataset.painted",
    )
    .await;
    wasm.notify_one();
    page.widget().button("revoke").await;
    assert_eq!(page.widget().scan().await, LINK);
    eventually("the stream", async || {
        match outpost.times_asked("GET /v1/events") {
            0 => Err("not yet".to_owned()),
            _ => Ok(()),
        }
    })
    .await;
    assert_eq!(outpost.times_asked("POST /token-with-view"), 1);
    assert_eq!(outpost.times_asked("GET /v1/pass"), 0);
    page.close().await;
}

#[tokio::test]
async fn a_view_without_a_token_that_can_be_used_is_not_kept() {
    let body = ELEMENT.replace("/token", "/bad-token-with-view");
    let outpost = Outpost::start(&body).await;
    let (_browser, page) = open(&outpost).await;
    until(
        &page,
        "what is wrong, and no code",
        "(root => root.textContent.includes('session has ended') && ![...root.querySelectorAll('svg path')]
            .some(path => path.getAttribute('d').length > 400))(document.querySelector('pair-link').shadowRoot)",
    )
    .await;
    page.close().await;
}

#[tokio::test]
async fn a_mark_of_the_host_leaves_the_code_readable() {
    let body = "<style>img { inline-size: 200px; block-size: 200px; border: 20px solid #000 }</style>
        <pair-link token-endpoint=\"/token\"><img slot=\"code-logo\" alt=\"\"
        src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><circle cx='4' cy='4' r='4'/></svg>\"></pair-link>";
    let outpost = Outpost::start(body).await;
    let (_browser, page) = open(&outpost).await;
    page.widget().button("revoke").await;
    let share = page
        .run(
            "const host = document.querySelector('pair-link');
             const width = element => element.getBoundingClientRect().width;
             return width(host.querySelector('img')) / width(host.shadowRoot.querySelector('[part=code]'));",
        )
        .await;
    let share = share.as_f64().unwrap();
    assert!((0.1..=0.165).contains(&share), "{share}");
    assert_eq!(page.widget().scan().await, LINK);
    page.close().await;
}

#[tokio::test]
async fn what_a_function_of_the_page_brings_along_is_asked_for_anew() {
    let body = "<pair-link></pair-link><script>
        document.querySelector('pair-link').fetchToken = async () =>
          (await fetch('/token-with-view', { method: 'POST' })).json();
        </script>";
    let outpost = Outpost::start(body).await;
    let (_browser, page) = open(&outpost).await;
    page.widget().button("revoke").await;
    assert_eq!(page.widget().scan().await, LINK);
    assert_eq!(outpost.times_asked("GET /v1/pass"), 1);
    page.close().await;
}

#[tokio::test]
async fn a_painted_code_is_covered_when_it_ends() {
    let outpost = Outpost::start(&[FRAMES, ELEMENT].concat()).await;
    outpost.let_passes_live(Duration::from_millis(1200));
    let _wasm = outpost.keep_back(".wasm");
    let (_browser, page) = open(&outpost).await;
    until(
        &page,
        "the end",
        "frames_seen.some((frame, at) => frame.box == null && frames_seen[at - 1]?.box)",
    )
    .await;
    let frames = page.run("return frames_seen").await;
    let frames = frames.as_array().unwrap();
    let end = frames
        .iter()
        .rposition(|frame| !frame["box"].is_null())
        .unwrap()
        + 1;
    assert!(
        frames[end]["fallback"] == false,
        "it was its end, not our patience: {frames:?}"
    );
    page.close().await;
}

#[tokio::test]
async fn a_page_that_was_put_away_shows_nothing_until_the_widget_is_there() {
    for turn in ["pagehide", "pageshow"] {
        let outpost = Outpost::start(&[FRAMES, ELEMENT].concat()).await;
        let wasm = outpost.keep_back(".wasm");
        let (_browser, page) = open(&outpost).await;
        until(
            &page,
            "the code",
            "document.documentElement.dataset.painted",
        )
        .await;
        let covered = page
            .run(&format!(
                "dispatchEvent(new PageTransitionEvent('{turn}', {{persisted: true}}));
                 return !document.querySelector('pair-link').shadowRoot.querySelector('svg path')"
            ))
            .await;
        assert_eq!(covered, true, "{turn}");
        wasm.notify_one();
        assert_eq!(page.widget().scan().await, LINK);
        page.close().await;
    }
}

#[tokio::test]
async fn whatever_is_missing_or_corrupt_there_are_words_and_the_page_is_unharmed() {
    for (end, trouble) in [
        (".wasm", Damage::Missing),
        (".wasm", Damage::Corrupt),
        ("js", Damage::Missing),
        ("js", Damage::Corrupt),
    ] {
        // It does not look at the hash of a module.
        let unnoticed = end == "js" && matches!(trouble, Damage::Corrupt);
        if unnoticed && Browser::chosen().engine() == Engine::WebKit {
            continue;
        }
        let outpost = Outpost::start(ELEMENT).await;
        outpost.trouble(end, trouble);
        let (_browser, page) = open(&outpost).await;
        page.widget().says(&["could not be loaded"]).await;
        assert_eq!(page.text("p").await, "The host's page");

        outpost.heal(end);
        page.widget().press("try again").await;
        assert_eq!(page.widget().scan().await, LINK);
        page.close().await;
    }
}

#[tokio::test]
async fn a_style_sheet_that_is_not_ours_is_left_out() {
    let outpost = Outpost::start(ELEMENT).await;
    outpost.trouble(".css", Damage::Corrupt);
    let (_browser, page) = open(&outpost).await;
    page.widget().button("revoke").await;
    let sheets = "return document.querySelector('pair-link').shadowRoot.adoptedStyleSheets.length";
    assert_eq!(page.run(sheets).await, 0);
    page.close().await;
}

#[tokio::test]
async fn a_language_that_does_not_come_is_replaced_by_english() {
    for trouble in [Damage::Missing, Damage::Corrupt] {
        let arabic = ELEMENT.replace("<pair-link", "<pair-link locale=\"ar\"");
        let outpost = Outpost::start(&arabic).await;
        outpost.trouble("/ar.json", trouble);
        let (_browser, page) = open(&outpost).await;
        page.widget().says(&["Your link is ready"]).await;
        assert_eq!(page.widget().scan().await, LINK);
        let direction = "return getComputedStyle(document.querySelector('pair-link').shadowRoot.querySelector('.pairlink')).direction";
        assert_eq!(page.run(direction).await, "ltr");

        // Once it can be had again, another look at it is enough.
        outpost.heal("/ar.json");
        page.run("document.querySelector('pair-link').setAttribute('locale', 'ar-EG')")
            .await;
        page.widget().says(&["رابطك جاهز"]).await;
        page.close().await;
    }
}

#[tokio::test]
async fn where_wasm_is_forbidden_the_hosted_page_opens() {
    let outpost = Outpost::start(ELEMENT).await;
    outpost.under("script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'");
    let (_browser, page) = open(&outpost).await;
    page.widget().says(&["could not be loaded"]).await;
    page.widget().press("open in a new window").await;
    let driver = page.driver();
    let here = driver.window().await.unwrap();
    let opened = eventually("another window", async || {
        let mut windows = driver.windows().await.unwrap();
        windows.retain(|window| *window != here);
        windows.pop().ok_or_else(|| "none".to_owned())
    })
    .await;
    driver.switch_to_window(opened).await.unwrap();
    eventually("the hosted page", async || {
        let address = driver.current_url().await.unwrap();
        if address.path() == "/l/shared" {
            Ok(())
        } else {
            Err(address.to_string())
        }
    })
    .await;
    assert_eq!(page.run("return window.opener").await, Value::Null);
    assert_eq!(outpost.times_asked("POST /v1/share-link"), 1);
}

#[tokio::test]
async fn a_proxy_without_a_hosted_page_offers_to_try_again() {
    let outpost = Outpost::start(ELEMENT).await;
    outpost.trouble(".wasm", Damage::Missing);
    outpost.trouble("/v1/share-link", Damage::Missing);
    let (_browser, page) = open(&outpost).await;
    let here = page.driver().window().await.unwrap();
    page.widget().press("open in a new window").await;
    eventually("the button to go", async || {
        match page.widget().find_button("open in a new window").await {
            None => Ok(()),
            Some(_button) => Err("it is there".to_owned()),
        }
    })
    .await;
    page.widget().button("try again").await;
    page.driver().switch_to_window(here).await.unwrap();
    page.close().await;
}

#[tokio::test]
async fn what_comes_late_takes_over_from_the_words() {
    let outpost = Outpost::start(ELEMENT).await;
    let wasm = outpost.keep_back(".wasm");
    let (_browser, page) = open(&outpost).await;
    page.widget().says(&["could not be loaded"]).await;
    wasm.notify_one();
    assert_eq!(page.widget().scan().await, LINK);
    assert!(page.widget().find_button("try again").await.is_none());
    page.close().await;
}

#[tokio::test]
async fn what_the_hosts_server_rendered_stays_until_the_widget_is_there() {
    let declared = "<pair-link token-endpoint=\"/token\"><template shadowrootmode=\"open\" shadowrootdelegatesfocus>\
                    <h2>From the server</h2><slot></slot></template><button>Without scripts</button></pair-link>";
    let listening = "<script>addEventListener('pairlink:error', ({detail}) => document.documentElement.dataset.failed = detail.code)</script>";
    let outpost = Outpost::start(&[listening, declared].concat()).await;
    let wasm = outpost.keep_back(".wasm");
    let (_browser, page) = open(&outpost).await;
    eventually("the element to begin", async || {
        match outpost.times_asked("GET /v1/pass") {
            0 => Err("nothing was asked".to_owned()),
            _ => Ok(()),
        }
    })
    .await;
    assert!(page.widget().words().await.contains("From the server"));
    wasm.notify_one();
    page.widget().button("revoke").await;
    assert!(!page.widget().words().await.contains("From the server"));
    page.close().await;

    outpost.trouble(".wasm", Damage::Missing);
    let (_browser, page) = open(&outpost).await;
    until(
        &page,
        "the failure",
        "document.documentElement.dataset.failed",
    )
    .await;
    assert!(page.widget().words().await.contains("From the server"));
    page.close().await;
}

#[tokio::test]
async fn elements_of_one_page_share_all_that_can_be_shared() {
    let outpost = Outpost::start(&ELEMENT.repeat(3)).await;
    let (_browser, page) = open(&outpost).await;
    let live = "[...document.querySelectorAll('pair-link')].every(element => element.shadowRoot.querySelector('[part~=revoke]'))";
    until(&page, "all of them", live).await;
    eventually("a stream", async || {
        match outpost.times_asked("GET /v1/events") {
            0 => Err("none".to_owned()),
            _ => Ok(()),
        }
    })
    .await;
    // One that comes when the code is there.
    let later = "document.body.append(document.querySelector('pair-link').cloneNode())";
    page.run(later).await;
    until(&page, "the late one", live).await;
    for once in [".wasm", ".css", "POST /token", "GET /v1/events"] {
        assert_eq!(outpost.times_asked(once), 1, "{once}");
    }
    assert_eq!(outpost.times_asked("GET /v1/pass"), 2);
    page.close().await;
}

#[tokio::test]
async fn a_function_that_gives_no_token_is_a_failure_that_is_said() {
    for function in [
        "() => { throw new Error('no') }",
        "async () => { throw new Error('no') }",
        "() => new Promise(() => {})",
        "() => undefined",
        "() => 7",
        "() => ({token: {}})",
        "async () => 'two\\nlines'",
        "() => 'x'.repeat(513)",
    ] {
        let page = format!(
            "<pair-link></pair-link><script>document.querySelector('pair-link').fetchToken = {function}</script>"
        );
        let outpost = Outpost::start(&page).await;
        let (_browser, page) = open(&outpost).await;
        page.widget().says(&["session has ended"]).await;
        assert_eq!(outpost.times_asked("/v1/pass"), 0, "{function}");

        let good =
            format!("document.querySelector('pair-link').fetchToken = async () => '{TOKEN}'");
        page.run(&good).await;
        assert_eq!(page.widget().scan().await, LINK);
        page.close().await;
    }
}

#[tokio::test]
async fn an_element_that_goes_takes_everything_along() {
    // Counts timers and requests of the page before anybody can begin one. A driver may set timers in the page, too.
    let witness = "<script>
        window.timers = new Set();
        window.set_by_us = 0;
        const {setTimeout: set, clearTimeout: clear, fetch: ask} = window;
        window.setTimeout = (work, ...more) => {
          const timer = set(() => { timers.delete(timer); work(); }, ...more);
          if (/widget\\.js|pairlink/.test(new Error().stack)) {
            timers.add(timer);
            set_by_us += 1;
          }
          return timer;
        };
        window.clearTimeout = timer => { timers.delete(timer); clear(timer); };
        window.signals = [];
        window.fetch = (address, how) => { if (how?.signal) signals.push(how.signal); return ask(address, how); };
        </script>";
    for held in ["/token", "/v1/pass", ".wasm"] {
        let outpost = Outpost::start(&[witness, ELEMENT].concat()).await;
        let _kept = outpost.keep_back(held);
        let (_browser, page) = open(&outpost).await;
        eventually(held, async || match outpost.times_asked(held) {
            0 => Err("not asked for".to_owned()),
            _ => Ok(()),
        })
        .await;
        page.run("document.querySelector('pair-link').remove()")
            .await;
        until(
            &page,
            "every timer to be cleared",
            "set_by_us > 0 && timers.size === 0",
        )
        .await;
        if held != ".wasm" {
            until(&page, "the request to be aborted", "signals.at(-1).aborted").await;
        }
        page.close().await;
    }
}

#[tokio::test]
async fn the_token_is_where_no_other_script_can_find_it() {
    let outpost = Outpost::start(ELEMENT).await;
    let wasm = outpost.keep_back(".wasm");
    let (_browser, page) = open(&outpost).await;
    eventually("the first view", async || {
        match outpost.times_asked("GET /v1/pass") {
            0 => Err("nothing was asked".to_owned()),
            _ => Ok(()),
        }
    })
    .await;
    let search = format!(
        "const seen = new Set();
         const find = (thing, path) => {{
           if (typeof thing === 'string' && thing.includes('{TOKEN}')) return path;
           if (thing === null || !['object', 'function'].includes(typeof thing) || seen.has(thing)) return null;
           seen.add(thing);
           for (const key of Reflect.ownKeys(thing)) {{
             let value;
             try {{ value = thing[key]; }} catch {{ continue; }}
             const found = find(value, `${{path}}.${{String(key)}}`);
             if (found) return found;
           }}
           return null;
         }};
         const element = document.querySelector('pair-link');
         return find(element, 'element') ?? find(customElements.get('pair-link'), 'class') ??
           (document.documentElement.getHTML({{shadowRoots: [element.shadowRoot]}}).includes('{TOKEN}') ? 'DOM' : null)"
    );
    assert_eq!(page.run(&search).await, Value::Null);
    wasm.notify_one();
    page.widget().button("revoke").await;
    assert_eq!(page.run(&search).await, Value::Null);
    page.close().await;
}
