// <pair-link-frame>: the widget in a frame of the proxy's own, out of reach for the page around it, and the page for it.
// It has the attributes, methods, properties and events of <pair-link>. An embed token comes from the page and goes down
// a port to the frame, and nowhere else.

import { button, sentence } from "./widget/fallback.js";
import { DIRECTION, ENGLISH, FAILED, LANGUAGE, REGION, RETRY, SETUP, choose, firstWords } from "./widget/words.js";

const HOME = new URL(".", import.meta.url).href;

const VERSION = 1;
/** The frame has answered within this, or something keeps it from doing so. */
const PATIENCE_MS = 5_000;
const TOKEN_LIMIT_MS = 10_000;
/** A token that the frame has not asked for until then is asked for anew. */
const FRESH_MS = 30_000;
/** Taller than anything that the widget shows, on the narrowest screen. */
const TALLEST = 4_000;
const LONGEST_DETAIL = 200;
/** What is longer would make the frame drop all options. */
const LONGEST_OPTION = 500;
const TOKEN = /^[\x21-\x7e]{1,512}$/;

const OPTIONS = { theme: "theme", methods: "methods", phoneNumber: "phone-number" };
/** Looks that the page sets as `--pairlink-…`. A frame would cut a shadow off, so it has none. */
const LOOKS = "accent on-accent surface sunken line ink quiet danger warn warn-surface radius font".split(" ");
const SOURCES = ["token-endpoint", "base"];
// Whoever writes a secret into HTML has shown it to everybody: these are refused, not read.
const SECRETS = ["token", "embed-token", "access-token", "api-key"];
const EVENTS = {
  ready: [],
  state: ["state"],
  pass: ["method", "expires_at"],
  connected: [],
  expired: [],
  revoked: [],
  error: ["code", "request_id"],
};
// The widget runs scripts, calls its own origin and opens links in new windows. It sends no forms, but browsers tell a
// script of a form that is filled in only where forms are allowed.
const SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox";

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { display: block; }
  :host([hidden]) { display: none; }
  iframe { display: block; inline-size: 100%; border: 0; color-scheme: light dark; }
  :host([theme="light"]) iframe { color-scheme: light; }
  :host([theme="dark"]) iframe { color-scheme: dark; }
  [role="alert"] { padding: 1.25rem; border: 1px solid var(--pairlink-line); border-radius: var(--pairlink-radius, 16px); text-align: center; }
  p { margin: 0; }
  button { margin-block-start: 0.75rem; padding: 0.5rem 1rem; font: inherit; }
