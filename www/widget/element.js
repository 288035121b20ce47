// The loader: defines <pair-link> before the WebAssembly is here, fetches everything in parallel, and keeps the host's
// page unharmed whatever fails. What the widget shows is made in Rust; this file shows words only when that cannot.

import { askForPage, begin } from "./early.js";
import { button, openPage, sentence } from "./fallback.js";
import { HOME, forget, isOurs, isReady, isStuck, load, loaded, paintFirst, style } from "./files.js";
import { card, watchOver } from "./paint.js";
import { DIRECTION, ENGLISH, FAILED, LANGUAGE, OPEN, RETRY, SETUP, choose, words } from "./words.js";

/** For packages that fetch ahead. */
export { load };

// Longer than this nobody is left without words.
const PATIENCE_MS = 3_000;
// So long the first picture has the network to itself; nobody notices that the rest comes later by that.
const AHEAD_MS = 100;
const ATTRIBUTES = {
  "token-endpoint": "tokenEndpoint",
  base: "base",
  methods: "methods",
  "phone-number": "phoneNumber",
  locale: "locale",
  theme: "theme",
};
// Whoever writes a secret into HTML has shown it to everybody: these are refused, not read.
const SECRETS = ["token", "embed-token", "access-token", "api-key"];

const elements = new Set();

const crashed = (instance, error) => {
  forget(instance);
  console.error("pair-link: stopped unexpectedly", error);
  for (const element of elements) element.abandon(instance);
};

// A trap or an exhausted stack surfaces where the browser called the code: in an event, a timer, a promise. It is the
// widget's own if the innermost place is; what a host's listener throws has the widget further out. WebKit says no place,
// or nothing at all: then the code itself can tell, once the browser has left it.
const FATAL = ["RuntimeError", "RangeError", "InternalError"];
const watch = (event) => {
  const error = event.error ?? event.reason;
  const place = /\w+:\/\/\S+/.exec(error?.stack)?.[0];
  if (!loaded()) return;
  if (!place) return setTimeout(() => isStuck() && crashed(loaded(), error ?? event.message));
  if (!FATAL.includes(error.name) || !isOurs(place)) return;
  event.preventDefault();
  crashed(loaded(), error);
};
addEventListener("error", watch);
addEventListener("unhandledrejection", watch);

// The page changed its language, or a part of it did.
new MutationObserver(() => {
  for (const element of elements) element.attributeChangedCallback("lang");
}).observe(document, { attributeFilter: ["lang"], subtree: true });

export class PairLinkElement extends HTMLElement {
  static observedAttributes = [...Object.keys(ATTRIBUTES), ...SECRETS];

  #fetchToken;
  #handle;
  #instance;
  #words = ENGLISH;
  #scheduled = false;
  #generation = 0;
  // What was begun while the code of the widget is on its way, and what ends with it.
  #early;
  #patience;
  #painted;
  // Whether the host's server sent a picture of its own, which stays until there is a better one.
  #declared;
  // Puts the widget in the place of what stands there, once.
  #reveal;

  constructor() {
    super();
    this.#declared = this.shadowRoot?.hasChildNodes();
    if (!this.shadowRoot) this.attachShadow({ mode: "open", delegatesFocus: true });
  }

  connectedCallback() {
    // Set before the element was defined: move it to where the class sees it.
    if (Object.hasOwn(this, "fetchToken")) {
      const value = this.fetchToken;
      delete this.fetchToken;
      this.fetchToken = value;
    }
    // This and what the host and the proxy are asked are all that the first picture needs: the rest is fetched after it.
    style().then((sheet) => {
      if (sheet) this.shadowRoot.adoptedStyleSheets = [sheet];
    });
    this.#schedule();
  }

  disconnectedCallback() {
    this.#schedule();
  }

