// The code before the widget's own code is here: what the proxy drew, in the card's own look. It has no words, no
// buttons and no news of revocations, so it stands for moments only, and never longer than the pass lives.

const SVG = "http://www.w3.org/2000/svg";
// Keeps the height of a line whose words come later.
const BLANK = "\u00a0";

const make = (name, attributes, ...children) => {
  const element = document.createElementNS(name === "svg" || name === "path" ? SVG : "http://www.w3.org/1999/xhtml", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

/** How long the pass of an answer may be seen from now on, by the server's clock; nothing if not at all. */
const millisLeft = ({ body, sent }) => {
  const { pass, connection, server_time } = body;
  if (!pass?.drawing || connection.state === "connected") return 0;
  // Sent at the earliest when it was answered: early rather than late.
  return Date.parse(pass.expires_at) - Date.parse(server_time) - (performance.now() - sent);
};

// As in src/model/selection.rs: what the host wishes of what there is.
const hasChoice = ({ methods, actions }, wishes) => {
  const wished = wishes?.split(/[\s,]+/).filter(Boolean) ?? [];
  const offered = wished.length ? methods.filter((method) => wished.includes(method)) : methods;
  return actions.includes("issue") && offered.length > 1;
};

/** The card with the code in it, every box where the widget will put it; nothing if there is no code to show. */
export const card = (answer, { methods, theme }) => {
  if (!(millisLeft(answer) > 0)) return undefined;
  const { connection, pass } = answer.body;
  const { modules, path } = pass.drawing;
  const box = `0 0 ${modules} ${modules}`;
  const picture = make("svg", { viewBox: box, "shape-rendering": "crispEdges" }, make("path", { d: path }));
  const look = { class: "pairlink", part: "card", "data-stage": "loading", "data-theme": theme ?? "auto" };
  return make(
    "section",
    { ...look, "aria-busy": "true", "aria-hidden": "true" },
    make(
      "header",
      { class: "top", part: "header" },
      make("slot", { name: "logo" }),
      make("span", { class: "name", dir: "auto" }, connection.label),
      make("span", { class: "chip", part: "status" }, BLANK),
    ),
    ...(hasChoice(connection, methods) ? [make("div", { class: "switch" }, make("label", {}))] : []),
    make(
      "div",
      { class: "content" },
      make(
        "div",
        { class: "side" },
        make("div", { class: "tile paper", part: "code" }, picture),
        make("p", { class: "clock" }, BLANK),
        make("p", { class: "small" }, BLANK),
      ),
      make("div", { class: "main" }),
    ),
  );
};

/** Calls once the code must not be seen any more: it ended, or nobody can tell because the page stood still. */
export const watch = (answer, isFresh, cover, until) => {
  const timer = setTimeout(cover, Math.min(millisLeft(answer), 2 ** 31 - 1));
  until.addEventListener("abort", () => clearTimeout(timer));
  const look = (event) => {
    if (event.persisted || event.type === "resume" || !isFresh() || !(millisLeft(answer) > 0)) cover();
  };
  const options = { signal: until };
  addEventListener("pageshow", look, options);
  for (const name of ["resume", "visibilitychange"]) document.addEventListener(name, look, options);
};
