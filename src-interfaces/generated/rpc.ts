// Generated from rpc.capnp, sha256 cded78a36e67de8a. To change it: "npm run generate".

/** JSON-RPC without HTTP. */

/** Answers JSON-RPC requests as the HTTP endpoint does. */
export interface Rpc {
  /**
   * Answers a request object or a batch of them, given as JSON text. `uri` is the path a client
   * would have sent it to and names the wallet, `user` the one whose list of commands applies. The
   * result is the reply, errors included; null for notifications and for what the user may not
   * call.
   */
  executeRpc(request: string, uri: string, user: string): Promise<string>;
}
