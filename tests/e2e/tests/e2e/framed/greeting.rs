//! The page in the frame and whoever speaks to it: it answers one window, once, by its schema.

use pairlink_e2e::{Host, Page};

use super::host;
use super::parent::{becomes_true, by_hand, loaded, number, page_with};
use crate::{Stage, button};

/// A page of a host with a living token that speaks with its frame by hand.
async fn stranger(stage: &Stage) -> (Host, Page) {
    let host = Host::start().await;
    let token = stage.system.embed_token(host.origin()).await;
    let address = host.put("/", &by_hand(stage.system.proxy(), host.origin()));
    let page = stage.browser.open(&address).await;
    loaded(&page, 1).await;
    page.run(&format!("window.token = '{token}'")).await;
    (host, page)
}

#[tokio::test]
async fn it_is_silent_until_it_is_greeted_right_and_drops_everything_else() {
    let stage = Stage::set().await;
    let (_host, page) = stranger(&stage).await;
    // All of these were dispatched by the time the right one is.
    page.run(
        "const to = frame.contentWindow;
         const hello = {pairlink: 1, type: 'hello', options: {}};
         window.wrong = [
           null, 'hello', 7, [], {}, {pairlink: 1}, {...hello, pairlink: 2}, {...hello, pairlink: '1'},
           {...hello, type: 'hi'}, {...hello, options: null}, {...hello, options: 'dark'},
           {pairlink: 1, type: 'hello'}, {...hello, options: {theme: 7}}, {...hello, options: {theme: {}}},
           {...hello, options: {locale: 'x'.repeat(501)}}, {...hello, options: {looks: 'red'}}, {...hello, options: {looks: {accent: {}}}}, {pairlink: 1, type: 'token', id: 1, token: 'ple_x'},
           {pairlink: 1, type: 'issue'}, {pairlink: 1, type: 'options', options: {theme: 'dark'}},
         ].map(message => { const made = channel(); to.postMessage(message, proxy, [made.port2]); return made.heard; });
         to.postMessage(hello, proxy);
         const [one, other] = [channel(), channel()];
         to.postMessage(hello, proxy, [one.port2, other.port2]);
         wrong.push(one.heard, other.heard);
         window.right = greet().heard;",
    )
    .await;
    becomes_true(
        &page,
        "return right.some(({type, name}) => type === 'event' && name === 'ready')",
    )
    .await;
    let heard = number(&page, "return wrong.flat().length + overheard.length").await;
    assert_eq!(heard, 0);
    assert_eq!(number(&page, "return wrong.length").await, 22);
    page.close().await;
}

#[tokio::test]
async fn garbage_down_the_port_changes_nothing() {
    let stage = Stage::set().await;
    let (_host, page) = stranger(&stage).await;
    page.run("window.made = greet({theme: 'dark', methods: null, unknown: 'x'})")
        .await;
    becomes_true(
        &page,
        "return made.heard.some(({name}) => name === 'ready')",
    )
    .await;
    page.run(
        "for (const garbage of [null, 'issue', 7, [], {}, {type: 'issue'}, {pairlink: 2, type: 'issue'},
           {pairlink: 1, type: 'destroy'}, {pairlink: 1, type: 'constructor'}, {pairlink: 1, type: '__proto__'},
           {pairlink: 1, type: 'token', id: 99, token: 'ple_x'}, {pairlink: 1, type: 'token', id: {}, token: {}},
           {pairlink: 1, type: 'options', options: null}, {pairlink: 1, type: 'options', options: {theme: []}},
           {pairlink: 1, type: 'hello', options: {theme: 'light'}}]) made.port1.postMessage(garbage);
         made.port1.postMessage({pairlink: 1, type: 'options', options: {theme: 'light'}});",
    )
    .await;
    page.enter_frame().await;
    becomes_true(
        &page,
        "return document.documentElement.dataset.theme === 'light'",
    )
    .await;
    page.widget().button(button::ISSUE).await;
    assert_eq!(page.misbehaviour().await, [""; 0]);
    page.leave_frame().await;
    assert!(stage.system.simulator().live_links().await.is_empty());
    page.close().await;
}