`);

/** The proxy's address: `https`, or `http` on this machine; a host, and perhaps a path; nothing else. */
const readBase = (address) => {
  try {
    const { protocol, hostname, username, search, hash, href } = new URL(address);
    const isLocal = /(^|\.)localhost$|^127\.0\.0\.1$|^\[::1\]$/.test(hostname);
    const isSafe = protocol === "https:" || (protocol === "http:" && isLocal);
    if (isSafe && !username && !search && !hash) return new URL(href.replace(/\/*$/, "/"));
  } catch {
    // No address at all.
  }
  return undefined;
};

/** A token, or an answer that holds one, as the frame takes it. */
const readToken = (given) => {
  const { token, expires_at } = typeof given === "string" ? { token: given } : (given ?? {});
  if (typeof token !== "string" || !TOKEN.test(token)) throw new Error("no token");
  return typeof expires_at === "string" ? { token, expires_at } : { token };
};

/** An event of the frame with what belongs to it; nothing if it is none. */
const readEvent = ({ name, detail }) => {
  if (!Object.hasOwn(EVENTS, name)) return undefined;
  const fields = EVENTS[name].map((field) => [field, detail?.[field] ?? null]);
  const isPlain = ([, value]) => value === null || (typeof value === "string" && value.length <= LONGEST_DETAIL);
  return fields.every(isPlain) ? Object.fromEntries(fields) : undefined;
};

/** One try: a token, a frame, a port. Ends as a whole. */
class Attempt {
  #host;
  #frame;
  #port;
  #patience;
  #first;
  #ended = new AbortController();

  /** `host` is what this tells and asks: `askForToken`, `options`, `name`, `show`, `announce`, `fail`. */
  constructor(host) {
    this.#host = host;
  }

  async start(base, place) {
    const since = performance.now();
    try {
      this.#first = { token: await this.#token(), since };
    } catch {
      if (!this.#isOver) this.#host.fail("no_token");
      return;
    }
    if (this.#isOver) return;
    const frame = document.createElement("iframe");
    frame.height = "0";
    frame.allow = "clipboard-write";
    frame.referrerPolicy = "no-referrer";
    frame.setAttribute("sandbox", SANDBOX);
    frame.src = new URL(`embed?origin=${encodeURIComponent(location.origin)}`, base).href;
    // Also when it is loaded again, or moved within the page: it then knows nothing of before.
    frame.addEventListener("load", () => this.#greet(base.origin));
    this.#frame = frame;
    this.name();
    this.#wait();
    place.append(frame);
  }

  /** Says what screen readers call the frame. */
  name() {
    if (this.#frame) this.#frame.title = this.#host.name();
  }

  send(type, content) {
    this.#port?.postMessage({ pairlink: VERSION, type, ...content });
  }

  end() {
    this.#ended.abort();
    clearTimeout(this.#patience);
    this.#port?.close();
    this.#frame?.remove();
  }

  get #isOver() {
    return this.#ended.signal.aborted;
  }

  #wait() {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => {
      console.error(
        "pair-link-frame: the frame does not answer. Check the network, that the page's Content-Security-Policy has the proxy in frame-src, and that the embed token names this page's origin.",
      );
      this.#host.fail("not_loaded");
    }, PATIENCE_MS);
  }

  #greet(origin) {
    if (this.#isOver) return;
    this.#wait();
    this.#port?.close();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      if (port1 === this.#port && data?.pairlink === VERSION) this.#hear(data);
    };
    this.#port = port1;
    const hello = { pairlink: VERSION, type: "hello", options: this.#host.options() };
    // Whatever else is in the frame by now does not get it.
    this.#frame.contentWindow.postMessage(hello, origin, [port2]);
  }

  #hear(data) {
    if (data.type === "height" && Number.isFinite(data.height) && data.height >= 0) {
      clearTimeout(this.#patience);
      this.#frame.height = String(Math.min(Math.round(data.height), TALLEST));
      if (data.height > 0) this.#host.show();
    } else if (data.type === "event") {
      const detail = readEvent(data);
      if (detail) this.#host.announce(data.name, detail);
    } else if (data.type === "token?" && Number.isSafeInteger(data.id)) this.#answer(this.#port, data.id);
  }

  async #answer(port, id) {
    const first = this.#first;
    this.#first = undefined;
    const isFresh = first && performance.now() - first.since < FRESH_MS;
    const answer = isFresh ? first.token : await this.#token().catch(() => ({ error: true }));
    // To whoever asked, if they are still there.
    if (port === this.#port) this.send("token", { id, ...answer });
  }

  /** Asks the page, which has so long to answer. */
  async #token() {
    const asking = new AbortController();
    const giveUp = () => asking.abort();
    const timer = setTimeout(giveUp, TOKEN_LIMIT_MS);
    this.#ended.signal.addEventListener("abort", giveUp);
    const givenUp = new Promise((_resolve, reject) => {
      asking.signal.addEventListener("abort", () => reject(new Error("given up")));
    });
    try {
      return readToken(await Promise.race([this.#host.askForToken(asking.signal), givenUp]));
    } finally {
      clearTimeout(timer);
      this.#ended.signal.removeEventListener("abort", giveUp);
    }
  }
}

export class PairLinkFrameElement extends HTMLElement {
  static observedAttributes = ["locale", ...Object.values(OPTIONS), ...SOURCES, ...SECRETS];

  #fetchToken;
  #attempt;
  #waiting;
  #words = ENGLISH;
  #learning;
  // What stands in the place of the frame.
  #said;
  #scheduled = false;
  #anew = false;

  constructor() {
    super();
    this.attachShadow({ mode: "open", delegatesFocus: true });
    this.shadowRoot.adoptedStyleSheets = [sheet];
    // What stands between the tags is shown until there is something to see.
    this.#waiting = document.createElement("slot");
    this.shadowRoot.append(this.#waiting);
  }

  connectedCallback() {
    // Set before the element was defined: move it to where the class sees it.
    if (Object.hasOwn(this, "fetchToken")) {
      const value = this.fetchToken;
      delete this.fetchToken;
      this.fetchToken = value;
    }
    this.#schedule();
  }

  disconnectedCallback() {
    this.#schedule();
  }

  attributeChangedCallback(name, old, value) {
    if (SECRETS.includes(name)) {
      if (value === null) return;
      this.removeAttribute(name);
      console.error(
        `pair-link-frame: the attribute "${name}" is refused, because everybody can read it. Use token-endpoint, or the property fetchToken.`,
      );
    } else if (old !== value) {
      this.#anew ||= SOURCES.includes(name);
      this.#schedule();
    }
  }

  /** An async function that returns an embed token; called again before the token ends. */
  get fetchToken() {
    return this.#fetchToken;
  }

  set fetchToken(value) {
    if (value === this.#fetchToken) return;
    this.#fetchToken = value;
    this.#anew = true;
    this.#schedule();
  }

  /** Asks for a new pass. */
  issue() {
    this.#attempt?.send("issue");
  }

  /** Revokes every live pass; the code is covered at once. */
  revoke() {
    this.#attempt?.send("revoke");
  }

  /** Ends everything; adding the element to a page again begins anew. */
  destroy() {
    this.#attempt?.end();
    this.#attempt = undefined;
    this.#unsay();
    this.#waiting.hidden = false;
  }

  // Many changes in a row, and a move within the page, come to one step.
  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      const anew = this.#anew;
      this.#anew = false;
      if (!this.isConnected) this.destroy();
      else if (this.#attempt && !anew) this.#update();
      else this.#begin();
    });
  }

  #update() {
    this.#attempt.send("options", { options: this.#options() });
    this.#learn();
    if (this.#said) this.#say(this.#said);
  }

  // The words of the page's language. Whoever says something waits for them.
  async #learn() {
    const learning = (this.#learning = firstWords(choose([this.#locale()])[0]));
    const words = await learning;
    if (learning !== this.#learning) return;
    this.#words = words;
    this.#attempt?.name();
  }

  #begin() {
    this.destroy();
    this.#learn();
    if (!this.#fetchToken && !this.hasAttribute("token-endpoint")) {
      return this.#refuse("one of token-endpoint and fetchToken is needed");
    }
    const base = readBase(this.getAttribute("base") ?? HOME);
    if (!base) return this.#refuse("the value of this option cannot be used: base");
    const attempt = new Attempt({
      askForToken: async (signal) => (this.#fetchToken ? this.#fetchToken() : this.#post(signal)),
      options: () => this.#options(),
      name: () => this.title || this.#words[REGION],
      show: () => {
        this.#unsay();
        this.#waiting.hidden = true;
      },
      announce: (name, detail) => this.#announce(name, detail),
      fail: (code) => {
        this.#say({ number: FAILED, mayRetry: true });
        this.#announce("error", { code, request_id: null });
      },
    });
    this.#attempt = attempt;
    attempt.start(base, this.shadowRoot);
  }

  async #post(signal) {
    const answer = await fetch(this.getAttribute("token-endpoint"), {
      method: "POST",
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal,
    });
    if (!answer.ok) throw new Error("no token");
    return answer.json();
  }

  #locale() {
    return this.getAttribute("locale") || this.closest("[lang]")?.lang || navigator.language;
  }

  #options() {
    const fits = (value) => (value && value.length <= LONGEST_OPTION ? value : null);
    const options = { locale: fits(this.#locale()) };
    for (const [name, attribute] of Object.entries(OPTIONS)) options[name] = fits(this.getAttribute(attribute));
    const style = getComputedStyle(this);
    options.looks = {};
    for (const name of LOOKS) options.looks[name] = fits(style.getPropertyValue(`--pairlink-${name}`).trim());
    return options;
  }

  // The message names an option, never a value.
  #refuse(message) {
    console.error(`pair-link-frame: ${message}`);
    this.#say({ number: SETUP, mayRetry: false });
    this.#announce("error", { code: "config_error", request_id: null });
  }

  async #say(said) {
    this.#said = said;
    const words = await this.#learning;
    if (said !== this.#said) return;
    this.#unsay();
    this.#said = said;
    this.#waiting.hidden = true;
    const alert = sentence(words[said.number]);
    Object.assign(alert, { dir: words[DIRECTION], lang: words[LANGUAGE] });
    if (said.mayRetry) alert.append(button(words[RETRY], () => this.#begin()));
    this.shadowRoot.prepend(alert);
  }

  #unsay() {
    this.#said = undefined;
    this.shadowRoot.querySelector("[role=alert]")?.remove();
  }

  #announce(name, detail) {
    this.dispatchEvent(new CustomEvent(`pairlink:${name}`, { bubbles: true, composed: true, detail }));
  }
}

if (!customElements.get("pair-link-frame")) customElements.define("pair-link-frame", PairLinkFrameElement);
