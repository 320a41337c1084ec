import type { Rpc } from '../../src-interfaces/generated/rpc.js';
import type { CommandWhitelist } from '../rpc/whitelist.js';
import type { JsonRpc } from '../rpc/json-rpc.js';

/** What JSON-RPC without HTTP needs of the program. */
export interface RpcProgram {
  readonly jsonRpc: JsonRpc;
  /** Undefined while the program has no options: it then answers nothing but that it is starting. */
  commandWhitelist(): CommandWhitelist | undefined;
}

/** Answers as the HTTP endpoint would, also while the node is starting. Who asks is the user they say they are. */
export class NodeRpc implements Rpc {
  readonly #program: RpcProgram;

  constructor(program: RpcProgram) {
    this.#program = program;
  }

  async executeRpc(request: string, uri: string, user: string): Promise<string> {
    const { jsonRpc } = this.#program;
    const whitelist = this.#program.commandWhitelist();
    if (whitelist?.mayCallAnything(user) === false) return 'null';
    const mayCall = (method: string): boolean => whitelist?.mayCall(user, method) ?? true;
    const { body } = await jsonRpc.handle(request, { uri, authUser: user, peerAddress: '', mayCall });
    return body === '' ? 'null' : body.trimEnd();
  }
}
