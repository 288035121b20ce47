// The customer's page around the element: it says when the work is done.

import { watchLoading } from "./loading.js";

watchLoading();

const outcome = document.querySelector("[data-outcome]");

document.querySelector("pair-link").addEventListener("pairlink:connected", () => {
  outcome.textContent = "Your phone is connected. You can close this page.";
  outcome.hidden = false;
  for (const step of document.querySelectorAll(".step")) step.dataset.done = "";
});
