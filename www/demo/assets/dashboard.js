// The console around the element: the channel's state and the activity feed, both told by the element's events.

import { watchLoading } from "./loading.js";
import { stateWords } from "./words.js";

watchLoading(() => showState("failed"));

const element = document.querySelector("pair-link");
const state = document.querySelector("[data-connection-state]");
const feed = document.querySelector("[data-feed]");
const minute = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const longest = 12;

/** For each event of the element: what the feed says, its icon and tone, and the state that it tells of. */
const entries = {
  ready: ({ state }) => ({ text: "Connection opened", icon: "eye", state: state ?? "unknown" }),
  pass: ({ expires_at }) => ({ text: `Link works until ${minute.format(new Date(expires_at))}`, icon: "out", state: "waiting" }),
  state: ({ state }) => ({ text: `State: ${stateWords(state).text.toLowerCase()}`, icon: "channels", tone: stateWords(state).tone, state }),
  connected: () => ({ text: "Phone linked", icon: "check", tone: "good", state: "connected" }),
  expired: () => ({ text: "Link expired", icon: "stop", tone: "warn" }),
  revoked: () => ({ text: "Link revoked", icon: "stop", tone: "bad" }),
  error: () => ({ text: "Something went wrong: the panel says what to do", icon: "stop", tone: "bad" }),
};

for (const [name, entry] of Object.entries(entries)) {
  element.addEventListener(`pairlink:${name}`, ({ detail }) => {
    const { text, icon, tone, state } = entry(detail ?? {});
    addToFeed(text, icon, tone);
    if (state) showState(state);
  });
}

function showState(name) {
  const { text, tone } = stateWords(name);
  state.textContent = text;
  state.dataset.tone = tone;
}

function addToFeed(text, icon, tone = "") {
  const now = new Date();
  const entry = document.createElement("li");
  entry.className = "event";

  const mark = document.createElement("span");
  mark.className = "mark";
  mark.dataset.tone = tone;
  mark.append(drawIcon(icon));

  const what = document.createElement("span");
  what.textContent = text;

  const when = document.createElement("time");
  when.dateTime = now.toISOString();
  when.textContent = minute.format(now);

  entry.append(mark, what, when);
  feed.prepend(entry);
  while (feed.childElementCount > longest) feed.lastElementChild.remove();
}

function drawIcon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/assets/icons.svg#${name}`);
  svg.append(use);
  return svg;
}
