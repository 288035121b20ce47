// The console around the element: which channel is shown, how each is doing, and what happens. All of it is told by the
// element's events and by our own backend.

import { addToFeed } from "./feed.js";
import { sayIfFailed, watchLoading } from "./loading.js";
import { minute, second } from "./times.js";
import { methodWords, stateWords } from "./words.js";

const connect = document.querySelector("[data-connect]");
const cards = new Map([...document.querySelectorAll("a[data-channel]")].map((card) => [card.dataset.channel, card]));
const [first] = cards.keys();
let shown;

/** For each event of the element: what the feed says, its icon and tone, and what it tells of the state. */
const entries = {
  ready: () => ({ text: "Channel opened", icon: "eye" }),
  pass: ({ method, expires_at }) => {
    const { text, icon, brief } = methodWords(method);
    const until = (brief ? second : minute).format(new Date(expires_at));
    return { text: `${text} works until ${until}`, icon, state: method === "token" ? "token" : "waiting", series: text };
  },
  state: ({ state }) => ({ text: `State: ${stateWords(state).text.toLowerCase()}`, icon: "channels", tone: stateWords(state).tone, state }),
  connected: () => ({ text: "Phone linked", icon: "check", tone: "good", state: "connected" }),
  expired: () => ({ text: "Came to its end", icon: "stop", tone: "warn" }),
  revoked: () => ({ text: "Revoked", icon: "stop", tone: "bad" }),
  error: () => ({ text: "Something went wrong: the panel says what to do", icon: "stop", tone: "bad" }),
};

watchLoading(() => showPill(shown, { text: "Not loaded", tone: "bad" }));
addEventListener("hashchange", choose);
choose();
list();

/** Shows the channel that the address names. An element per channel: its requests and streams end when it goes. */
function choose() {
  const wanted = location.hash.slice(1);
  const name = cards.has(wanted) ? wanted : first;
  if (name === shown) return;
  shown = name;
  for (const [other, card] of cards) {
    if (other === name) card.setAttribute("aria-current", "true");
    else card.removeAttribute("aria-current");
  }
  const template = connect.querySelector(`template[data-channel="${name}"]`);
  const panel = document.createElement("div");
  panel.append(document.importNode(template.content, true));
  const element = panel.querySelector("pair-link");
  element.setAttribute("theme", document.documentElement.dataset.theme);
  listen(element, name);
  sayIfFailed(panel);
  connect.querySelector(":scope > div")?.remove();
  connect.append(panel);
}

/** How the channels are doing that are not shown, as our backend knows it. */
async function list() {
  const answer = await fetch("/api/channels").catch(() => undefined);
  for (const { name, state } of answer?.ok ? await answer.json() : []) {
    if (name !== shown) showState(name, state);
  }
}

function listen(element, name) {
  const label = cards.get(name).querySelector("strong").textContent;
  for (const [event, entry] of Object.entries(entries)) {
    element.addEventListener(`pairlink:${event}`, ({ detail }) => {
      const { state, ...told } = entry(detail ?? {});
      addToFeed({ ...told, channel: label });
      if (state) showState(name, state);
    });
  }
}

function showState(name, state) {
  const card = cards.get(name);
  // Programs come in with tokens: there is no phone, and so no state of its login.
  const words = card?.dataset.kind === "tokens" && state === "unknown" ? stateWords("tokens") : stateWords(state);
  showPill(name, words);
}

function showPill(name, { text, tone }) {
  const pill = cards.get(name)?.querySelector("[data-connection-state]");
  if (!pill) return;
  pill.textContent = text;
  pill.dataset.tone = tone;
}
