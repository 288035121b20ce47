// The loader: defines <pair-link> before the WebAssembly is here, fetches everything in parallel, and keeps the host's
// page unharmed whatever fails. What the widget shows is made in Rust; this file shows words only when that cannot.

const GLUE = new URL("__PAIRLINK_GLUE__", import.meta.url).href;
const WASM = new URL("__PAIRLINK_WASM__", import.meta.url).href;
const CSS = new URL("__PAIRLINK_CSS__", import.meta.url).href;
const LANGUAGES = "__PAIRLINK_LANGUAGES__".split(" ");
const HOME = new URL(".", import.meta.url).href.replace(/\/$/, "");

const PATIENCE_MS = 10_000;
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

// The first strings of a language, in English: for when no language comes either.
const ENGLISH = [
  "ltr",
  "The connection widget could not be loaded.",
  "The connection widget is not set up on this page.",
  "Try again",
  "Open in a new window",
];
const [FAILED, SETUP, RETRY] = [1, 2, 3];

let sheet;
let engine;
let tries = 0;

/** Fetches the style sheet once; a page without it is plain, not broken. */
const style = () =>
  (sheet ??= fetch(CSS)
    .then((response) => (response.ok ? response.text() : Promise.reject(new Error("style"))))
    .then((text) => new CSSStyleSheet().replace(text))
    .catch(() => {
      sheet = undefined;
    }));

/** Loads the widget's code once. A fragment makes the browser give out a fresh instance after a failure or a crash. */
const load = () => {
  if (!engine) {
    const wasm = fetch(WASM);
    wasm.catch(() => {});
    const loading = import(tries ? `${GLUE}#${tries}` : GLUE).then(async (glue) => {
      await glue.default({ module_or_path: wasm });
      return glue;
    });
    tries += 1;
    engine = loading;
    loading.catch(() => {
      if (engine === loading) engine = undefined;
    });
  }
  return engine;
};

/** The first of these tags that there is a language for: that language, and the variant of it to write numbers in. */
const choose = (tags) => {
  for (const tag of tags) {
    try {
      const { language, baseName } = new Intl.Locale(tag);
      const known = LANGUAGES.find((known) => known.startsWith(language));
      if (known) return [known, baseName];
    } catch {
      // No language tag at all.
    }
  }
  return ["en", "en"];
};

const texts = {};

/** Fetches the strings of a language, once for all elements of the page; English where they do not come. */
const words = (language) => {
  texts[language] ??= fetch(new URL(`__PAIRLINK_WORDS__${language}.json`, import.meta.url))
    .then((response) => (response.ok ? response.json() : Promise.reject(new Error("words"))))
    .catch((error) => {
      delete texts[language];
      if (language === "en") throw error;
      return words("en");
    });
  return texts[language];
};

const elements = new Set();

const crashed = (instance, error) => {
  if (engine === instance) engine = undefined;
  console.error("pair-link: stopped unexpectedly", error);
  for (const element of elements) element.abandon(instance);
};

// A trap or an exhausted stack surfaces where the browser called the code: in an event, a timer, a promise. It is the
// widget's own if the innermost place is; what a host's listener throws has the widget further out.
const FATAL = ["RuntimeError", "RangeError", "InternalError"];
const watch = (event) => {
  const error = event.error ?? event.reason;
  const place = FATAL.includes(error?.name) && /\w+:\/\/\S+/.exec(error.stack)?.[0];
  if (!engine || !place || ![GLUE, WASM].some((file) => place.startsWith(file))) return;
  event.preventDefault();
  crashed(engine, error);
};
addEventListener("error", watch);
addEventListener("unhandledrejection", watch);
// The page changed its language, or a part of it did.
new MutationObserver(() => {
  for (const element of elements) element.attributeChangedCallback("lang");
}).observe(document, { attributeFilter: ["lang"], subtree: true });

class PairLinkElement extends HTMLElement {
  static observedAttributes = [...Object.keys(ATTRIBUTES), ...SECRETS];

  #fetchToken;
  #stage;
  #handle;
  #instance;
  #words = ENGLISH;
  #scheduled = false;
  #generation = 0;

  constructor() {
    super();
    this.attachShadow({ mode: "open", delegatesFocus: true });
  }

  connectedCallback() {
    // Set before the element was defined: move it to where the class sees it.
    if (Object.hasOwn(this, "fetchToken")) {
      const value = this.fetchToken;
      delete this.fetchToken;
      this.fetchToken = value;
    }
    load().catch(() => {});
    words(this.#language()[0]).catch(() => {});
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
    this.#generation += 1;
    elements.delete(this);
    const handle = this.#handle;
    this.#handle = undefined;
    this.#stage?.remove();
    this.#stage = undefined;
    try {
      handle?.destroy();
    } catch {
      // A broken instance cannot be ended; it has nothing on the page any more.
    }
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
    options.onEvent = (name, detail) => this.#announce(name, detail);
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
    const generation = (this.#generation += 1);
    const current = () => generation === this.#generation && this.isConnected;
    this.#clear();
    const patience = setTimeout(() => current() && this.#say(FAILED, true), PATIENCE_MS);
    try {
      const loading = load();
      const saying = words(this.#language()[0]).then((text) => {
        this.#words = text;
      });
      const [glue] = await Promise.all([loading, saying, style()]);
      if (!current()) return;
      this.#instance = loading;
      elements.add(this);
      const stage = this.#clear();
      this.#attempt(() => {
        this.#handle = glue.mount(stage, this.#options());
      });
    } catch {
      if (!current()) return;
      console.error(
        "pair-link: could not be loaded. Check the network, and that the page's Content-Security-Policy allows 'wasm-unsafe-eval', this script's origin in script-src and the proxy in connect-src.",
      );
      this.#fail("not_loaded");
    } finally {
      clearTimeout(patience);
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
  #refuse(message) {
    console.error(`pair-link: ${message}`);
    this.#say(SETUP, false);
    this.#announce("error", { code: "config_error", request_id: null });
  }

  #fail(code) {
    this.destroy();
    this.#say(FAILED, true);
    this.#announce("error", { code, request_id: null });
  }

  #clear() {
    this.#stage?.remove();
    this.#stage = document.createElement("div");
    this.shadowRoot.append(this.#stage);
    return this.#stage;
  }

  #say(number, mayRetry) {
    const stage = this.#clear();
    stage.dir = this.#words[0];
    stage.className = "fallback";
    stage.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.textContent = this.#words[number];
    stage.append(text);
    if (mayRetry) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = this.#words[RETRY];
      button.addEventListener("click", () => this.#mount());
      stage.append(button);
    }
  }

  #announce(name, detail) {
    this.dispatchEvent(new CustomEvent(`pairlink:${name}`, { bubbles: true, composed: true, detail }));
  }
}

if (!customElements.get("pair-link")) customElements.define("pair-link", PairLinkElement);
