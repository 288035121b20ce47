//! The page with every attribute, method and event: its examples run, under the strictest policy.

use pairlink_e2e::{Page, decode_qrs, eventually};

use crate::Stage;

async fn open(stage: &Stage) -> Page {
    stage.browser.open(&stage.system.reference()).await
}

async fn run(page: &Page, example: &str) {
    page.run(&format!(
        "document.querySelector('[data-example={example}] [data-run]').click()"
    ))
    .await;
}

/// Waits until the log of the running example holds all of these.
async fn logs(page: &Page, expected: &[&str]) {
    eventually(&format!("a log of {expected:?}"), async || {
        let log = page.text("[data-stage] [data-log]").await;
        if expected.iter().all(|part| log.contains(part)) {
            Ok(())
        } else {
            Err(log)
        }
    })
    .await;
}

#[tokio::test]
async fn attributes_are_tried_and_written_down() {
    let stage = Stage::set().await;
    let page = open(&stage).await;
    logs(&page, &["pairlink:ready"]).await;
    page.run(
        "const form = document.querySelector('[data-controls]');
         form.querySelector('[name=look][value=dark]').checked = true;
         form.querySelector('[name=methods][value=code]').checked = true;
         form.querySelector('[name=locale]').value = 'de';
         form.dispatchEvent(new Event('change'));",
    )
    .await;
    let source = page.text("[data-source]").await;
    for attribute in ["theme=\"dark\"", "methods=\"code\"", "locale=\"de\""] {
        assert!(source.contains(attribute), "{source}");
    }
    eventually("a dark card with one method", async || {
        let shown = page
            .run(
                "const root = document.querySelector('pair-link').shadowRoot;
                 return [root.querySelector('[data-theme=dark]') !== null, root.querySelector('[role=radiogroup]') === null,
                   root.querySelector('input[type=tel]') !== null]",
            )
            .await;
        if shown == serde_json::json!([true, true, true]) {
            Ok(())
        } else {
            Err(shown.to_string())
        }
    })
    .await;
    page.close().await;
}

#[tokio::test]
async fn two_elements_show_the_same_and_methods_work() {
    let stage = Stage::set().await;
    let page = open(&stage).await;
    run(&page, "pair").await;
    logs(&page, &["pairlink:ready"]).await;
    page.run("document.querySelector('[data-stage] [data-call=issue]').click()")
        .await;
    eventually("the same code twice", async || {
        page.run("document.querySelector('[data-example=pair] .split').scrollIntoView()")
            .await;
        let codes = decode_qrs(&page.screenshot().await);
        match codes.as_slice() {
            [first, second] if first == second => Ok(()),
            codes => Err(format!("{} codes", codes.len())),
        }
    })
    .await;
    page.run("document.querySelector('[name=which][value=second]').click(); document.querySelector('[data-stage] [data-call=revoke]').click()")
        .await;
    eventually("both to be told", async || {
        let log = page.text("[data-stage] [data-log]").await;
        let told = |element: &str| {
            let revoked = log.split("pairlink:revoked").skip(1);
            revoked
                .into_iter()
                .any(|rest| rest.trim_start().starts_with(element))
        };
        if told("first") && told("second") {
            Ok(())
        } else {
            Err(log)
        }
    })
    .await;
    stage.system.simulator().forgets_every_link().await;
    page.run("document.querySelector('[data-stage] [data-call=destroy]').click()")
        .await;
    let left = page
        .run(
            "return document.querySelector('#second').shadowRoot.querySelectorAll('button').length",
        )
        .await;
    assert_eq!(left, 0);
    page.run("document.querySelector('[data-stage] [data-call=add]').click()")
        .await;
    eventually("the element again", async || {
        let buttons = page
            .run("return document.querySelector('#second').shadowRoot.querySelectorAll('button').length")
            .await;
        if buttons.as_u64() > Some(0) {
            Ok(())
        } else {
            Err("no button".to_owned())
        }
    })
    .await;
    page.close().await;
}

#[tokio::test]
async fn tokens_may_fail_in_every_way_but_one() {
    let stage = Stage::set().await;
    let page = open(&stage).await;
    run(&page, "tokens").await;
    logs(&page, &["pairlink:ready"]).await;
    for (way, code) in [
        ("throws", "no_token"),
        ("rubbish", "no_token"),
        ("foreign", "unauthenticated"),
    ] {
        page.run(&format!(
            "document.querySelector('[data-stage] [data-log]').replaceChildren();
             document.querySelector('[name=source][value={way}]').click()"
        ))
        .await;
        logs(&page, &["pairlink:error", code]).await;
    }
    page.run("document.querySelector('[data-stage] [data-log]').replaceChildren(); document.querySelector('[name=source][value=works]').click()")
        .await;
    logs(&page, &["pairlink:ready"]).await;
    page.close().await;
}

#[tokio::test]
async fn the_frame_runs_beside_the_elements() {
    let stage = Stage::set().await;
    let page = open(&stage).await;
    run(&page, "frame").await;
    logs(&page, &["pairlink:ready"]).await;
    page.run("document.querySelector('[data-stage] [data-call=issue]').click()")
        .await;
    logs(&page, &["pairlink:pass"]).await;
    // What is in a frame of another origin scrolls the page around it in some browsers only.
    page.run("document.querySelector('pair-link-frame').scrollIntoView()")
        .await;
    page.enter_frame().await;
    page.run("document.querySelector('pair-link').scrollIntoView()")
        .await;
    assert_eq!(
        page.widget().scan().await,
        stage.system.simulator().live_link().await
    );
    assert_eq!(page.misbehaviour().await, [""; 0]);
    page.leave_frame().await;
    assert_eq!(page.leaks(&stage.system.canaries().await).await, []);
    // One example at a time; what is stopped is gone.
    run(&page, "pair").await;
    let running = page
        .run("return [...document.querySelectorAll('[data-stage]')].filter(stage => stage.firstChild).length")
        .await;
    assert_eq!(running, 1);
    page.close().await;
}
