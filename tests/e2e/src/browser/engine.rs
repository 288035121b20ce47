//! The three engines: how each is started, in a profile of its own, and ended without a trace.

use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::prelude::*;
use tokio::process::Command;
use tokio::sync::OnceCell;

use super::Visit;
use super::screen::Screen;
use crate::{Process, eventually};

/// An engine that pages are looked at with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium.
    Chromium,
    /// Firefox ESR.
    Firefox,
    /// WebKitGTK, in its own small browser.
    WebKit,
}

/// The switches that a test machine needs: no sandbox for root, nothing that calls home.
const CHROMIUM_SWITCHES: [&str; 11] = [
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

/// Firefox's own controls want a window that is wider than a phone.
const FIREFOX_STYLE: &str = ":root { min-width: 0 !important; min-height: 0 !important; }
#navigator-toolbox { min-width: 0 !important; overflow: hidden; }";

/// So do those of WebKitGTK's browser.
const GTK_STYLE: &str =
    "* { font-size: 1px; min-width: 0; min-height: 0; padding: 0; margin: 0; border-width: 0; }";

/// How often a driver is started whose port somebody else took first, and a browser that does not come up.
const ATTEMPTS: usize = 5;

/// A driver, and the browser in which one page is.
pub(super) struct Session {
    engine: Engine,
    /// None once it is closed.
    driver: Option<WebDriver>,
    server: Process,
    /// None where a browser needs none.
    _screen: Option<Screen>,
    _profile: TempDir,
}

impl Engine {
    /// `PAIRLINK_E2E_ENGINE`: `chromium`, if it is not set, `firefox` or `webkit`.
    pub fn chosen() -> Self {
        match env::var("PAIRLINK_E2E_ENGINE").as_deref() {
            Err(_) | Ok("chromium") => Self::Chromium,
            Ok("firefox") => Self::Firefox,
            Ok("webkit") => Self::WebKit,
            Ok(other) => panic!("PAIRLINK_E2E_ENGINE is {other:?}: no such engine"),
        }
    }

    /// Starts a browser of its own for one page.
    pub(super) async fn start(self, visit: &Visit) -> Session {
        let profile = tempfile::tempdir().unwrap();
        if self == Self::Firefox {
            bring_interface(profile.path()).await;
        }
        self.start_in(profile, visit).await
    }

    async fn start_in(self, profile: TempDir, visit: &Visit) -> Session {
        let (server, screen) = match self {
            Self::Chromium => (chromedriver().await, None),
            Self::Firefox => (geckodriver(profile.path()).await, None),
            Self::WebKit => {
                let screen = Screen::start().await;
                let server = webkit_driver(profile.path(), &screen).await;
                (server, Some(screen))
            }
        };
        let capabilities = match self {
            Self::Chromium => chromium(profile.path()),
            Self::Firefox => firefox(profile.path(), visit),
            Self::WebKit => webkit(),
        };
        let driver = open(&server, &capabilities).await;
        let driver = driver.unwrap_or_else(|error| panic!("{self:?} does not start: {error}"));
        Session {
            engine: self,
            driver: Some(driver),
            server,
            _screen: screen,
            _profile: profile,
        }
    }
}

impl Session {
    pub(super) fn driver(&self) -> &WebDriver {
        self.driver.as_ref().expect("the page is open")
    }

    pub(super) fn engine(&self) -> Engine {
        self.engine
    }

    /// Closes the window as a person does.
    pub(super) async fn close(mut self) {
        if let Some(driver) = self.driver.take() {
            driver.quit().await.unwrap();
        }
    }
}

impl Drop for Session {
    /// Ends the browser of a test that failed: a driver that is killed would leave it behind.
    fn drop(&mut self) {
        let Some(driver) = self.driver.take() else {
            return;
        };
        let named = |key: &str| {
            let process = driver.capabilities().get(key).and_then(Value::as_i64);
            process.and_then(|id| Pid::from_raw(i32::try_from(id).ok()?))
        };
        let browsers = match self.engine {
            Engine::Chromium => named("goog:processID").into_iter().collect(),
            Engine::Firefox => named("moz:processID").into_iter().collect(),
            // It tells nobody.
            Engine::WebKit => self.server.children(),
        };
        // Otherwise the client waits, in vain, for an answer that nobody is left to read.
        driver.leak().ok();
        for browser in browsers {
            kill_process(browser, Signal::KILL).ok();
        }
    }
}

/// Once in a few hundred times Chromium crashes before it has shown anything.
async fn open(server: &Process, capabilities: &Capabilities) -> WebDriverResult<WebDriver> {
    let mut attempt = 1;
    loop {
        let opened = WebDriver::new(server.address(), capabilities.clone()).await;
        if opened.is_ok() || attempt == ATTEMPTS {
            return opened;
        }
        attempt += 1;
    }
}

fn set(variable: &str, otherwise: &str) -> PathBuf {
    env::var_os(variable).map_or_else(|| otherwise.into(), PathBuf::from)
}

async fn chromedriver() -> Process {
    let mut said = String::new();
    // It takes a port that is free in IPv6 and wants the same one in IPv4, where somebody may have it.
    for _attempt in 0..ATTEMPTS {
        let mut command = Command::new(set("CHROMEDRIVER", "/usr/bin/chromedriver"));
        command.arg("--port=0");
        let started = Process::start("chromedriver", command, |line| {
            // "ChromeDriver was started successfully on port 43121."
            let port = line.split("started successfully on port ").nth(1)?;
            Some(format!("http://127.0.0.1:{}", port.trim_end_matches('.')))
        });
        match started.await {
            Ok(server) => return server,
            Err(log) => said = log.text(),
        }
    }
    panic!("chromedriver does not start:\n{said}");
}

/// Firefox's own windows are scripts, which it compiles when it first starts: half of its start. It is let do so once, and
/// what it keeps of that, which has nothing of a page or a person in it, is put into each profile.
async fn bring_interface(profile: &Path) {
    static COMPILED: OnceCell<Vec<(PathBuf, Vec<u8>)>> = OnceCell::const_new();
    let compiled = COMPILED.get_or_init(async || {
        let first = tempfile::tempdir().unwrap();
        let place = first.path().to_owned();
        let mut session = Engine::Firefox.start_in(first, &Visit::default()).await;
        // It is written down when it ends.
        if let Some(driver) = session.driver.take() {
            driver.quit().await.unwrap();
        }
        let mut files = vec![PathBuf::from("compatibility.ini")];
        for entry in fs::read_dir(place.join("startupCache")).unwrap() {
            files.push(Path::new("startupCache").join(entry.unwrap().file_name()));
        }
        let whole = files.into_iter().map(|file| {
            let bytes = fs::read(place.join(&file)).unwrap();
            (file, bytes)
        });
        whole.collect()
    });
    fs::create_dir(profile.join("startupCache")).unwrap();
    for (file, bytes) in compiled.await {
        fs::write(profile.join(file), bytes).unwrap();
    }
}

async fn geckodriver(profile: &Path) -> Process {
    fs::create_dir(profile.join("chrome")).unwrap();
    fs::write(profile.join("chrome/userChrome.css"), FIREFOX_STYLE).unwrap();
    let mut command = Command::new(set("GECKODRIVER", "geckodriver"));
    command.args(["--port", "0", "--websocket-port", "0"]);
    let started = Process::start("geckodriver", command, |line| {
        // "1795760879739	geckodriver	INFO	Listening on 127.0.0.1:42867"
        let address = line.split("Listening on ").nth(1)?;
        Some(format!("http://{}", address.trim()))
    });
    match started.await {
        Ok(server) => server,
        Err(log) => panic!("geckodriver does not start:\n{}", log.text()),
    }
}

/// It takes the port that it is given and says nothing.
async fn webkit_driver(profile: &Path, screen: &Screen) -> Process {
    fs::create_dir(profile.join("gtk-3.0")).unwrap();
    fs::write(profile.join("gtk-3.0/gtk.css"), GTK_STYLE).unwrap();
    for _attempt in 0..ATTEMPTS {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = free.unwrap();
        let mut command = Command::new(set("WEBKITDRIVER", "WebKitWebDriver"));
        command
            .arg("--host=127.0.0.1")
            .arg(format!("--port={}", address.port()))
            // Composed by a processor for graphics that is not there, screenshots are black.
            .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
            .env("DISPLAY", screen.name())
            .env("LANG", "C.UTF-8")
            .env("LANGUAGE", "en")
            // Not the settings of whoever runs the test.
            .env("XDG_CONFIG_HOME", profile)
            .env("XDG_CACHE_HOME", profile)
            .env("XDG_DATA_HOME", profile);
        let mut server =
            Process::start_silent("WebKitWebDriver", command, format!("http://{address}"));
        let answers = eventually("WebKitWebDriver to answer or to end", async || {
            if server.has_ended() {
                return Ok(false);
            }
            match tokio::net::TcpStream::connect(address).await {
                Ok(_connected) => Ok(true),
                Err(error) => Err(error.to_string()),
            }
        });
        if answers.await {
            return server;
        }
    }
    panic!("WebKitWebDriver finds no port");
}

fn chromium(profile: &Path) -> Capabilities {
    let mut arguments: Vec<String> = CHROMIUM_SWITCHES.map(str::to_owned).to_vec();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    capabilities(&[
        ("browserName", json!("chrome")),
        (
            "goog:chromeOptions",
            json!({"binary": set("CHROMIUM", "/usr/bin/chromium"), "args": arguments}),
        ),
    ])
}

fn firefox(profile: &Path, visit: &Visit) -> Capabilities {
    // 1 is coarse; 6 is fine, and can hover.
    let pointer = if visit.touch { 1 } else { 6 };
    capabilities(&[
        ("browserName", json!("firefox")),
        (
            "moz:firefoxOptions",
            json!({
                "args": ["-headless", "-profile", profile],
                "prefs": {
                    "intl.accept_languages": "en",
                    "javascript.enabled": visit.scripts,
                    "toolkit.legacyUserProfileCustomizations.stylesheets": true,
                    "ui.useOverlayScrollbars": 1,
                    "ui.primaryPointerCapabilities": pointer,
                    "ui.allPointerCapabilities": pointer,
                },
            }),
        ),
    ])
}

/// Without a name, which this driver takes for somebody else's.
fn webkit() -> Capabilities {
    let folder = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
    capabilities(&[(
        "webkitgtk:browserOptions",
        json!({"binary": set("MINIBROWSER", folder), "args": ["--automation"]}),
    )])
}

fn capabilities(entries: &[(&str, Value)]) -> Capabilities {
    let mut capabilities = Capabilities::new();
    for (key, value) in entries {
        capabilities.set(*key, value.clone()).unwrap();
    }
    capabilities
}
