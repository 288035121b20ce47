//! One page, as a person in front of it has it: what it shows, and what can be done to it.

use serde_json::{Value, json};
use thirtyfour::prelude::*;

use super::door::{Door, Trouble};
use super::engine::{Engine, Session};
use crate::{Canaries, Leak, eventually};

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

const SHEET: &str = include_str!("../sheet.js");

/// A field to paste into.
const PASTE: &str = "
const field = document.createElement('input');
field.id = 'pasted';
document.body.append(field);
";
const PASTED: &str = "return document.querySelector('#pasted').value";

/// Something moves that nobody can see, until it is stilled.
const STIR: &str = "document.documentElement.animate({opacity: [0.999, 1]}, {duration: 1000, iterations: Infinity, id: 'stirred'})";
const STILL: &str = "for (const animation of document.getAnimations()) if (animation.id === 'stirred') animation.cancel()";

/// The page that a window begins with.
const EMPTY: &str = "about:blank";

/// Whether another page than that is there, with all that belongs to it.
const LOADED: &str = "return location.href !== 'about:blank' && document.readyState === 'complete'";

/// A page in a browser of its own.
pub struct Page {
    session: Session,
    /// None where a page runs no scripts.
    door: Option<Door>,
}

impl Page {
    pub(super) fn new(session: Session, door: Option<Door>) -> Self {
        Self { session, door }
    }

    /// The WebDriver session behind it.
    pub fn driver(&self) -> &WebDriver {
        self.session.driver()
    }

