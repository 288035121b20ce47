// What the page says in the element's place when the element cannot be loaded.

/** Watches the script of the element, and tells of its failure; must run before that script does. */
export function watchLoading(onFailure) {
  document.querySelector("script[src$='/widget.js']").addEventListener("error", () => {
    for (const note of document.querySelectorAll("[data-loading]")) {
      note.textContent = "The connection could not be loaded. Reload this page in a moment.";
    }
    onFailure?.();
  });
}
