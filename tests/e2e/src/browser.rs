//! A real browser, headless, one process tree per test; each page in a profile of its own.

use std::env;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::prelude::*;
use tokio::process::Command;

use crate::{Canaries, Leak, Process};

/// The switches that a test machine needs: no sandbox for root, nothing that calls home.
const SWITCHES: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--lang=en",
];

/// Runs before every script of a page: remembers what the page would otherwise only print.
const WITNESS: &str = "
window.witnessed = [];
document.addEventListener('securitypolicyviolation', event =>
  window.witnessed.push(`policy violated: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
window.addEventListener('error', event => window.witnessed.push(`uncaught: ${event.message}`));
window.addEventListener('unhandledrejection', event => window.witnessed.push(`unhandled: ${event.reason}`));
";

/// All of a page that somebody with the page open could read out: light and shadow DOM, addresses, storage.
const EVERYTHING: &str = "
const places = {};
const roots = [...document.querySelectorAll('*')].map(element => element.shadowRoot).filter(Boolean);
places['the DOM'] = document.documentElement.getHTML({shadowRoots: roots});
places['the address'] = location.href + ' ' + document.referrer + ' ' + JSON.stringify(history.state);
places['addresses of requests'] = performance.getEntries().map(entry => entry.name).join('\\n');
places['localStorage'] = JSON.stringify({...localStorage});
places['sessionStorage'] = JSON.stringify({...sessionStorage});
places['cookies'] = document.cookie;
places['the window'] = document.title + ' ' + window.name;
return places;
";

/// A WebDriver server and the browsers that it started.
pub struct Browser {
    server: Process,
}

/// How a page is visited.
pub struct Visit {
    /// The size of the window in CSS pixels.
    pub size: (u32, u32),
    /// How far the visitor's clock is ahead of everybody else's.
    pub clock_ahead_hours: i32,
    /// Whether the visitor points with a finger.
    pub touch: bool,
}

impl Default for Visit {
    fn default() -> Self {
        Self {
            size: (1280, 1000),
            clock_ahead_hours: 0,
            touch: false,
        }
    }
}

/// A page in a browser of its own.
pub struct Page {
    /// None once it is closed.
    driver: Option<WebDriver>,
    _profile: TempDir,
}

impl Drop for Page {
    /// Ends the browser of a test that failed: a WebDriver server that is killed would leave it behind.
    fn drop(&mut self) {
        let Some(driver) = self.driver.take() else {
            return;
        };
        let process = driver.capabilities().get("goog:processID").cloned();
        // Otherwise the client waits, in vain, for an answer that nobody is left to read.
        driver.leak().ok();
        let process = process
            .and_then(|id| i32::try_from(id.as_i64()?).ok())
            .and_then(Pid::from_raw);
        if let Some(process) = process {
            kill_process(process, Signal::KILL).ok();
        }
    }
}

impl Browser {
    /// Starts the WebDriver server: `CHROMEDRIVER`, or `/usr/bin/chromedriver`.
    pub async fn start() -> Self {
        let program = env::var_os("CHROMEDRIVER").unwrap_or_else(|| "/usr/bin/chromedriver".into());
        let mut said = String::new();
        // It takes a port that is free in IPv6 and wants the same one in IPv4, where somebody may have it.
        for _attempt in 0..5 {
            let mut command = Command::new(&program);
            command.arg("--port=0");
            let started = Process::start("chromedriver", command, |line| {
                // "ChromeDriver was started successfully on port 43121."
                let port = line.split("started successfully on port ").nth(1)?;
                Some(format!("http://127.0.0.1:{}", port.trim_end_matches('.')))
            })
            .await;
            match started {
                Ok(server) => return Self { server },
                Err(log) => said = log.text(),
            }
        }
        panic!("chromedriver does not start:\n{said}");
    }

    /// Opens a page as somebody at a desk does.
    pub async fn open(&self, address: &str) -> Page {
        self.visit(address, Visit::default()).await
    }

    /// Opens a page.
    pub async fn visit(&self, address: &str, visit: Visit) -> Page {
        let profile = tempfile::tempdir().unwrap();
        let driver = WebDriver::new(self.server.address(), capabilities(&profile))
            .await
            .unwrap();
        let page = Page {
            driver: Some(driver),
            _profile: profile,
        };
        let (width, height) = visit.size;
        page.tell(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}),
        )
        .await;
        if visit.touch {
            let enabled = json!({"enabled": true});
            page.tell("Emulation.setTouchEmulationEnabled", enabled)
                .await;
            // The machine has a mouse, and its browser would prefer that.
            page.tell(
                "Emulation.setEmulatedMedia",
                json!({"features": [{"name": "pointer", "value": "coarse"}]}),
            )
            .await;
        }
        page.before_every_page(WITNESS).await;
        if visit.clock_ahead_hours != 0 {
            page.before_every_page(&wrong_clock(visit.clock_ahead_hours))
                .await;
        }
        page.driver().goto(address).await.unwrap();
        page
    }
}

fn capabilities(profile: &TempDir) -> Capabilities {
    let chromium = env::var("CHROMIUM").unwrap_or_else(|_unset| "/usr/bin/chromium".to_owned());
    let mut arguments: Vec<String> = SWITCHES.map(str::to_owned).to_vec();
    arguments.push(format!("--user-data-dir={}", profile.path().display()));
    let mut capabilities = Capabilities::new();
    capabilities.set("browserName", "chrome").unwrap();
    capabilities
        .set(
            "goog:chromeOptions",
            json!({"binary": chromium, "args": arguments}),
        )
        .unwrap();
    capabilities
}

/// A `Date` that is wrong by so many hours, everywhere in the page.
fn wrong_clock(hours: i32) -> String {
    format!(
        "{{
          const Right = Date;
          const ahead = {hours} * 3600000;
          globalThis.Date = class Date extends Right {{
            constructor(...given) {{ given.length ? super(...given) : super(Right.now() + ahead); }}
            static now() {{ return Right.now() + ahead; }}
          }};
        }}"
    )
}

impl Page {
    /// The WebDriver session behind it.
    pub fn driver(&self) -> &WebDriver {
        self.driver.as_ref().expect("the page is open")
    }

    /// Runs a script in the page and returns what it returns.
    pub async fn run(&self, script: &str) -> Value {
        let returned = self.driver().execute(script, Vec::new()).await.unwrap();
        returned.json().clone()
    }

    /// Runs the body of an async function in the page and returns what it resolves to.
    pub async fn run_async(&self, script: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1]; (async () => {{ {script} }})().then(done, error => done(`thrown: ${{error}}`));"
        );
        let returned = self
            .driver()
            .execute_async(script, Vec::new())
            .await
            .unwrap();
        returned.json().clone()
    }

    /// Clicks the first element that the selector finds.
    pub async fn click(&self, selector: &str) {
        let element = self.driver().find(By::Css(selector)).await.unwrap();
        element.click().await.unwrap();
    }

    /// Types into the first field that the selector finds.
    pub async fn fill(&self, selector: &str, text: &str) {
        let field = self.driver().find(By::Css(selector)).await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// The words in the first element that the selector finds; none if there is no such element now.
    pub async fn text(&self, selector: &str) -> String {
        let script = format!("return document.querySelector('{selector}')?.innerText ?? ''");
        let words = self.run(&script).await;
        words.as_str().unwrap_or_default().to_owned()
    }

    /// Presses a key in whatever has the focus.
    pub async fn press_key(&self, key: Key) {
        let keys = self.driver().action_chain().send_keys(key);
        keys.perform().await.unwrap();
    }

    /// Cuts the page's network, or plugs it in again.
    pub async fn set_offline(&self, offline: bool) {
        self.tell("Network.enable", json!({})).await;
        self.tell(
            "Network.emulateNetworkConditions",
            json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}),
        )
        .await;
    }

    /// Lets pages of this origin use the clipboard, as somebody who clicks "allow" does.
    pub async fn allow_clipboard(&self, origin: &str) {
        self.tell(
            "Browser.grantPermissions",
            json!({"origin": origin, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}),
        )
        .await;
    }

    /// What the window shows, as PNG.
    pub async fn screenshot(&self) -> Vec<u8> {
        self.driver().screenshot_as_png().await.unwrap()
    }

    /// Closes the window as a crash of the browser would: nothing that was begun is finished.
    pub fn vanish(self) {
        drop(self);
    }

    /// Violations of the page's security policy and uncaught errors, since it was loaded.
    pub async fn misbehaviour(&self) -> Vec<String> {
        let witnessed = self.run("return window.witnessed").await;
        let list = witnessed.as_array().expect("the witness was there first");
        list.iter().map(ToString::to_string).collect()
    }

    /// Looks for secrets everywhere in the page.
    pub async fn leaks(&self, canaries: &Canaries) -> Vec<Leak> {
        let places = self.run(EVERYTHING).await;
        let mut leaks = Vec::new();
        for (place, text) in places.as_object().expect("a list of places") {
            let text = text.as_str().unwrap_or_default();
            leaks.extend(canaries.find_in_page(place, text));
        }
        let source = self.driver().source().await.unwrap();
        leaks.extend(canaries.find_in_page("the page source", &source));
        leaks
    }

    /// Closes the window, in which nothing may have gone wrong.
    pub async fn close(mut self) {
        assert_eq!(self.misbehaviour().await, [""; 0]);
        if let Some(driver) = self.driver.take() {
            driver.quit().await.unwrap();
        }
    }

    async fn before_every_page(&self, script: &str) {
        self.tell(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({"source": script}),
        )
        .await;
    }

    async fn tell(&self, command: &str, parameters: Value) {
        self.driver()
            .cdp()
            .send_raw(command, parameters)
            .await
            .unwrap();
    }
}
