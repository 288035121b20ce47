// What the widget asks first, asked while its code is still on its way: a token of the host, and what is alive. The
// widget takes over what came of it, failures too, and asks neither again.
//
// The token stays in variables of this module and goes to the widget alone: no element, no object that scripts of the
// page can reach, has it.

const TOKEN_LIMIT_MS = 10_000;
const READ_LIMIT_MS = 12_000;
// As in src/client/token.rs: what is longer, or does not fit into a header, is no token.
const TOKEN = /^[!-~]{1,512}$/;
// As in src/options.rs: a token goes nowhere without encryption, except on this machine.
const PROXY =
  /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1|\[::1\]|[^/:]+\.localhost)(:\d+)?(\/|$))[^@?#\\"'<>%\s]*$/;
// As in src/clock.rs: the page stood still, or may have.
const CLOCKS_PART_MS = 2_000;
const ALONE_MS = 75_000;

/** Lets work go on until its time is over or its owner ends it; leaves no timer and no listener. */
const within = (limit, owner, work) => {
  const abort = new AbortController();
  const end = () => abort.abort();
  const timer = setTimeout(end, limit);
  owner.addEventListener("abort", end);
  if (owner.aborted) end();
  const ended = new Promise((_, reject) => {
    if (abort.signal.aborted) reject();
    abort.signal.addEventListener("abort", reject);
  });
  return Promise.race([work(abort.signal), ended]).finally(() => {
    clearTimeout(timer);
    owner.removeEventListener("abort", end);
  });
};

// Nothing is cached, and a redirect would carry the token to wherever it points.
const request = (address, how, signal) => fetch(address, { cache: "no-store", redirect: "error", ...how, signal });

const askHost = ({ fetchToken, tokenEndpoint }, owner) =>
  within(TOKEN_LIMIT_MS, owner, async (signal) => {
    if (fetchToken) return fetchToken();
    const response = await request(tokenEndpoint, { method: "POST", credentials: "same-origin" }, signal);
    if (response.ok) return response.json();
  });

const askProxy = (base, path, token, method, owner) =>
  within(READ_LIMIT_MS, owner, async (signal) => {
    const secret = typeof token === "string" ? token : token?.token;
    if (typeof secret !== "string" || !TOKEN.test(secret)) return { token: null };
    const headers = { authorization: `Bearer ${secret}` };
    const sent = performance.now();
    const response = await request(base + path, { method, headers, credentials: "omit" }, signal);
    const body = await response.json().catch(() => null);
    return { token, status: response.status, body, sent, received: performance.now(), wall: Date.now() };
  });

const ask = async (options, owner) => {
  let token = null;
  let since;
  try {
    token = await askHost(options, owner);
    since = performance.now();
    return await askProxy(options.base, "/v1/pass?drawing=true", token, "GET", owner);
  } catch {
    return { token, late: performance.now() - since >= READ_LIMIT_MS };
  }
};

let begun = [];

/**
 * Begins to ask for an element, or joins in what is under way for another one of the same connection.
 *
 * `answer` never fails. `end` ends what is under way when the last element that waits for it is gone.
 */
export const begin = (options) => {
  const base = options.base.replace(/\/+$/, "");
  if (!PROXY.test(base)) return undefined;
  const { tokenEndpoint, fetchToken } = options;
  let early = begun.find(
    (other) => other.base === base && other.fetchToken === fetchToken && (fetchToken || other.endpoint === tokenEndpoint),
  );
  if (!early) {
    const abort = new AbortController();
    early = { base, fetchToken, endpoint: tokenEndpoint, abort, waiting: 0 };
    early.answer = ask({ base, tokenEndpoint, fetchToken }, abort.signal);
    begun.push(early);
    // What was true then is not news to whoever comes later.
    early.answer.then(() => close(early));
  }
  return share(early);
};

const close = (early) => {
  begun = begun.filter((other) => other !== early);
};

const share = (early) => {
  early.waiting += 1;
  let answered;
  const answer = early.answer.then((answer) => (answered = answer));
  return {
    answer,
    /** Whether the page ran on since the answer came: what it says of time may be wrong otherwise. */
    isFresh: () => {
      if (!answered?.received) return true;
      const ran = performance.now() - answered.received;
      return ran < ALONE_MS && Math.abs(Date.now() - answered.wall - ran) < CLOCKS_PART_MS;
    },
    end: () => {
      early.waiting -= 1;
      if (early.waiting) return;
      close(early);
      early.abort.abort();
    },
  };
};

/** Asks for a page of Pairlink's own that shows the same; for visitors whose browser does not run the widget. */
export const askForLink = async (options) => {
  const owner = new AbortController().signal;
  const base = options.base.replace(/\/+$/, "");
  const token = await askHost(options, owner);
  const { status, body } = await askProxy(base, "/v1/share-link", token, "POST", owner);
  if (status !== 201 || !PROXY.test(body?.link)) throw new Error("link");
  return body.link;
};
