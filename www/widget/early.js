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
const SAFE = /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1|\[::1\]|[^/:]+\.localhost)[:/]?)[^@?#\\"'<>%\s]*$/;
// As in src/clock.rs: the page stood still, or may have.
const CLOCKS_PART_MS = 2_000;
const ALONE_MS = 75_000;

/** Lets work go on until its time is over or somebody aborts it; leaves no timer. */
const within = async (limit, abort, work) => {
  const timer = setTimeout(() => abort.abort(), limit);
  const ended = new Promise((_, reject) => abort.signal.addEventListener("abort", reject));
  try {
    return await Promise.race([work(), ended]);
  } finally {
    clearTimeout(timer);
  }
};

// Nothing is cached, and a redirect would carry the token to wherever it points.
const send = (address, method, { signal }, how) =>
  fetch(address, { method, signal, cache: "no-store", redirect: "error", ...how });

const askHost = ({ fetchToken, tokenEndpoint }, abort) =>
  within(TOKEN_LIMIT_MS, abort, async () => {
    if (fetchToken) return fetchToken();
    const response = await send(tokenEndpoint, "POST", abort);
    if (response.ok) return response.json();
  });

const answered = (token, status, body, sent) => ({
  token,
  status,
  body,
  sent,
  received: performance.now(),
  wall: Date.now(),
});

const askProxy = ({ base }, method, path, token, abort) =>
  within(READ_LIMIT_MS, abort, async () => {
    const secret = token?.token ?? token;
    if (typeof secret !== "string" || !TOKEN.test(secret)) return {};
    const headers = { authorization: `Bearer ${secret}` };
    const sent = performance.now();
    const response = await send(base.replace(/\/+$/, "") + path, method, abort, { headers, credentials: "omit" });
    return answered(token, response.status, await response.json().catch(() => null), sent);
  });

const ask = async (options, abort) => {
  let token;
  let since = performance.now();
  try {
    token = await askHost(options, abort);
    // A backend that was given both answers with both. How old what a function of the page returns is, nobody knows.
    if (!options.fetchToken && token?.view) return answered(token, 200, token.view, since);
    since = performance.now();
    const answer = await askProxy(options, "GET", "/v1/pass?drawing=true", token, abort);
    // A token that is not accepted is replaced by the widget.
    return answer.status === 401 ? undefined : answer;
  } catch {
    return { token, late: performance.now() - since >= READ_LIMIT_MS };
  }
};

let underWay = [];

/** What was begun for the elements of one connection. */
class Early {
  #asked;
  #abort = new AbortController();
  #answer;
  #waiting = 0;

  constructor(options) {
    this.#asked = options;
    // It never fails.
    this.answer = ask(options, this.#abort).then((answer) => {
      // What was true then is not news to whoever comes later.
      this.#close();
      return (this.#answer = answer);
    });
    underWay.push(this);
  }

  isFor({ base, fetchToken, tokenEndpoint }) {
    const asked = this.#asked;
    const sameSource = fetchToken ?? asked.fetchToken ? fetchToken === asked.fetchToken : tokenEndpoint === asked.tokenEndpoint;
    return base === asked.base && sameSource;
  }

  join() {
    this.#waiting += 1;
    return this;
  }

  /** Ends what is under way once nobody waits for it any more. */
  leave() {
    this.#waiting -= 1;
    if (this.#waiting) return;
    this.#close();
    this.#abort.abort();
  }

  /** Whether the page ran on since the answer came: what it says of time may be wrong otherwise. */
  isFresh() {
    const { received, wall } = this.#answer ?? {};
    const ran = performance.now() - received;
    return !(ran > ALONE_MS || Math.abs(Date.now() - wall - ran) > CLOCKS_PART_MS);
  }

  #close() {
    underWay = underWay.filter((other) => other !== this);
  }
}

/** Begins to ask for an element, or joins in what is under way for another one of the same connection. */
export const begin = (options) =>
  SAFE.test(options.base) ? (underWay.find((early) => early.isFor(options)) ?? new Early(options)).join() : undefined;

/** Asks for a page of Pairlink's own that shows the same; for visitors whose browser does not run the widget. */
export const askForPage = async (options) => {
  const abort = new AbortController();
  const { body } = await askProxy(options, "POST", "/v1/share-link", await askHost(options, abort), abort);
  if (!SAFE.test(body.link)) throw body;
  return body.link;
};
