// Compiled, never run: what must type-check, and what must not.

import "pairlink/define";
import { define, load, PairLinkElement } from "pairlink";
import type { PairLinkEventMap, PairLinkMethod, PairLinkToken } from "pairlink";
import type {} from "pairlink/react";

define();
const loaded: Promise<unknown> = load();
void loaded;

const token: PairLinkToken = { token: "ple_x", expires_at: "2026-06-19T19:10:00.000Z" };
const element: PairLinkElement = document.createElement("pair-link");
element.fetchToken = async () => token;
element.fetchToken = () => "ple_x";
element.fetchToken = undefined;
element.issue();
element.revoke();
element.destroy();
element.addEventListener("pairlink:pass", (event) => {
  const method: PairLinkMethod = event.detail.method;
  return method;
});
element.addEventListener("click", (event) => event.preventDefault());
const another: PairLinkElement = new PairLinkElement();
another.setAttribute("theme", "dark");
type Code = PairLinkEventMap["pairlink:error"]["detail"]["code"];
const code: Code = "crashed";
void code;

// @ts-expect-error: there is no property for a token.
element.token = "ple_x";
// @ts-expect-error: a number is no token.
element.fetchToken = () => 1;

export const good = (
  <pair-link
    base="https://pairlink.example"
    theme="dark"
    fetchToken={async () => token}
    onpairlink:pass={(event) => event.detail.expires_at}
  />
);
// @ts-expect-error: there is no such theme.
export const bad = <pair-link theme="red" />;
