// The page around the frame: its buttons call the element's methods, and it writes down what it is told.

import { watchLoading } from "./loading.js";
import { logEvents } from "./log.js";

watchLoading();

const element = document.querySelector("pair-link-frame");
logEvents(element, document.querySelector("[data-log]"));
for (const button of document.querySelectorAll("[data-call]")) {
  button.addEventListener("click", () => element[button.dataset.call]?.());
}
