// The customer's page around the element: it says when the work is done.

import { watchLoading } from "./loading.js";

watchLoading();

const lastStep = document.querySelector("[data-last-step]");
const outcome = document.querySelector("[data-outcome]");

document.querySelector("pair-link").addEventListener("pairlink:connected", () => {
  outcome.textContent = "Your phone is connected. You can close this page.";
  outcome.hidden = false;
  for (const step of lastStep.parentElement.children) step.dataset.done = "";
});
