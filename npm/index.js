// The element without the effect of being imported: nothing is defined or fetched before it is asked for. Importing
// this where there is no DOM, as on a server, does nothing at all.

import { PairLinkElement, load } from "./element.js";

export { PairLinkElement, load };

/** Defines `<pair-link>`, if nobody has. Does nothing where there are no custom elements. */
export const define = () => {
  const { customElements } = globalThis;
  if (customElements && !customElements.get("pair-link")) {
    customElements.define("pair-link", PairLinkElement);
  }
};
