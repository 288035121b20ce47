// Stands in for the proxy and the host's backend: answers what a test laid out, and counts what is open.

// What is not told apart by its HTTP method.
const NAMES = { "/token": "TOKEN", "/v1/events": "EVENTS", "/v1/session": "LOGOUT" };

let answers = {};
let held = {};
let open = 0;
let streams = [];
let calls = [];

export function reset() {
  answers = {};
  held = {};
  streams = [];
  calls = [];
  window.fetch = answer;
}

export const serve = (method, status, body) => {
  answers[method] = { status, body };
};

export const hold = (method) => {
  held[method] = [];
};

export const release = (method) => {
  const waiting = held[method];
  delete held[method];
  for (const go of waiting) go();
};

export const push = (kind, data) => {
  const text = `id: 1\nevent: ${kind}\ndata: ${data.replaceAll("\n", "")}\n\n`;
  for (const stream of streams) stream.enqueue(new TextEncoder().encode(text));
};

/** Ends every stream, as a server that restarts does. */
export const hangUp = () => {
  for (const stream of streams.splice(0)) stream.close();
};

/** What the loader hands over: the outcome of what it has asked, some time ago. */
export const early = (token, status, body, ago) => {
  const received = performance.now();
  return Promise.resolve({ token, status, body: body && JSON.parse(body), sent: received - ago * 1000, received });
};
export const earlyNothing = () => Promise.resolve();
export const earlySilence = (token, late) => Promise.resolve({ token, late });

/** The page comes back from where the browser kept it. */
export const comeBack = (how) =>
  how === "pageshow"
    ? dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))
    : document.dispatchEvent(new Event(how));

export const openRequests = () => open;
export const callsMade = () => calls.join("\n");
export const soon = () => new Promise((resolve) => setTimeout(resolve, 4));
export const secondsFromNow = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();

function answer(address, init) {
  const path = new URL(address, location.href).pathname;
  const method = NAMES[path] ?? init.method;
  calls.push(`${method} ${address} ${new Headers(init.headers).get("authorization") ?? ""} ${init.body ?? ""}`);
  open += 1;
  return new Promise((resolve, reject) => {
    let stream;
    let done = false;
    const end = () => {
      if (!done) open -= 1;
      done = true;
    };
    init.signal.addEventListener("abort", () => {
      end();
      const reason = new DOMException("aborted", "AbortError");
      reject(reason);
      stream?.error(reason);
      streams = streams.filter((other) => other !== stream);
    });
    const go = () => {
      if (method === "EVENTS") {
        const body = new ReadableStream({
          start: (controller) => {
            stream = controller;
            streams.push(controller);
          },
        });
        resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
        return;
      }
      const { status, body } = answers[method] ?? { status: 500, body: "" };
      resolve(new Response(body, { status, headers: { "content-type": "application/json" } }));
    };
    if (held[method]) held[method].push(go);
    else go();
  });
}
