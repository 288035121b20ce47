//! From the start of a navigation to the painted QR code: the element, and what else one could have in its place.

mod pages;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, anyhow};
use clap::Args;
use pairlink_e2e::Browser;
use serde_json::json;

use crate::samples::{Samples, milliseconds};
use pages::{Pages, RealSystem};

/// Runs before every script of a page: promises the instant, on the page's clock, after the frame with the code was
/// painted. A code is a path that is longer than any icon, in the document or in an open shadow root.
const WITNESS: &str = "
window.codePainted = new Promise(resolve => {
  const roots = [];
  let seen = false;
  const isCode = path => (path.getAttribute('d') ?? '').length > 400;
  const look = () => {
    if (seen || !roots.some(root => [...root.querySelectorAll('svg path')].some(isCode))) return;
    seen = true;
    requestAnimationFrame(() => {
      const afterPaint = new MessageChannel();
      afterPaint.port1.onmessage = () => resolve(performance.now());
      afterPaint.port2.postMessage(null);
    });
  };
  const watch = root => {
    roots.push(root);
    new MutationObserver(look).observe(root, { childList: true, subtree: true, attributeFilter: ['d'] });
  };
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    watch(root);
    return root;
  };
  watch(document);
});
";

/// What a page does when no code ever comes.
const WAIT: &str = "return await Promise.race([window.codePainted, new Promise(resolve => setTimeout(resolve, 15000, null))])";

/// Arguments of the measurement.
#[derive(Args)]
pub(crate) struct Options {
    /// The built widget.
    #[arg(long)]
    widget: PathBuf,
    /// The built React peer.
    #[arg(long)]
    react_peer: PathBuf,
    /// Navigations per page, each with a fresh profile; the pages take turns.
    #[arg(long, default_value_t = 20)]
    runs: usize,
    /// As on a phone in the country: 1.6 Mbit/s, 150 ms, a processor four times slower.
    #[arg(long)]
    slow: bool,
    #[command(flatten)]
    system: RealSystem,
}

/// Measures and prints.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let pages = Pages::serve(&options.widget, &options.react_peer, &options.system).await?;
    let browser = Browser::start().await;
    let mut samples = vec![Samples::default(); pages.all().len()];
    for run in 0..options.runs {
        for turn in 0..samples.len() {
            // Nobody always comes first.
            let number = (run + turn) % samples.len();
            if let (Some(page), Some(samples)) = (pages.all().get(number), samples.get_mut(number))
            {
                samples.add(navigate(&browser, &page.address, options.slow).await?);
            }
        }
    }
    let react = samples
        .get(pages::REACT)
        .map(|samples| samples.percentile(50));
    println!(
        "  {:<44}{:>9}{:>11}{:>9}{:>10}",
        "navigation start to QR painted, cold", "bytes", "median ms", "p90 ms", "of React"
    );
    for (page, samples) in pages.all().iter().zip(&samples) {
        let median = samples.percentile(50);
        let ratio = react.map_or(0.0, |react| median.as_secs_f64() / react.as_secs_f64());
        println!(
            "  {:<44}{:>9}{:>11}{:>9}{ratio:>10.2}",
            page.name,
            page.bytes,
            milliseconds(median),
            milliseconds(samples.percentile(90)),
        );
    }
    Ok(())
}

async fn navigate(browser: &Browser, address: &str, slow: bool) -> Result<Duration> {
    let page = browser.open("about:blank").await;
    let tools = page.driver().cdp();
    tools
        .send_raw(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({"source": WITNESS}),
        )
        .await?;
    if slow {
        tools.send_raw("Network.enable", json!({})).await?;
        let bytes_per_second = 1_600_000 / 8;
        tools
            .send_raw(
                "Network.emulateNetworkConditions",
                json!({"offline": false, "latency": 150, "downloadThroughput": bytes_per_second, "uploadThroughput": bytes_per_second}),
            )
            .await?;
        tools
            .send_raw("Emulation.setCPUThrottlingRate", json!({"rate": 4}))
            .await?;
    }
    page.driver().goto(address).await?;
    let painted = page.run_async(WAIT).await;
    page.close().await;
    let milliseconds = painted
        .as_f64()
        .ok_or_else(|| anyhow!("{address} never showed a QR code: {painted}"))?;
    Ok(Duration::from_secs_f64(milliseconds / 1000.0))
}
