// The loader: defines <pair-link> before the WebAssembly is here, fetches everything in parallel, and keeps the host's
// page unharmed whatever fails. What the widget shows is made in Rust; this file shows words only when that cannot.

const GLUE = new URL("__PAIRLINK_GLUE__", import.meta.url).href;
const WASM = new URL("__PAIRLINK_WASM__", import.meta.url).href;
const CSS = new URL("__PAIRLINK_CSS__", import.meta.url).href;
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

const WORDS = {
  failed: "The connection widget could not be loaded.",
  setup: "The connection widget is not set up on this page.",
  retry: "Try again",
};

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

class PairLinkElement extends HTMLElement {
  static observedAttributes = [...Object.keys(ATTRIBUTES), ...SECRETS];

  #fetchToken;
  #stage;
  #handle;
  #instance;
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
    if (this.#instance === instance) this.#fail("crashed", WORDS.failed);
  }

  // Many changes in a row, and a move within the page, come to one step.
  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (!this.isConnected) this.destroy();
      else if (this.#handle) this.#call((handle) => handle.update(this.#options()));
      else this.#mount();
    });
  }

  #options() {
    const options = { base: HOME, fetchToken: this.#fetchToken, locale: this.#locale() };
    for (const [attribute, option] of Object.entries(ATTRIBUTES)) {
      const value = this.getAttribute(attribute);
      if (value !== null) options[option] = value;
    }
    options.onEvent = (name, detail) => this.#announce(name, detail);
    return options;
  }

  #locale() {
    return this.closest("[lang]")?.lang || navigator.language;
  }

  async #mount() {
    if (!this.#fetchToken && !this.hasAttribute("token-endpoint")) {
      this.#refuse("one of token-endpoint and fetchToken is needed");
      return;
    }
    const generation = (this.#generation += 1);
    const current = () => generation === this.#generation && this.isConnected;
    this.#clear();
    const patience = setTimeout(() => current() && this.#say(WORDS.failed, true), PATIENCE_MS);
    try {
      const loading = load();
      const [glue] = await Promise.all([loading, style()]);
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
      this.#fail("not_loaded", WORDS.failed);
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
    this.#say(WORDS.setup, false);
    this.#announce("error", { code: "config_error", request_id: null });
  }

  #fail(code, words) {
    this.destroy();
    this.#say(words, true);
    this.#announce("error", { code, request_id: null });
  }

  #clear() {
    this.#stage?.remove();
    this.#stage = document.createElement("div");
    this.shadowRoot.append(this.#stage);
    return this.#stage;
  }

  #say(words, mayRetry) {
    const stage = this.#clear();
    stage.className = "fallback";
    stage.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.textContent = words;
    stage.append(text);
    if (mayRetry) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = WORDS.retry;
      button.addEventListener("click", () => this.#mount());
      stage.append(button);
    }
  }

  #announce(name, detail) {
    this.dispatchEvent(new CustomEvent(`pairlink:${name}`, { bubbles: true, composed: true, detail }));
  }
}

if (!customElements.get("pair-link")) customElements.define("pair-link", PairLinkElement);
