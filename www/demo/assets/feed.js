// The activity feed: what happened, the newest first.

import { minute } from "./times.js";

const feed = document.querySelector("[data-feed]");
const longest = 12;

/** Adds an entry. Those of a series that follow each other are one, the newest. */
export function addToFeed({ text, icon, tone = "", channel, series }) {
  const now = new Date();
  const entry = document.createElement("li");
  entry.className = "event";
  if (series) entry.dataset.series = `${channel}: ${series}`;
  const newest = feed.firstElementChild;
  if (series && newest?.dataset.series === entry.dataset.series) newest.remove();

  const mark = document.createElement("span");
  mark.className = "mark";
  mark.dataset.tone = tone;
  mark.append(drawIcon(icon));

  const what = document.createElement("span");
  what.textContent = text;

  const when = document.createElement("time");
  when.dateTime = now.toISOString();
  when.textContent = minute.format(now);
  const where = document.createElement("span");
  where.className = "where";
  where.append(when, ` · ${channel}`);

  entry.append(mark, what, where);
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
