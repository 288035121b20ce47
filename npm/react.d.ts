// `<pair-link>` in JSX, for React 19: `import type {} from "pairlink/react"`.

import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { PairLinkElement, PairLinkEventMap } from "./element.js";

/** Attributes, the property, and listeners: `onpairlink:connected={…}`. */
export type PairLinkProps = DetailedHTMLProps<HTMLAttributes<PairLinkElement>, PairLinkElement> & {
  "token-endpoint"?: string;
  base?: string;
  methods?: string;
  "phone-number"?: string;
  locale?: string;
  theme?: "auto" | "light" | "dark";
  fetchToken?: PairLinkElement["fetchToken"];
} & {
  [Name in keyof PairLinkEventMap as `on${Name}`]?: (event: PairLinkEventMap[Name]) => void;
};

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "pair-link": PairLinkProps;
    }
  }
}
