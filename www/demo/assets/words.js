// What the product calls the states of a connection.

const states = {
  starting: { text: "Getting ready", tone: "" },
  waiting: { text: "Waiting", tone: "warn" },
  connected: { text: "Connected", tone: "good" },
  logged_out: { text: "Logged out", tone: "warn" },
  passkey_required: { text: "Passkey needed", tone: "warn" },
  blocked: { text: "Blocked", tone: "bad" },
  failed: { text: "Needs attention", tone: "bad" },
  unknown: { text: "Not connected", tone: "" },
};

/** The words and the tone for a state; states that are newer than this page read as unknown. */
export function stateWords(name) {
  return states[name] ?? states.unknown;
}
