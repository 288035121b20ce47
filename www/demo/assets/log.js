// A log of what elements of Pairlink say, the newest first.

import { second } from "./times.js";

/** All that an element says. */
export const events = ["ready", "state", "pass", "connected", "expired", "revoked", "error"].map((name) => `pairlink:${name}`);

const longest = 12;

/** Writes down every event that reaches `target`; `from` names the element that it comes from, if several speak. */
export function logEvents(target, log, from = () => "") {
  for (const type of events) target.addEventListener(type, (event) => add(log, event, from(event.target)));
}

function add(log, { type, detail }, from) {
  const now = new Date();
  const entry = document.createElement("li");
  const when = document.createElement("time");
  when.dateTime = now.toISOString();
  when.textContent = second.format(now);
  const name = document.createElement("code");
  name.textContent = type;
  const told = document.createElement("code");
  told.className = "detail";
  told.textContent = Object.keys(detail ?? {}).length ? JSON.stringify(detail) : "";
  entry.append(when, name, told);
  if (from) {
    const where = document.createElement("span");
    where.className = "from";
    where.textContent = from;
    entry.append(where);
  }
  log.prepend(entry);
  while (log.childElementCount > longest) log.lastElementChild.remove();
}