    /// Goes to an address, and is there when the page has loaded. WebKitGTK's driver may say so of the empty page before.
    pub(super) async fn go(&self, address: &str) {
        self.driver().goto(address).await.unwrap();
        if address == EMPTY {
            return;
        }
        eventually("a page that has loaded", async || {
            if self.run(LOADED).await == true {
                Ok(())
            } else {
                Err(format!("{:?}", self.driver().current_url().await))
            }
        })
        .await;
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
        let returned = self.driver().execute_async(script, Vec::new());
        returned.await.unwrap().json().clone()
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

    /// Makes the page so large, in CSS pixels.
    pub async fn resize(&self, (width, height): (u32, u32)) {
        match self.session.engine() {
            Engine::Chromium => {
                self.tell(
                    "Emulation.setDeviceMetricsOverride",
                    json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}),
                )
                .await;
            }
            Engine::Firefox | Engine::WebKit => {
                let bars = "return [outerWidth - innerWidth, outerHeight - innerHeight]";
                eventually("a page of that size", async || {
                    let bars: Vec<u32> = serde_json::from_value(self.run(bars).await).unwrap();
                    let (beside, above) = (*bars.first().unwrap(), *bars.get(1).unwrap());
                    let window =
                        self.driver()
                            .set_window_rect(0, 0, width + beside, height + above);
                    window.await.unwrap();
                    let size = self.run("return [innerWidth, innerHeight]").await;
                    if size == json!([width, height]) {
                        Ok(())
                    } else {
                        Err(size.to_string())
                    }
                })
                .await;
                if self.session.engine() == Engine::WebKit {
                    // Laid out anew is what is painted, and a page in which nothing changes is not.
                    self.screenshot().await;
                }
            }
        }
    }

    /// In Firefox that is decided when it starts; WebKitGTK knows no other pointer than the machine's.
    pub(super) async fn point_with_a_finger(&self) {
        if self.session.engine() == Engine::Chromium {
            let enabled = json!({"enabled": true});
            self.tell("Emulation.setTouchEmulationEnabled", enabled)
                .await;
            // The machine has a mouse, and its browser would prefer that.
            self.prefer(&[("pointer", "coarse")]).await;
        }
    }

    /// In Firefox that is decided when it starts.
    pub(super) async fn forbid_scripts(&self) {
        match self.session.engine() {
            Engine::Chromium => {
                let forbidden = json!({"value": true});
                self.tell("Emulation.setScriptExecutionDisabled", forbidden)
                    .await;
            }
            Engine::Firefox => {}
            Engine::WebKit => panic!("its driver cannot do anything without scripts"),
        }
    }

    /// Answers media queries in another way than the machine does. In Chromium alone: no other driver can.
    pub async fn prefer(&self, features: &[(&str, &str)]) {
        assert_eq!(self.session.engine(), Engine::Chromium);
        let features: Vec<Value> = features
            .iter()
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect();
        self.tell("Emulation.setEmulatedMedia", json!({"features": features}))
            .await;
    }

    /// Reads the page again in another language than the browser's, as servers are told it. In Chromium alone.
    pub async fn ask_for(&self, language: &str) {
        self.tell("Network.enable", json!({})).await;
        let wanted = json!({"headers": {"accept-language": language}});
        self.tell("Network.setExtraHTTPHeaders", wanted).await;
        self.driver().refresh().await.unwrap();
    }

    /// Cuts the page's network, or plugs it in again. Chromium says so to the page, as browsers do when the cable is
    /// pulled; in the others nothing is reached any more, as when it is pulled further away.
    pub async fn set_offline(&self, offline: bool) {
        match self.session.engine() {
            Engine::Chromium => {
                self.tell("Network.enable", json!({})).await;
                self.tell(
                    "Network.emulateNetworkConditions",
                    json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}),
                )
                .await;
            }
            Engine::Firefox | Engine::WebKit => self.lose_servers(offline),
        }
    }

    /// From now on this becomes of some of the page's requests.
    pub fn trouble(&self, trouble: Trouble) {
        let door = self.door.as_ref();
        door.expect("the page goes through a door").trouble(trouble);
    }

    /// Nothing is reached any more, or is again; the machine's own network is as it was.
    pub fn lose_servers(&self, lost: bool) {
        self.door
            .as_ref()
            .expect("the page goes through a door")
            .shut(lost);
    }

    /// What the clipboard holds, pasted by its keys into a field of its own.
    pub async fn paste(&self) -> String {
        self.run(PASTE).await;
        let field = self.driver().find(By::Id("pasted")).await.unwrap();
        field.send_keys(Key::Control + "v").await.unwrap();
        let pasted = eventually("something pasted", async || {
            match self.run(PASTED).await.as_str() {
                Some(text) if !text.is_empty() => Ok(text.to_owned()),
                Some(_) | None => Err("nothing".to_owned()),
            }
        });
        pasted.await
    }

    /// What the window shows, as PNG.
    pub async fn screenshot(&self) -> Vec<u8> {
        // WebKitGTK's driver takes what is painted next, and waits for ever in a page in which nothing changes.
        let waits = self.session.engine() == Engine::WebKit;
        if waits {
            self.run(STIR).await;
        }
        let picture = self.driver().screenshot_as_png().await.unwrap();
        if waits {
            self.run(STILL).await;
        }
        picture
    }

    /// What the element shows, as PNG, from edge to edge.
    pub async fn portrait(&self) -> Vec<u8> {
        let element = self.driver().find(By::Tag("pair-link")).await.unwrap();
        element.screenshot_as_png().await.unwrap()
    }

    /// Pictures, by name, side by side on one sheet, as WebP.
    pub async fn sheet(
        &self,
        pictures: &[(String, Vec<u8>)],
        columns: usize,
        scale: f64,
        dark: bool,
    ) -> Vec<u8> {
        let pictures: Vec<Value> = pictures
            .iter()
            .map(|(name, bytes)| json!({"name": name, "bytes": bytes}))
            .collect();
        let arguments = vec![json!(pictures), json!(columns), json!(scale), json!(dark)];
        let drawn = self.driver().execute_async(SHEET, arguments).await.unwrap();
        serde_json::from_value(drawn.json().clone()).unwrap()
    }

    /// Closes the window as a crash of the browser would: nothing that was begun is finished.
    pub fn vanish(self) {
        drop(self);
    }

    /// Violations of the page's security policy and uncaught errors, since it was loaded.
    pub async fn misbehaviour(&self) -> Vec<String> {
        if self.door.is_none() {
            return Vec::new();
        }
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
    pub async fn close(self) {
        assert_eq!(self.misbehaviour().await, [""; 0]);
        self.session.close().await;
    }

    async fn tell(&self, command: &str, parameters: Value) {
        let cdp = self.driver().cdp();
        cdp.send_raw(command, parameters).await.unwrap();
    }
}
