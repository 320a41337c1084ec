// Generated from handler.capnp, sha256 eed74074fc72e89a. To change it: "npm run generate".

/** Subscriptions. */

/** A subscription. It lasts until it is disconnected or destroyed. */
export interface Handler {
  /** Ends the subscription and the handler itself. */
  destroy(): Promise<void>;

  /** Ends the subscription: no new callbacks start. May be repeated. */
  disconnect(): Promise<void>;
}
