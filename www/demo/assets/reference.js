// Examples that run. One at a time: each holds a stream to the proxy, and browsers open few connections to one host.

import { sayIfFailed, watchLoading } from "./loading.js";
import { logEvents } from "./log.js";

watchLoading();

const endpoint = "/api/channels/counter/pairlink-token";
const examples = [...document.querySelectorAll("[data-example]")];
for (const example of examples) {
  example.querySelector("[data-run]").addEventListener("click", () => {
    if (isRunning(example)) stop(example);
    else run(example);
  });
}
run(examples[0]);

function isRunning(example) {
  return stageOf(example).childElementCount > 0;
}

function stageOf(example) {
  return example.querySelector("[data-stage]");
}

function run(example) {
  examples.filter(isRunning).forEach(stop);
  const stage = stageOf(example);
  stage.append(document.importNode(example.querySelector("[data-live]").content, true));
  for (const element of stage.querySelectorAll("pair-link, pair-link-frame")) {
    element.setAttribute("theme", document.documentElement.dataset.theme);
  }
  // By the target: an element that is out of the page for a moment is heard again when it is back.
  logEvents(stage, stage.querySelector("[data-log]"), (element) => element.id);
  sayIfFailed(stage);
  const controls = { "[data-controls]": attributes, "[data-methods]": methods, "[data-sources]": sources };
  for (const [selector, begin] of Object.entries(controls)) {
    const found = stage.querySelector(selector);
    if (found) begin(found, stage);
  }
  say(example, "Stop");
}

/** What is removed from the page ends by itself. */
function stop(example) {
  const stage = stageOf(example);
  stage.replaceChildren();
  // A fresh one, without the listeners of this run.
  stage.replaceWith(stage.cloneNode());
  say(example, "Run this example");
}

function say(example, words) {
  const button = example.querySelector("[data-run]");
  button.textContent = words;
  button.setAttribute("aria-pressed", String(isRunning(example)));
}

/** Controls that set attributes, and show what one would write. */
function attributes(form, stage) {
  const element = stage.querySelector("[data-subject]");
  const source = form.querySelector("[data-source]");
  const apply = () => {
    const given = new FormData(form);
    const wanted = {
      theme: given.get("look"),
      methods: given.getAll("methods").join(", "),
      "phone-number": given.get("phone-number").trim(),
      locale: given.get("locale").trim(),
    };
    const written = [`token-endpoint="${endpoint}"`];
    for (const [name, value] of Object.entries(wanted)) {
      if (value) {
        element.setAttribute(name, value);
        written.push(`${name}="${value}"`);
      } else element.removeAttribute(name);
    }
    source.textContent = `<pair-link\n  ${written.join("\n  ")}\n></pair-link>`;
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", apply);
  apply();
}

/** Buttons that call methods of the element, or of the one that is chosen. */
function methods(bar, stage) {
  const elements = [...stage.querySelectorAll("pair-link, pair-link-frame")];
  const chosen = () => {
    const name = bar.querySelector("[name=which]:checked")?.value;
    return elements.find((element) => element.id === name) ?? elements[0];
  };
  bar.addEventListener("click", ({ target }) => {
    const call = target.dataset.call;
    const element = chosen();
    if (call === "add") {
      // Out, and a moment later in again, where it was.
      const place = document.createComment("");
      element.replaceWith(place);
      setTimeout(() => place.replaceWith(element));
    } else element[call]?.();
  });
}

/** Functions that give tokens, each in its own way. */
function sources(form, stage) {
  const element = stage.querySelector("[data-subject]");
  const ways = {
    works: async () => (await fetch(endpoint, { method: "POST" })).json(),
    throws: () => {
      throw new Error("this one throws");
    },
    rubbish: async () => ({ rubbish: true }),
    foreign: async () => "ple_nobody_made_this_one",
    hangs: () => new Promise(() => {}),
  };
  const choose = () => {
    element.fetchToken = ways[new FormData(form).get("source")];
  };
  form.addEventListener("change", choose);
  choose();
}
