//! From the start of a navigation to the painted QR code: the element, and what else one could have in its place.

mod life;
mod pages;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, anyhow};
use clap::Args;
use pairlink_e2e::{Browser, eventually};
use serde_json::json;
use tokio::time::sleep;

use crate::samples::{Samples, milliseconds};
use pages::{Pages, RealSystem, Way};

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
  // Roots that the server declared are there without anybody's having attached them.
  const adopt = () => {
    for (const { shadowRoot } of document.querySelectorAll('pair-link')) {
      if (shadowRoot && !roots.includes(shadowRoot)) watch(shadowRoot);
    }
    look();
  };
  new MutationObserver(adopt).observe(document, { childList: true, subtree: true });
  addEventListener('DOMContentLoaded', adopt);
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
    /// The built Preact peer.
    #[arg(long)]
    preact_peer: PathBuf,
    /// Navigations per page, each with a fresh profile; the pages take turns.
    #[arg(long, default_value_t = 20)]
    runs: usize,
    /// Mounted and destroyed so often for the measurement of memory.
    #[arg(long, default_value_t = 1000)]
    rounds: usize,
    #[command(flatten)]
    system: RealSystem,
}

/// The network and the processor of a visitor.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Visitor {
    /// Whatever this machine is.
    Here,
    /// On a phone in the country: 1.6 Mbit/s, 150 ms, a processor four times slower.
    Remote,
}

impl Visitor {
    /// In this time a page is there, and painted.
    const fn patience(self) -> Duration {
        match self {
            Self::Here => Duration::from_millis(800),
            Self::Remote => Duration::from_secs(3),
        }
    }
}

/// Measures and prints.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let peers = [&*options.react_peer, &*options.preact_peer];
    let pages = Pages::serve(&options.widget, peers, &options.system).await?;
    let browser = Browser::chosen();
    for visitor in [Visitor::Here, Visitor::Remote] {
        navigations(options, &pages, &browser, visitor).await?;
    }
    life::revocations(&browser, &pages.element(), options.runs).await?;
    life::rounds(&browser, &pages.empty(), options.rounds).await
}

/// From navigation to the painted code, page by page in turns.
async fn navigations(
    options: &Options,
    pages: &Pages,
    browser: &Browser,
    visitor: Visitor,
) -> Result<()> {
    let mut samples = vec![Samples::default(); pages.all().len()];
    for run in 0..options.runs {
        for turn in 0..samples.len() {
            // Nobody always comes first.
            let number = (run + turn) % samples.len();
            if let (Some(page), Some(samples)) = (pages.all().get(number), samples.get_mut(number))
            {
                samples.add(navigate(browser, pages, page, visitor).await?);
            }
        }
    }
    let median_of = |number: usize| {
        let samples = samples.get(number);
        samples.map_or(f64::NAN, |samples| samples.percentile(50).as_secs_f64())
    };
    let title = match visitor {
        Visitor::Here => "navigation start to QR painted, cold",
        Visitor::Remote => "the same, 1.6 Mbit/s, 150 ms, 4x CPU",
    };
    println!(
        "  {title:<44}{:>9}{:>11}{:>9}{:>10}{:>11}",
        "bytes", "median ms", "p90 ms", "of React", "of Preact"
    );
    for (page, samples) in pages.all().iter().zip(&samples) {
        let median = samples.percentile(50);
        println!(
            "  {:<44}{:>9}{:>11}{:>9}{:>10.2}{:>11.2}",
            page.name,
            page.bytes,
            milliseconds(median),
            milliseconds(samples.percentile(90)),
            median.as_secs_f64() / median_of(pages::REACT),
            median.as_secs_f64() / median_of(pages::PREACT),
        );
    }
    Ok(())
}

async fn navigate(
    browser: &Browser,
    pages: &Pages,
    measured: &pages::Page,
    visitor: Visitor,
) -> Result<Duration> {
    let page = browser.open("about:blank").await;
    let tools = page.driver().cdp();
    tools
        .send_raw(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({"source": WITNESS}),
        )
        .await?;
    let address = match &measured.way {
        Way::Address(address) | Way::Pressed(address) => address.clone(),
        Way::Shared => pages.share().await?,
    };
    if visitor == Visitor::Remote {
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
    let start = match measured.way {
        Way::Address(_) => format!("location.assign({})", json!(address)),
        Way::Pressed(_) | Way::Shared => {
            page.driver().goto(&address).await?;
            // Nobody presses what was not painted yet.
            sleep(visitor.patience()).await;
            "document.querySelector('form[method=post] button').click()".to_owned()
        }
    };
    let here = page.run("return performance.timeOrigin").await;
    // A driver that waits for a page asks it how far it is, on the thread that is to paint. So it is answered first, and
    // nobody asks again until the page is there.
    page.run(&format!("setTimeout(() => {start}, 100)")).await;
    sleep(visitor.patience()).await;
    eventually("the next page", async || {
        match page.run("return performance.timeOrigin").await {
            there if there != here => Ok(()),
            there => Err(there.to_string()),
        }
    })
    .await;
    let painted = page.run_async(WAIT).await;
    page.close().await;
    let milliseconds = painted
        .as_f64()
        .ok_or_else(|| anyhow!("{address} never showed a QR code: {painted}"))?;
    Ok(Duration::from_secs_f64(milliseconds / 1000.0))
}
