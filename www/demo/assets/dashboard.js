// The console around the element: the channel's state and the activity feed, both told by the element's events.

import { watchLoading } from "./loading.js";
import { stateWords } from "./words.js";

watchLoading();

const element = document.querySelector("pair-link");
const state = document.querySelector("[data-connection-state]");
const feed = document.querySelector("[data-feed]");
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const longest = 12;

/** Each event of the element: words, icon, tone. */
const words = {
  ready: () => ["Connection opened", "eye"],
  pass: () => ["New link issued", "out"],
  state: ({ state }) => [`State: ${stateWords(state).text.toLowerCase()}`, "channels", stateWords(state).tone],
  connected: () => ["Phone connected", "check", "good"],
  expired: () => ["Link expired", "stop", "warn"],
  revoked: () => ["Link revoked", "stop", "bad"],
  error: () => ["Something went wrong; the panel says what to do", "stop", "bad"],
};

for (const [name, say] of Object.entries(words)) {
  element.addEventListener(`pairlink:${name}`, ({ detail }) => {
    if (detail?.state) showState(detail.state);
    addToFeed(...say(detail ?? {}));
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
  when.textContent = clock.format(now);

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
