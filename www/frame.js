// The page in the frame (`/embed`). It is silent until the page around it, which is who the address says, hands it a
// port; from then on both speak over that port alone. Whatever is not in this file's schema is dropped.

import { button, sentence } from "./widget/fallback.js";
import { DIRECTION, FAILED, LANGUAGE, RETRY, choose, firstWords } from "./widget/words.js";

const VERSION = 1;
// Who may be around: browsers show this frame to no other page, see `frame-ancestors`.
const EMBEDDER = new URLSearchParams(location.search).get("origin");

/** Options of the page around, and the attributes of the element that they become. */
const OPTIONS = { theme: "theme", locale: "locale", methods: "methods", phoneNumber: "phone-number" };
/** Looks that the page around may set, as `--pairlink-…`. */
const LOOKS = "accent on-accent surface sunken line ink quiet danger warn warn-surface radius font".split(" ");
/** What leaves this page of the element's events; none of it is secret. */
const EVENTS = {
  ready: [],
  state: ["state"],
  pass: ["method", "expires_at"],
  connected: [],
  expired: [],
  revoked: [],
  error: ["code", "request_id"],
};
const LONGEST_OPTION = 500;
const TOKEN = /^[\x21-\x7e]{1,512}$/;

const STYLE = `
  :root {}
  :root { overflow: hidden; background: transparent; }
  :root[data-theme="light"] { color-scheme: light; }
  :root[data-theme="dark"] { color-scheme: dark; }
  body { margin: 0; }
  pair-link { display: block; --pairlink-shadow: none; }
  [role="alert"] { padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: CanvasText; }
  [role="alert"] p { margin: 0 0 0.75rem; }
`;

// Tells the proxy in whose frame this is, which goes by that instead of our own origin. Done here for all requests, and
// not in the element, so that no other page pays for it.
const send = fetch.bind(window);
window.fetch = (resource, init = {}) => {
  const address = new URL(resource.url ?? resource, location.href);
  if (address.origin !== location.origin || !address.pathname.startsWith("/v1/")) return send(resource, init);
  const headers = new Headers(init.headers ?? resource.headers);
  headers.set("pairlink-embedder", EMBEDDER);
  return send(resource, { ...init, headers });
};

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
document.adoptedStyleSheets = [sheet];

const isObject = (value) => typeof value === "object" && value !== null;
const isMessage = (data) => isObject(data) && data.pairlink === VERSION;
const areTexts = (names, given) =>
  names.every((name) => {
    const value = given[name] ?? null;
    return value === null || (typeof value === "string" && value.length <= LONGEST_OPTION);
  });
const areOptions = (options) =>
  isObject(options) &&
  areTexts(Object.keys(OPTIONS), options) &&
  isObject(options.looks ?? {}) &&
  areTexts(LOOKS, options.looks ?? {});
const isAnswer = ({ token, expires_at }) =>
  typeof token === "string" && TOKEN.test(token) && ["string", "undefined"].includes(typeof expires_at);

/** Whether a look is what it should be: in the place of a colour could stand an address, or a way to one. */
const isLook = (name, value) => {
  const property = { radius: "border-radius", font: "font-family" }[name] ?? "color";
  return CSS.supports(property, value) && !/\\|var\(|env\(/i.test(value);
};

/** Takes the first greeting of the page around. */
const greeted = ({ source, origin, data, ports }) => {
  if (source === window || source !== window.parent || origin !== EMBEDDER) return;
  if (!isMessage(data) || data.type !== "hello" || !areOptions(data.options) || ports.length !== 1) return;
  removeEventListener("message", greeted);
  begin(ports[0], data.options);
};
addEventListener("message", greeted);

const begin = (port, options) => {
  const say = (type, content) => port.postMessage({ pairlink: VERSION, type, ...content });
  const asked = new Map();
  let lastAsked = 0;

  const element = document.createElement("pair-link");
  element.fetchToken = () =>
    new Promise((resolve, reject) => {
      lastAsked += 1;
      asked.set(lastAsked, { resolve, reject });
      say("token?", { id: lastAsked });
    });
  const apply = (given) => {
    for (const [name, attribute] of Object.entries(OPTIONS)) {
      const value = given[name] ?? null;
      if (value === null) element.removeAttribute(attribute);
      else if (value !== element.getAttribute(attribute)) element.setAttribute(attribute, value);
    }
    // The first rule is kept for these.
    const { style } = sheet.cssRules[0];
    for (const name of LOOKS) {
      const value = given.looks?.[name] ?? "";
      style.setProperty(`--pairlink-${name}`, isLook(name, value) ? value : "");
    }
    document.documentElement.dataset.theme = given.theme ?? "auto";
    if (given.locale) document.documentElement.lang = given.locale;
  };
  const tell = (name, detail) => {
    const content = EVENTS[name].map((field) => [field, detail?.[field] ?? null]);
    say("event", { name, detail: Object.fromEntries(content) });
  };

  port.onmessage = ({ data }) => {
    if (!isMessage(data)) return;
    if (data.type === "token") {
      const waiting = asked.get(data.id);
      asked.delete(data.id);
      if (isAnswer(data)) waiting?.resolve({ token: data.token, expires_at: data.expires_at });
      else waiting?.reject(new Error("no token"));
    } else if (data.type === "options" && areOptions(data.options)) apply(data.options);
    else if (data.type === "issue") element.issue?.();
    else if (data.type === "revoke") element.revoke?.();
  };
  apply(options);
  for (const name of Object.keys(EVENTS)) {
    element.addEventListener(`pairlink:${name}`, ({ detail }) => tell(name, detail));
  }
  document.body.append(element);

  const measure = () => say("height", { height: Math.ceil(document.documentElement.getBoundingClientRect().height) });
  new ResizeObserver(measure).observe(document.documentElement);
  // Says that somebody is here, however little there is to see.
  measure();

  let tries = 0;
  const load = async () => {
    // Each try has an address of its own: what did not come once, WebKit does not ask for again.
    const address = tries ? `../widget.js?${tries}` : "../widget.js";
    tries += 1;
    try {
      await import(new URL(address, import.meta.url).href);
    } catch {
      tell("error", { code: "not_loaded" });
      const alert = await failure(() => {
        alert.replaceWith(element);
        load();
      });
      element.replaceWith(alert);
    }
  };
  load();
};

const failure = async (retry) => {
  const words = await firstWords(choose([document.documentElement.lang])[0]);
  const alert = sentence(words[FAILED]);
  Object.assign(alert, { dir: words[DIRECTION], lang: words[LANGUAGE] });
  alert.append(button(words[RETRY], retry));
  return alert;
};
