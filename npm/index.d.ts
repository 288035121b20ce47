import type { PairLinkElement as Element } from "./element.js";

export type {
  PairLinkEventMap,
  PairLinkMethod,
  PairLinkSessionState,
  PairLinkToken,
} from "./element.js";

/** An element of the page, as `document.querySelector("pair-link")` returns it. */
export type PairLinkElement = Element;

/** The class behind `<pair-link>`. It can be constructed once it is defined. */
export declare const PairLinkElement: {
  new (): Element;
  readonly prototype: Element;
  readonly observedAttributes: readonly string[];
};

/** Defines `<pair-link>`, if nobody has. Does nothing where there are no custom elements, as on a server. */
export declare const define: () => void;

/** Fetches and compiles the engine ahead of the first element: where it is likely to be needed soon. */
export declare const load: () => Promise<unknown>;
