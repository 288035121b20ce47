//! What a mounted element is like: how soon it covers what is revoked, and what is left of it when it is gone.

use std::time::Duration;

use anyhow::{Result, anyhow};
use pairlink_e2e::{Browser, Page};
use serde_json::{Value, json};

use crate::samples::{Samples, milliseconds};

/// Presses the button of revocation, and counts the frames in which the code is still there.
const REVOKE: &str = "
const root = document.querySelector('pair-link').shadowRoot;
const frame = () => new Promise(requestAnimationFrame);
while (!root.querySelector('[part~=revoke]')) await frame();
// From rest, and at the start of a frame, as presses come.
await frame();
await new Promise(resolve => setTimeout(resolve));
const isShown = () => [...root.querySelectorAll('svg path')].some(path => path.getAttribute('d').length > 400);
if (!isShown()) return null;
const pressed = performance.now();
root.querySelector('[part~=revoke]').click();
let frames = 0;
for (;;) {
  const shown = isShown();
  await frame();
  if (!isShown()) return { frames: frames, millis: performance.now() - pressed };
  frames += 1;
}
";

/// Mounts and destroys elements, one after another.
const ROUNDS: &str = "
for (let round = 0; round < ROUNDS; round += 1) {
  const element = document.createElement('pair-link');
  element.setAttribute('token-endpoint', '/token');
  const ready = new Promise(resolve => element.addEventListener('pairlink:ready', resolve));
  document.body.append(element);
  await ready;
  element.remove();
  await new Promise(resolve => setTimeout(resolve));
}
return 'done'
";

/// What the browser's driver is asked for takes no longer than it is waited for.
const AT_A_TIME: usize = 50;

/// Runs before every script of a page: keeps the memory of its WebAssembly.
const MEMORY: &str = "
for (const name of ['instantiate', 'instantiateStreaming']) {
  const original = WebAssembly[name];
  WebAssembly[name] = async (...given) => {
    const made = await original.apply(WebAssembly, given);
    const exported = Object.values((made.instance ?? made).exports);
    window.wasmMemory = exported.find(thing => thing instanceof WebAssembly.Memory);
    return made;
  };
}
";

/// From the press to the first frame without the code.
pub(super) async fn revocations(browser: &Browser, address: &str, runs: usize) -> Result<()> {
    let (mut samples, mut frames) = (Samples::default(), Vec::new());
    for _run in 0..runs {
        let page = browser.open(address).await;
        let measured = page.run_async(REVOKE).await;
        page.close().await;
        let number = |name: &str| {
            measured.get(name).and_then(Value::as_f64).ok_or_else(|| {
                anyhow!("{address} had no code to cover, or never covered it: {measured}")
            })
        };
        samples.add(Duration::from_secs_f64(number("millis")? / 1000.0));
        frames.push(number("frames")?);
    }
    println!(
        "  revoke pressed to covered: median {} ms, p90 {} ms; frames that still had the code: at most {}",
        milliseconds(samples.percentile(50)),
        milliseconds(samples.percentile(90)),
        frames.iter().copied().fold(0.0, f64::max),
    );
    Ok(())
}

/// What a page holds.
struct Held {
    heap: f64,
    wasm: f64,
    nodes: f64,
    listeners: f64,
}

/// What is held after a tenth of the rounds, when everything was warmed up, and after all of them.
pub(super) async fn rounds(browser: &Browser, address: &str, rounds: usize) -> Result<()> {
    let page = browser.open("about:blank").await;
    page.driver()
        .cdp()
        .send_raw(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({"source": MEMORY}),
        )
        .await?;
    page.driver().goto(address).await?;
    page.driver()
        .set_script_timeout(Duration::from_mins(10))
        .await?;
    println!(
        "  {:<44}{:>11}{:>11}{:>9}{:>11}",
        "memory after mounting and destroying", "heap KB", "wasm KB", "nodes", "listeners"
    );
    for more in [rounds / 10, rounds - rounds / 10] {
        let mut left = more;
        while left > 0 {
            let some = left.min(AT_A_TIME);
            let script = ROUNDS.replace("ROUNDS", &some.to_string());
            let done = page.run_async(&script).await;
            if done != "done" {
                return Err(anyhow!("mounting and destroying failed: {done}"));
            }
            left -= some;
        }
        let held = held(&page).await?;
        println!(
            "  {:<44}{:>11.0}{:>11.0}{:>9}{:>11}",
            format!("{more} rounds more"),
            held.heap / 1000.0,
            held.wasm / 1000.0,
            held.nodes,
            held.listeners,
        );
    }
    page.close().await;
    Ok(())
}

async fn held(page: &Page) -> Result<Held> {
    let tools = page.driver().cdp();
    // What the first collection frees may hold on to more.
    for _again in 0..3 {
        tools
            .send_raw("HeapProfiler.collectGarbage", json!({}))
            .await?;
    }
    let heap = tools.send_raw("Runtime.getHeapUsage", json!({})).await?;
    let counted = tools.send_raw("Memory.getDOMCounters", json!({})).await?;
    let wasm = page.run("return wasmMemory.buffer.byteLength").await;
    let number = |value: &Value, name: &str| {
        let number = value.get(name).and_then(Value::as_f64);
        number.ok_or_else(|| anyhow!("the browser does not say {name}"))
    };
    Ok(Held {
        heap: number(&heap, "usedSize")?,
        wasm: wasm.as_f64().unwrap_or(f64::NAN),
        nodes: number(&counted, "nodes")?,
        listeners: number(&counted, "jsEventListeners")?,
    })
}
