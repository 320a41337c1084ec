// Generated from echo.capnp, sha256 66cbbc4af3b48a84. To change it: "npm run generate".

/** A test interface. */

/** Answers what it is told. */
export interface Echo {
  /** Ends the object's life. No call may follow. */
  destroy(): Promise<void>;

  /** Returns the argument. */
  echo(echo: string): Promise<string>;
}
