// Generated from echo.capnp, sha256 9f12c30180eef0e4. To change it: "npm run generate".

/** A test interface. */

/** Answers what it is told. */
export interface Echo {
  /** Ends the object's life. No call may follow. */
  destroy(): Promise<void>;

  /** Returns the argument. */
  echo(echo: string): Promise<string>;
}