  attributeChangedCallback(name, _old, value) {
    if (SECRETS.includes(name)) {
      if (value !== null) {
        this.removeAttribute(name);
        console.error(
          `pair-link: the attribute "${name}" is refused, because everybody can read it. Use token-endpoint, or the property fetchToken.`,
        );
      }
      return;
    }
    this.#schedule();
  }

  /** An async function that returns an embed token; called again before the token ends. */
  get fetchToken() {
    return this.#fetchToken;
  }

  set fetchToken(value) {
    if (value === this.#fetchToken) return;
    this.#fetchToken = value;
    this.#schedule();
  }

  /** Asks for a new pass. */
  issue() {
    this.#call((handle) => handle.issue());
  }

  /** Revokes every live pass; the code is covered at once. */
  revoke() {
    this.#call((handle) => handle.revoke());
  }

  /** Ends everything; adding the element to a page again begins anew. */
  destroy() {
    this.#stop();
    this.#declared = false;
    this.shadowRoot.replaceChildren();
  }

  /** The instance broke. Not for hosts. */
  abandon(instance) {
    if (this.#instance === instance) this.#fail("crashed");
  }

  // Many changes in a row, and a move within the page, come to one step.
  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (!this.isConnected) this.destroy();
      else if (this.#handle) this.#update();
      else this.#mount();
    });
  }

  #options() {
    const options = { base: HOME, fetchToken: this.#fetchToken };
    for (const [attribute, option] of Object.entries(ATTRIBUTES)) {
      const value = this.getAttribute(attribute);
      if (value !== null) options[option] = value;
    }
    options.words = this.#words;
    options.locale = this.#language()[1];
    options.onEvent = (name, detail) => {
      if (this.#reveal) document.hidden ? this.#reveal() : requestAnimationFrame(() => this.#reveal?.());
      this.#announce(name, detail);
    };
    return options;
  }

  // What the host says, else what the page is written in, else what the visitor prefers.
  #language() {
    const said = this.getAttribute("locale") || (this.closest("[lang]") ?? document.documentElement).lang;
    return choose(said ? [said] : navigator.languages);
  }