#[tokio::test]
async fn only_the_first_greeting_counts() {
    let stage = Stage::set().await;
    let (_host, page) = stranger(&stage).await;
    page.run("window.first = greet(); window.second = greet({theme: 'dark'});")
        .await;
    becomes_true(
        &page,
        "return first.heard.some(({name}) => name === 'ready')",
    )
    .await;
    page.run("window.third = greet({theme: 'dark'}); third.port1.postMessage({pairlink: 1, type: 'issue'}); first.port1.postMessage({pairlink: 1, type: 'options', options: {locale: 'de'}})")
        .await;
    page.enter_frame().await;
    becomes_true(&page, "return document.documentElement.lang === 'de'").await;
    let theme = page
        .run("return document.documentElement.dataset.theme")
        .await;
    assert_eq!(theme, "auto");
    page.leave_frame().await;
    let heard = number(&page, "return second.heard.length + third.heard.length").await;
    assert_eq!(heard, 0);
    assert!(stage.system.simulator().live_links().await.is_empty());
    page.close().await;
}

#[tokio::test]
async fn a_port_of_before_is_dead_when_the_frame_is_loaded_again() {
    let stage = Stage::set().await;
    let (_host, page) = stranger(&stage).await;
    page.run("window.first = greet()").await;
    becomes_true(
        &page,
        "return first.heard.some(({name}) => name === 'ready')",
    )
    .await;
    page.run("frame.src = frame.src").await;
    loaded(&page, 2).await;
    // A port that was handed over cannot be handed over again.
    let replayed = page
        .run("try { frame.contentWindow.postMessage({pairlink: 1, type: 'hello', options: {}}, proxy, [first.port2]); return 'sent' } catch (error) { return error.name }")
        .await;
    assert_eq!(replayed, "DataCloneError");
    page.run("window.second = greet()").await;
    becomes_true(
        &page,
        "return second.heard.some(({name}) => name === 'ready')",
    )
    .await;
    page.run(
        "window.before = first.heard.length;
         first.port1.postMessage({pairlink: 1, type: 'issue'});
         second.port1.postMessage({pairlink: 1, type: 'options', options: {locale: 'de'}});",
    )
    .await;
    page.enter_frame().await;
    becomes_true(&page, "return document.documentElement.lang === 'de'").await;
    page.leave_frame().await;
    assert_eq!(number(&page, "return first.heard.length - before").await, 0);
    assert!(stage.system.simulator().live_links().await.is_empty());
    page.close().await;
}

#[tokio::test]
async fn an_origin_that_the_address_does_not_say_is_not_answered() {
    let stage = Stage::set().await;
    let (good, _address) = host(&stage).await;
    let embed = format!("{}/embed?origin={}", stage.system.proxy(), good.origin());
    let real = stage.browser.open(&embed).await;
    let script = real
        .run("return document.querySelector('script').src")
        .await;
    real.close().await;
    // Browsers keep strangers out by the page's policy; here is the same script in a page that has none.
    let open = Host::start().await;
    let script = format!(
        "<script type=\"module\" src=\"{}\"></script>",
        script.as_str().unwrap()
    );
    open.put("/embed", &page_with(&script));
    let stranger = Host::start().await;
    for (claimed, answered) in [(good.origin(), false), (stranger.origin(), true)] {
        let address = stranger.put("/", &by_hand(open.origin(), claimed));
        let page = stage.browser.open(&address).await;
        loaded(&page, 1).await;
        page.run("window.made = greet()").await;
        if answered {
            becomes_true(&page, "return made.heard.length > 0").await;
        } else {
            page.enter_any_frame().await;
            // What was posted before this is dispatched before this.
            let came = page
                .run_async(
                    "await new Promise(resolve => { addEventListener('message', resolve, {once: true}); postMessage('after', '*'); });
                     return document.querySelectorAll('pair-link').length",
                )
                .await;
            assert_eq!(came, 0);
            page.leave_frame().await;
            assert_eq!(number(&page, "return made.heard.length").await, 0);
        }
        page.vanish();
    }
}

