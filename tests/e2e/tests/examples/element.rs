//! What a custom element owes to whoever uses it without knowing how it is made: the checks that frameworks rely on.

use pairlink_e2e::Page;
use serde_json::{Value, json};

use crate::site::{Markup, Site};

/// What every script below has at hand.
const TOOLS: &str = "
const fetchToken = async () => {
  window.asked = (window.asked ?? 0) + 1;
  return (await fetch('/api/pairlink-token', {method: 'POST'})).json();
};
const main = document.querySelector('main');
const make = () => {
  const element = document.createElement('pair-link');
  element.setAttribute('base', 'PROXY');
  element.fetchToken = fetchToken;
  return element;
};
const heard = (element, name) =>
  new Promise(done => element.addEventListener(`pairlink:${name}`, done, {once: true}));
const card = element => element.shadowRoot.querySelector('[part~=card]');
const turn = () => new Promise(done => setTimeout(done));
const define = () => import('/node_modules/pairlink/define.js');
const library = () => import('/node_modules/pairlink/index.js');
";

struct Blank {
    site: Site,
    page: Page,
}

impl Blank {
    async fn open() -> Self {
        let site = Site::open("html", Markup::None).await;
        let page = site.blank().await;
        Self { site, page }
    }

    async fn run(&self, script: &str) -> Value {
        let script = [TOOLS, script].concat();
        let script = script.replace("PROXY", self.site.system.proxy());
        self.page.run_async(&script).await
    }

    async fn close(self) {
        self.page.close().await;
    }
}

#[tokio::test]
async fn what_was_there_before_the_definition_is_taken_over() {
    let blank = Blank::open().await;
    let outcome = blank
        .run(
            "const element = make();
             main.append(element);
             const ready = heard(element, 'ready');
             const before = element.shadowRoot;
             await define();
             await ready;
             return [before, Object.hasOwn(element, 'fetchToken'), element.fetchToken === fetchToken,
               card(element) !== null, window.asked]",
        )
        .await;
    assert_eq!(outcome, json!([null, false, true, true, 1]));
    blank.close().await;
}

#[tokio::test]
async fn it_can_be_made_in_every_way() {
    let blank = Blank::open().await;
    let outcome = blank
        .run(
            "await define();
             const { PairLinkElement } = await library();
             const made = make();
             const constructed = new PairLinkElement();
             const template = document.createElement('template');
             const inert = template.content.ownerDocument.createElement('pair-link');
             template.content.append(inert);
             const imported = document.importNode(inert, true);
             const bare = [made, constructed, imported].map(element => element.childNodes.length);
             const names = constructed.getAttributeNames();
             for (const element of [constructed, imported]) {
               element.setAttribute('base', made.getAttribute('base'));
               element.setAttribute('token-endpoint', '/api/pairlink-token');
             }
             const ready = [made, constructed, imported].map(element => heard(element, 'ready'));
             main.append(made, constructed, imported);
             await Promise.all(ready);
             return [bare, names, [made, constructed, imported].every(element => element instanceof PairLinkElement)]",
        )
        .await;
    assert_eq!(outcome, json!([[0, 0, 0], [], true]));
    blank.close().await;
}

#[tokio::test]
async fn importing_the_package_defines_nothing() {
    let blank = Blank::open().await;
    let outcome = blank
        .run(
            "const { define: register, load } = await library();
             const before = customElements.get('pair-link') === undefined;
             register();
             register();
             await load();
             return [before, customElements.get('pair-link') !== undefined]",
        )
        .await;
    assert_eq!(outcome, json!([true, true]));
    blank.close().await;
}

#[tokio::test]
async fn attributes_may_come_after_it_is_in_the_page() {
    let blank = Blank::open().await;
    let outcome = blank
        .run(
            "await define();
             const element = document.createElement('pair-link');
             const errors = [];
             element.addEventListener('pairlink:error', event => errors.push(event.detail.code));
             const ready = heard(element, 'ready');
             main.append(element);
             element.setAttribute('base', 'PROXY');
             element.setAttribute('token-endpoint', '/api/pairlink-token');
             await ready;
             const first = card(element);
             element.setAttribute('theme', 'dark');
             await turn();
             const dark = getComputedStyle(card(element)).colorScheme;
             element.setAttribute('theme', 'light');
             await turn();
             const light = getComputedStyle(card(element)).colorScheme;
             element.setAttribute('token', 'ple_secret');
             return [errors, dark, light, card(element) === first, element.hasAttribute('token')]",
        )
        .await;
    assert_eq!(outcome, json!([[], "dark", "light", true, false]));
    blank.close().await;
}

