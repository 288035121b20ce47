/** The custom element `<pair-link>`: connects a WhatsApp account without any secret in the page. */

export type PairLinkMethod = "link" | "qr" | "code" | "token";

export type PairLinkSessionState =
  | "starting"
  | "waiting"
  | "connected"
  | "logged_out"
  | "passkey_required"
  | "blocked"
  | "failed"
  | "unknown";

/** An embed token, or the whole answer of `POST /v1/connections/{id}/embed-tokens`. */
export type PairLinkToken = string | { token: string; expires_at?: string };

/** Details of the events. None of them holds a secret. */
export interface PairLinkEventMap {
  /** The widget knows the state of the connection. */
  "pairlink:ready": CustomEvent<Record<string, never>>;
  /** A pass is there. */
  "pairlink:pass": CustomEvent<{ method: PairLinkMethod; expires_at: string }>;
  /** The state of the login changed. */
  "pairlink:state": CustomEvent<{ state: PairLinkSessionState }>;
  /** A phone is linked. */
  "pairlink:connected": CustomEvent<Record<string, never>>;
  /** The pass reached its end. */
  "pairlink:expired": CustomEvent<Record<string, never>>;
  /** The passes were revoked, here or elsewhere, or cancelled while they were made. */
  "pairlink:revoked": CustomEvent<Record<string, never>>;
  /**
   * Something failed, and the page says so. `code` is a problem code of the API, or one of `unreachable`,
   * `timed_out`, `unreadable`, `no_token`, `config_error`, `not_loaded`, `crashed`.
   */
  "pairlink:error": CustomEvent<{ code: string; request_id: string | null }>;
}

/**
 * Attributes: `token-endpoint`, `base`, `methods`, `phone-number`, `locale`, `theme` (`auto`, `light`, `dark`).
 * Slot: `logo`. Parts: `card`, `header`, `status`, `switch`, `method`, `code`, `countdown`, `caption`, `title`, `text`,
 * `steps`, `field`, `button` (also `primary`, `revoke`), `actions`.
 */
export interface PairLinkElement extends HTMLElement {
  /** Gives an embed token; called again before it ends. Comes before the attribute `token-endpoint`. */
  fetchToken: (() => PairLinkToken | Promise<PairLinkToken>) | undefined;
  /** Asks for a new pass of the method in view. */
  issue(): void;
  /** Revokes every live pass of the connection; the code is covered at once. */
  revoke(): void;
  /** Ends everything. Adding the element to a page again begins anew. */
  destroy(): void;
  addEventListener<K extends keyof PairLinkEventMap>(
    type: K,
    listener: (this: PairLinkElement, event: PairLinkEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/**
 * The same in a frame of the proxy's own, from `/embed.js`. Its `pairlink:error` also says `not_loaded` when the frame
 * does not answer. Attributes and `--pairlink-…` variables reach the frame; parts and slots do not.
 */
export type PairLinkFrameElement = PairLinkElement;

declare global {
  interface HTMLElementTagNameMap {
    "pair-link": PairLinkElement;
    "pair-link-frame": PairLinkFrameElement;
  }
}