#[tokio::test]
async fn a_sibling_frame_of_the_same_origin_is_not_the_page_around() {
    let stage = Stage::set().await;
    let (host, page) = stranger(&stage).await;
    let sibling = host.put(
        "/sibling",
        &page_with(&format!(
            "<script>const {{port1, port2}} = new MessageChannel();
             port1.onmessage = () => parent.overheard.push('the sibling was answered');
             parent.frame_of_pairlink.postMessage({{pairlink: 1, type: 'hello', options: {{theme: 'dark'}}}}, '{}', [port2]);
             parent.sent = true;</script>",
            stage.system.proxy()
        )),
    );
    page.run(&format!(
        "window.frame_of_pairlink = frame.contentWindow;
         const other = document.createElement('iframe'); other.src = '{sibling}'; document.body.append(other);"
    ))
    .await;
    becomes_true(&page, "return window.sent === true").await;
    page.run("window.made = greet()").await;
    becomes_true(
        &page,
        "return made.heard.some(({name}) => name === 'ready')",
    )
    .await;
    assert_eq!(number(&page, "return overheard.length").await, 0);
    page.enter_any_frame().await;
    let theme = page
        .run("return document.documentElement.dataset.theme")
        .await;
    assert_eq!(theme, "auto");
    page.leave_frame().await;
    page.close().await;
}

#[tokio::test]
async fn a_window_that_opened_it_is_not_the_page_around() {
    let stage = Stage::set().await;
    let (host, page) = stranger(&stage).await;
    // By a press: browsers open no windows that nobody asked for.
    page.run(&format!(
        "window.made = channel();
         const button = document.createElement('button');
         button.textContent = 'Open';
         button.onclick = () => window.popup = open('{}/embed?origin={}');
         document.body.prepend(button);",
        stage.system.proxy(),
        host.origin()
    ))
    .await;
    let here = page.driver().window().await.unwrap();
    page.click("button").await;
    // Its opener policy cuts the two apart: there is nobody to speak to.
    becomes_true(&page, "return window.popup?.closed").await;
    let mut windows = page.driver().windows().await.unwrap();
    windows.retain(|window| *window != here);
    let opened = windows.pop().unwrap();
    page.driver().switch_to_window(opened).await.unwrap();
    becomes_true(
        &page,
        "return document.readyState === 'complete' && location.pathname === '/embed'",
    )
    .await;
    // Not even to itself.
    let answered = page
        .run_async(
            "const {port1, port2} = new MessageChannel();
             let heard = 0; port1.onmessage = () => heard += 1;
             postMessage({pairlink: 1, type: 'hello', options: {}}, location.origin, [port2]);
             for (let frames = 0; frames < 5; frames += 1) await new Promise(requestAnimationFrame);
             return [heard, document.querySelectorAll('pair-link').length, window.opener]",
        )
        .await;
    assert_eq!(answered, serde_json::json!([0, 0, null]));
    page.driver().close_window().await.unwrap();
    page.driver().switch_to_window(here).await.unwrap();
    page.close().await;
}

#[tokio::test]
async fn nothing_but_the_token_is_secret_in_what_is_said() {
    let stage = Stage::set().await;
    let (_host, page) = stranger(&stage).await;
    page.run("window.made = greet()").await;
    becomes_true(
        &page,
        "return made.heard.some(({name}) => name === 'ready')",
    )
    .await;
    page.run("made.port1.postMessage({pairlink: 1, type: 'issue'})")
        .await;
    becomes_true(&page, "return made.heard.some(({name}) => name === 'pass')").await;
    page.run("made.port1.postMessage({pairlink: 1, type: 'revoke'})")
        .await;
    becomes_true(
        &page,
        "return made.heard.some(({name}) => name === 'revoked')",
    )
    .await;
    let said = page
        .run("return JSON.stringify([made.heard, overheard])")
        .await;
    let said = said.as_str().unwrap();
    let leaks = stage
        .system
        .canaries()
        .await
        .find_in_log("what the frame says", said);
    assert_eq!(leaks, []);
    let kinds = page
        .run("return [...new Set(made.heard.map(({type}) => type))].sort().join()")
        .await;
    assert_eq!(kinds, "event,height,token?");
    page.close().await;
}
