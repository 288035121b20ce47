// What the page says in the element's place when the element cannot be loaded.

let failed = false;

/** Watches the script of the element, and tells of its failure; must run before that script does. */
export function watchLoading(onFailure) {
  for (const script of document.querySelectorAll("script[src$='/widget.js'], script[src$='/embed.js']")) {
    script.addEventListener("error", () => {
      failed = true;
      sayIfFailed(document);
      onFailure?.();
    });
  }
}

/** Says so in what came into the page since. */
export function sayIfFailed(root) {
  if (!failed) return;
  for (const note of root.querySelectorAll("[data-loading]")) {
    note.textContent = "The connection could not be loaded. Reload this page in a moment.";
  }
}
