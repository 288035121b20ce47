/** Asks this page's own backend, which knows who is signed in. */
export const fetchToken = async () => {
  const answer = await fetch("/api/pairlink-token", { method: "POST" });
  if (!answer.ok) throw new Error("no token");
  return answer.json();
};
