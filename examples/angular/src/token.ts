import type { PairLinkToken } from "pairlink";

/** Asks this page's own backend, which knows who is signed in. */
export async function fetchToken(): Promise<PairLinkToken> {
  const answer = await fetch("/api/pairlink-token", { method: "POST" });
  if (!answer.ok) throw new Error("no token");
  return answer.json();
}