  // The widget goes on in the former language until the other one is there.
  async #update() {
    const [language] = this.#language();
    const text = await words(language).catch(() => this.#words);
    if (!this.#handle || language !== this.#language()[0]) return;
    this.#words = text;
    this.#call((handle) => handle.update(this.#options()));
  }

  async #mount() {
    if (!this.#fetchToken && !this.hasAttribute("token-endpoint")) {
      this.#refuse("one of token-endpoint and fetchToken is needed");
      return;
    }
    const options = this.#options();
    // A widget that is here asks by itself, and shares its token with others of the same connection.
    const early = isReady() ? undefined : begin(options);
    // After that: what is under way already is joined, not begun anew.
    this.#stop();
    this.#early = early;
    // What says that it did not work stays until there is something better.
    if (!this.#declared && !this.#isFallback()) this.shadowRoot.replaceChildren();
    const generation = this.#generation;
    const current = () => generation === this.#generation && this.isConnected;
    if (early && !this.#declared) paintFirst(this.#paintEarly(early, options, current));
    this.#patience = setTimeout(() => this.#say(FAILED, true), PATIENCE_MS);
    let saying;
    try {
      await Promise.race([early?.answer, new Promise((late) => setTimeout(late, AHEAD_MS))]);
      if (!current()) return;
      const loading = load();
      saying = this.#learn();
      const [glue] = await Promise.all([loading, saying, style()]);
      if (!current()) return;
      clearTimeout(this.#patience);
      this.#instance = loading;
      elements.add(this);
      this.#attempt(() => this.#begin(glue, early));
    } catch {
      // In the language of the page, unless that takes too long.
      await saying?.catch(() => {});
      if (!current()) return;
      console.error(
        "pair-link: could not be loaded. Check the network, and that the page's Content-Security-Policy allows 'wasm-unsafe-eval', this script's origin in script-src and the proxy in connect-src.",
      );
      this.#fail("not_loaded");
    }
  }

  // A picture stays until the widget has something to show: one frame has the one, the next the other.
  #begin(glue, early) {
    const stage = document.createElement("div");
    const generation = this.#generation;
    this.#reveal = () => {
      if (generation === this.#generation) this.#show(stage);
    };
    const isFresh = early?.isFresh();
    if (!this.#declared && !(this.#painted && isFresh)) this.#reveal();
    const options = this.#options();
    if (isFresh) options.early = early.answer;
    this.#handle = glue.mount(stage, options);
  }

  // Ends once the picture was painted, or there is none.
  async #paintEarly(early, options, current) {
    const [answer] = await Promise.all([early.answer, style()]);
    if (!current() || this.#handle || answer?.status !== 200 || this.#isFallback()) return;
    try {
      const painted = card(answer, options);
      if (!painted) return;
      this.#show(painted);
    } catch {
      return;
    }
    this.#painted = new AbortController();
    watchOver(answer, early, () => this.#cover(), this.#painted.signal);
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  }

  #cover() {
    if (this.#reveal) this.#reveal();
    else this.#show();
  }

  #isFallback() {
    return this.shadowRoot.firstElementChild?.className === "fallback";
  }

  // All that is to be seen, in one step.
  #show(...nodes) {
    this.#painted?.abort();
    this.#painted = undefined;
    this.#declared = false;
    this.#reveal = undefined;
    this.shadowRoot.replaceChildren(...nodes);
  }

  // Whatever is under way ends; what is to be seen stays.
  #stop() {
    this.#generation += 1;
    clearTimeout(this.#patience);
    this.#early?.leave();
    this.#painted?.abort();
    elements.delete(this);
    const handle = this.#handle;
    this.#early = this.#painted = this.#reveal = this.#handle = undefined;
    try {
      handle?.destroy();
    } catch {
      // A broken instance cannot be ended; it has nothing on the page any more.
    }
  }

  // The widget refuses options with plain errors; anything else is its end.
  #attempt(call) {
    try {
      call();
    } catch (error) {
      if (error.name !== "Error") return crashed(this.#instance, error);
      this.destroy();
      this.#refuse(error.message);
    }
  }

  #call(use) {
    if (this.#handle) this.#attempt(() => use(this.#handle));
  }

  // The message names an option, never a value.
  async #refuse(message) {
    console.error(`pair-link: ${message}`);
    this.#announce("error", { code: "config_error", request_id: null });
    this.#stop();
    const generation = this.#generation;
    const say = () => generation === this.#generation && this.#say(SETUP, false);
    this.#patience = setTimeout(say, PATIENCE_MS);
    await this.#learn().catch(() => {});
    say();
  }

  // What it says is in the language of the page from then on.
  async #learn() {
    this.#words = await words(this.#language()[0]);
  }

  #fail(code) {
    const early = this.#early;
    this.#early = undefined;
    this.#stop();
    this.#early = early;
    this.#say(FAILED, true);
    this.#announce("error", { code, request_id: null });
  }

  #say(number, mayRetry) {
    // What the host's server made works without any script.
    clearTimeout(this.#patience);
    if (this.#declared) return;
    const stage = sentence(this.#words[number]);
    stage.dir = this.#words[DIRECTION];
    stage.lang = this.#words[LANGUAGE];
    stage.dataset.theme = this.getAttribute("theme") ?? "auto";
    this.#show(stage);
    if (!mayRetry) return;
    const retry = () => {
      this.#show();
      this.#mount();
    };
    stage.append(button(this.#words[RETRY], retry));
    this.#early?.answer.then((answer) => {
      if (!answer?.body?.connection?.actions?.includes("issue")) return;
      stage.append(button(this.#words[OPEN], (pressed) => openPage(pressed, () => askForPage(this.#options()))));
    });
  }

  #announce(name, detail) {
    this.dispatchEvent(new CustomEvent(`pairlink:${name}`, { bubbles: true, composed: true, detail }));
  }
}
