// The files beside the loader, each by an address that says its content and with a hash that the browser checks. One
// copy serves all elements of a page.

// Each address stands whole in its place: bundlers look for that.
const file = ({ href }, integrity) => ({ address: href, integrity });
const GLUE = file(new URL("__PAIRLINK_GLUE__", import.meta.url), "__PAIRLINK_GLUE_HASH__");
const WASM = file(new URL("__PAIRLINK_WASM__", import.meta.url), "__PAIRLINK_WASM_HASH__");
const STYLE = file(new URL("__PAIRLINK_CSS__", import.meta.url), "__PAIRLINK_CSS_HASH__");

/** Where the loader came from: the proxy, unless the host says otherwise. */
export const HOME = new URL(".", import.meta.url).href.replace(/\/$/, "");

const get = ({ address, integrity }, priority) => fetch(address, { integrity, priority });

// What is fetched is not started while something is about to be painted, but longer than this nobody waits for a picture.
const PATIENCE_MS = 400;

let sheet;
let painting;
let engine;
let ready = false;
// Whether a call into the widget's code has never come back. Asked while no such call is under way.
let stuck;
let tries = 0;

/** Fetches the style sheet once; a page without it is plain, not broken. */
export const style = () =>
  (sheet ??= get(STYLE)
    .then((response) => (response.ok ? response.text() : Promise.reject(new Error("style"))))
    .then((text) => new CSSStyleSheet().replace(text))
    .catch(() => {
      sheet = undefined;
    }));

// An import cannot be given a hash. The browser checks it while it loads the module ahead, and the import then finds
// the module that was checked; browsers that cannot load ahead go by the address alone.
const checked = (address) =>
  new Promise((resolve, reject) => {
    const link = document.createElement("link");
    if (!link.relList.supports("modulepreload")) return resolve();
    Object.assign(link, { rel: "modulepreload", integrity: GLUE.integrity, href: address });
    for (const [outcome, settle] of Object.entries({ load: resolve, error: reject })) {
      link.addEventListener(outcome, () => {
        link.remove();
        settle();
      });
    }
    (document.head ?? document.documentElement).append(link);
  });

/**
 * Loads the widget's code once. Another address makes the browser give out a fresh instance after a failure or a crash; a
 * fragment would not do, because WebKit goes on failing then.
 */
export const load = () => {
  if (!engine) {
    // The code is large, and the picture that stands for it until then needs other things first.
    const wasm = get(WASM, "low");
    wasm.catch(() => {});
    const address = tries ? `${GLUE.address}?${tries}` : GLUE.address;
    const loading = checked(address).then(async () => {
      const glue = await import(address);
      await wasm;
      await Promise.race([painting, new Promise((late) => setTimeout(late, PATIENCE_MS))]);
      await glue.default({ module_or_path: wasm });
      const rest = glue.stack();
      stuck = () => glue.stack() !== rest;
      ready = true;
      return glue;
    });
    tries += 1;
    engine = loading;
    loading.catch(() => forget(loading));
  }
  return engine;
};

/** Lets something be painted before the code of the widget is started, which takes the page's only thread for a while. */
export const paintFirst = (painted) => {
  painting = Promise.all([painting, painted]);
};

/** What was loaded is broken, and is not given out again. */
export const forget = (broken) => {
  if (engine !== broken) return;
  engine = undefined;
  ready = false;
};

/** Whether the widget's code is here, and need not be waited for. */
export const isReady = () => ready;

/** What is given out at the moment, if anything. */
export const loaded = () => engine;

/** Whether what is given out has stopped in the middle of something. */
export const isStuck = () => ready && stuck();

/** Whether a place in a script is in the widget's own code. */
export const isOurs = (place) => [GLUE, WASM].some(({ address }) => place.startsWith(address));
