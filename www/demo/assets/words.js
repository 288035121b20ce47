// What the product calls the states of a connection, and what the element shows.

const states = {
  starting: { text: "Getting ready", tone: "" },
  waiting: { text: "Waiting", tone: "warn" },
  connected: { text: "Connected", tone: "good" },
  logged_out: { text: "Logged out", tone: "warn" },
  passkey_required: { text: "Passkey needed", tone: "warn" },
  blocked: { text: "Blocked", tone: "bad" },
  failed: { text: "Needs attention", tone: "bad" },
  unknown: { text: "Not connected", tone: "" },
  // Ours: a channel that programs use with tokens.
  tokens: { text: "By API", tone: "" },
  token: { text: "Token shown", tone: "good" },
};

const methods = {
  link: { text: "Link", icon: "out" },
  qr: { text: "QR code", icon: "eye", brief: true },
  code: { text: "Pairing code", icon: "phone", brief: true },
  token: { text: "API token", icon: "key" },
};

/** The words and the tone for a state; states that are newer than this page read as unknown. */
export function stateWords(name) {
  return states[name] ?? states.unknown;
}

/** The words and the icon for a method; `brief` ones live for seconds. */
export function methodWords(name) {
  return methods[name] ?? { text: "Access", icon: "out" };
}
