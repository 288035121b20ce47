// Plays with the element's variables and attributes, and shows what a page has to write for the same.

import { watchLoading } from "./loading.js";

watchLoading();

// Variables, what they are for, and what they are in the light and in the dark theme.
const COLOURS = [
  ["--pairlink-accent", "Accent", "#0b6e4f", "#4ecb9b"],
  ["--pairlink-on-accent", "Text on it", "#ffffff", "#06281c"],
  ["--pairlink-surface", "Card", "#ffffff", "#15191c"],
  ["--pairlink-sunken", "Sunken parts", "#f4f6f5", "#1e2428"],
  ["--pairlink-line", "Lines", "#dde3e0", "#2e363b"],
  ["--pairlink-ink", "Text", "#14201b", "#eef3f1"],
  ["--pairlink-quiet", "Quiet text", "#53615b", "#a5b1ac"],
  ["--pairlink-danger", "Danger", "#b3261e", "#ff9a91"],
  ["--pairlink-warn", "Warning", "#8a5300", "#ffc56b"],
  ["--pairlink-warn-surface", "Behind a warning", "#fff4e0", "#31260f"],
];
const LANGUAGES = ["en", "es", "pt-BR", "fr", "de", "it", "ru", "id", "hi", "ar", "he", "tr", "zh-Hans"];

const form = document.querySelector("form");
const element = document.querySelector("pair-link");
const [markup, css] = ["markup", "css"].map((name) => document.querySelector(`[data-${name}]`));
const copied = document.querySelector("[data-copied]");
// A sheet made by script needs no leave for inline styles.
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [sheet];

// Inputs that somebody touched: the others are left to the element, which knows its themes.
const touched = new Set();

const colours = document.querySelector("[data-colours]");
for (const [name, words] of COLOURS) {
  const label = document.createElement("label");
  const input = Object.assign(document.createElement("input"), { type: "color", name });
  label.append(words, input);
  colours.append(label);
}
for (const tag of LANGUAGES) {
  const name = new Intl.DisplayNames(tag, { type: "language" }).of(tag);
  const option = Object.assign(document.createElement("option"), { value: tag, textContent: name, lang: tag });
  form.elements.locale.append(option);
}

const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => form.elements.theme.value === "dark" || (form.elements.theme.value === "auto" && prefersDark.matches);

// What is untouched shows what the theme has.
const showDefaults = () => {
  for (const [name, , light, dark] of COLOURS) {
    if (!touched.has(name)) form.elements[name].value = isDark() ? dark : light;
  }
};

const attribute = (name, value) => {
  if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
};

const apply = () => {
  showDefaults();
  attribute("theme", form.elements.theme.value === "auto" ? "" : form.elements.theme.value);
  attribute("locale", form.elements.locale.value);
  element.parentElement.dataset.width = form.elements.width.value;
  const lines = [];
  for (const { name, value, dataset, type } of form.elements) {
    const set = type === "color" || type === "range" ? touched.has(name) : value;
    if (name.startsWith("--") && set) lines.push(`  ${name}: ${value}${dataset.unit ?? ""};`);
  }
  css.textContent = lines.length ? ["pair-link {", ...lines, "}"].join("\n") : "/* Nothing was changed. */";
  sheet.replaceSync(css.textContent);
  const attributes = ["token-endpoint", "theme", "locale"]
    .filter((name) => element.hasAttribute(name))
    .map((name) => ` ${name}="${element.getAttribute(name)}"`);
  markup.textContent = `<pair-link${attributes.join("")}></pair-link>`;
  copied.textContent = "";
};

form.addEventListener("input", ({ target }) => {
  touched.add(target.name);
  apply();
});
form.addEventListener("reset", () => {
  touched.clear();
  // The fields have their first values only after this event.
  queueMicrotask(apply);
});
prefersDark.addEventListener("change", apply);
document.querySelector("[data-copy]").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(`${markup.textContent}\n\n${css.textContent}\n`);
    copied.textContent = "Copied";
  } catch {
    copied.textContent = "The browser does not allow it: select the text and copy it by hand.";
  }
});

apply();
