// The code before the widget's own code is here: what the proxy drew, in the card's own look. It has no words, no
// buttons and no news of revocations, so it stands for moments only, and never longer than the pass lives.

import { make } from "./make.js";

// Keeps the height of a line whose words come later.
const BLANK = "\u00a0";

/** How long the pass of an answer may be seen from now on, by the server's clock; nothing if not at all. */
const millisLeft = ({ body, sent }) => {
  const { pass, connection, server_time } = body;
  if (!pass?.drawing || connection.state === "connected") return 0;
  // Answered when it was sent at the earliest: rather early than late.
  return Date.parse(pass.expires_at) - Date.parse(server_time) - (performance.now() - sent);
};

// As in src/model/selection.rs: what the host wishes of what there is.
const hasChoice = ({ methods, actions }, wishes = "") => {
  const wished = wishes.match(/\w+/g);
  const offered = methods.filter((method) => !wished || wished.includes(method));
  return actions.includes("issue") && offered.length > 1;
};

/** The card with the code in it, every box where the widget will put it; nothing if there is no code to show. */
export const card = (answer, { methods, theme = "auto" }) => {
  if (!(millisLeft(answer) > 0)) return undefined;
  const { connection, pass } = answer.body;
  const { modules, path } = pass.drawing;
  const picture = { viewBox: `0 0 ${modules} ${modules}`, "shape-rendering": "crispEdges" };
  const look = { class: "pairlink", part: "card", "data-stage": "loading", "data-theme": theme, "aria-hidden": true };
  return make("section", look, [
    make("header", { class: "top", part: "header" }, [
      make("slot", { name: "logo" }),
      make("span", { class: "name", dir: "auto" }, [connection.label]),
      make("span", { class: "chip", part: "status" }, [BLANK]),
    ]),
    hasChoice(connection, methods) ? make("div", { class: "switch" }, [make("label")]) : "",
    make("div", { class: "content" }, [
      make("div", { class: "side" }, [
        make("div", { class: "tile paper", part: "code" }, [
          make("svg", picture, [make("path", { d: path })]),
          make("slot", { name: "code-logo" }),
        ]),
        make("p", { class: "clock" }, [BLANK]),
        make("p", { class: "small" }, [BLANK]),
      ]),
    ]),
  ]);
};

/** Calls once the code must not be seen any more: it ended, or nobody can tell because the page stood still. */
export const watchOver = (answer, early, cover, signal) => {
  const timer = setTimeout(cover, Math.min(millisLeft(answer), 2 ** 31 - 1));
  signal.addEventListener("abort", () => clearTimeout(timer));
  const look = ({ type, persisted }) => {
    if (persisted || type === "resume" || !early.isFresh() || !(millisLeft(answer) > 0)) cover();
  };
  // Away, too: a page that comes back may be painted before it can change anything.
  for (const name of ["pageshow", "pagehide"]) addEventListener(name, look, { signal });
  for (const name of ["resume", "visibilitychange"]) document.addEventListener(name, look, { signal });
};