#[tokio::test]
async fn methods_change_their_order_in_place() {
    let blank = Blank::open().await;
    let outcome = blank
        .run(
            "await define();
             const element = make();
             element.setAttribute('methods', 'link, qr, code');
             const first = heard(element, 'ready');
             main.append(element);
             await first;
             const order = () => [...element.shadowRoot.querySelectorAll('[part~=method] input')].map(({value}) => value);
             const before = order();
             const again = heard(element, 'ready');
             element.setAttribute('methods', 'code, link, qr');
             await again;
             await turn();
             const checked = element.shadowRoot.querySelector('[part~=method] input:checked').value;
             return [before, order(), checked]",
        )
        .await;
    assert_eq!(
        outcome,
        json!([["link", "qr", "code"], ["code", "link", "qr"], "code"])
    );
    blank.close().await;
}

#[tokio::test]
async fn moved_it_goes_on_and_removed_it_ends_and_comes_again() {
    let blank = Blank::open().await;
    let outcome = blank
        .run(
            "await define();
             const element = make();
             const ready = heard(element, 'ready');
             main.append(element);
             await ready;
             const first = card(element);
             const other = document.createElement('section');
             main.append(other);
             other.append(element);
             await turn();
             const moved = [card(element) === first, window.asked];
             element.remove();
             await turn();
             const removed = [card(element), element.fetchToken === fetchToken];
             const again = heard(element, 'ready');
             main.prepend(element);
             await again;
             return [moved, removed, card(element) !== null, element.shadowRoot.querySelectorAll('[part~=card]').length]",
        )
        .await;
    assert_eq!(outcome, json!([[true, 1], [null, true], true, 1]));
    blank.close().await;
}

#[tokio::test]
async fn a_copy_has_attributes_and_a_life_of_its_own() {
    let blank = Blank::open().await;
    let outcome = blank
        .run(
            "await define();
             const element = make();
             element.setAttribute('theme', 'dark');
             const ready = heard(element, 'ready');
             main.append(element);
             await ready;
             const copy = element.cloneNode(true);
             const bare = [copy.getAttribute('theme'), copy.fetchToken ?? null, card(copy)];
             copy.fetchToken = fetchToken;
             const both = heard(copy, 'ready');
             main.append(copy);
             await both;
             element.remove();
             await turn();
             return [bare, card(copy) !== null, document.querySelectorAll('pair-link').length]",
        )
        .await;
    assert_eq!(outcome, json!([["dark", null, null], true, 1]));
    blank.close().await;
}

#[tokio::test]
async fn two_of_them_show_the_same_and_do_not_disturb_each_other() {
    let blank = Blank::open().await;
    let outcome = blank
        .run(
            "await define();
             const [one, two] = [make(), make()];
             const ready = [one, two].map(element => heard(element, 'ready'));
             main.append(one, two);
             await Promise.all(ready);
             const pass = heard(two, 'pass');
             const far = new Promise(done => document.addEventListener('pairlink:pass', done, {once: true}));
             one.issue();
             const event = await far;
             await pass;
             const codes = performance.getEntriesByType('resource').filter(({name}) => name.endsWith('.wasm'));
             return [event.bubbles, event.composed, event.target === one || event.target === two,
               Object.keys(event.detail).sort(), codes.length]",
        )
        .await;
    assert_eq!(
        outcome,
        json!([true, true, true, ["expires_at", "method"], 1])
    );
    blank.close().await;
}

#[tokio::test]
async fn a_page_that_sets_nonsense_is_told_so_and_stays_whole() {
    let blank = Blank::open().await;
    let outcome = blank
        .run(
            "await define();
             const codes = [];
             document.addEventListener('pairlink:error', event => codes.push(event.detail.code));
             const [number, nowhere] = [make(), make()];
             number.fetchToken = 5;
             nowhere.removeAttribute('base');
             const errors = [heard(number, 'error'), heard(nowhere, 'error')];
             main.append(number, nowhere);
             await Promise.all(errors);
             const ready = heard(number, 'ready');
             number.remove();
             number.fetchToken = fetchToken;
             main.append(number);
             await ready;
             return [codes, card(number) !== null]",
        )
        .await;
    assert_eq!(outcome, json!([["config_error", "config_error"], true]));
    blank.close().await;
}

/// What is rendered at once waits in one queue, from which the oldest comes first: only many fill more than one of its
/// nodes.
#[tokio::test]
async fn as_many_as_a_page_wants_come_and_go() {
    let blank = Blank::open().await;
    let outcome = blank
        .run(
            "await define();
             const many = (count) => Array.from({length: count}, make);
             const appended = async (elements) => {
               const ready = Promise.all(elements.map((element) => heard(element, 'ready')));
               main.append(...elements);
               await ready;
               return elements.every(card);
             };
             const failed = [];
             main.addEventListener('pairlink:error', (event) => failed.push(event.detail.code));
             const all = many(48);
             const shown = await appended(all);
             document.documentElement.lang = 'de';
             for (let at = 0; at < 24; at += 1) all[(at * 7) % 48].remove();
             await turn();
             document.documentElement.lang = 'en';
             return [shown, await appended(many(16)), main.children.length, failed]",
        )
        .await;
    assert_eq!(outcome, json!([true, true, 40, []]));
    blank.close().await;
}
