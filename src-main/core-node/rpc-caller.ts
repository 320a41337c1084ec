/** JSON-RPC through a node's Rpc object: the same requests and replies that HTTP would carry. */
import { RpcFailure } from '../../src-interfaces/errors.js';
import type { Rpc } from '../../src-interfaces/generated/rpc.js';
import { JsonText, memberTexts, parseJson, writeJson, type Jsonable, type JsonObject, type JsonValue } from '../../src-interfaces/json/json.js';
import { RpcErrorCode, rpcError } from '../../src-interfaces/rpc/codes.js';
import { asObject } from '../../src-interfaces/rpc/values.js';

/** The user that whoever reads the node's cookie file is; `-rpcwhitelist` can name it. */
const user = '__cookie__';

export class RpcCaller {
  readonly #rpc: Rpc;
  readonly #warmingUp: (message: string) => void;
  readonly #asked = new Map<string, Promise<JsonObject>>();
  #lastId = 0;

  /** @param warmingUp hears how far a node is that does not run commands yet */
  constructor(rpc: Rpc, warmingUp: (message: string) => void = () => undefined) {
    this.#rpc = rpc;
    this.#warmingUp = warmingUp;
  }

  /**
   * Runs a command.
   * @param params JSON text of an array or object; '' for none
   * @param uri '' or `/wallet/<name>`
   * @returns the result exactly as the node wrote it
   * @throws RpcFailure with the node's error, exactly as it wrote it
   */
  async execute(method: string, params: string, uri = ''): Promise<string> {
    // Errors of older versions of JSON-RPC would be thrown in the node, and lose their code on the way here.
    const request = writeJson({ jsonrpc: '2.0', id: ++this.#lastId, method, params: new JsonText(checked(params)) });
    const reply = await this.#rpc.executeRpc(request, uri, user);
    const members = reply === '' || reply === 'null' ? undefined : memberTexts(reply);
    if (members === undefined) throw rpcError('misc', `The node does not let this window run ${method} (-rpcwhitelist).`);
    const error = members.get('error') ?? 'null';
    if (error !== 'null') {
      const failure = new RpcFailure(error);
      if (failure.code === RpcErrorCode.inWarmup) this.#warmingUp(failure.message);
      throw failure;
    }
    return members.get('result') ?? 'null';
  }

  /** Runs a command and reads its result; numbers keep their digits. @throws RpcFailure */
  async call(method: string, ...params: readonly Jsonable[]): Promise<JsonValue> {
    return parseJson(await this.execute(method, writeJson(params)));
  }

  /**
   * The object that a command without parameters gives. Several questions of one turn are one call, so that the
   * parts of an answer fit together.
   * @throws RpcFailure
   */
  ask(method: string): Promise<JsonObject> {
    const asked = this.#asked.get(method);
    if (asked !== undefined) return asked;
    const answer = Promise.resolve().then(async () => {
      this.#asked.delete(method);
      return asObject(await this.call(method));
    });
    this.#asked.set(method, answer);
    return answer;
  }
}

/** JSON text that can stand inside a request. @throws RpcFailure when it is not JSON */
function checked(params: string): string {
  if (params === '') return '[]';
  try {
    parseJson(params);
  } catch {
    throw rpcError('parseError', 'Parse error');
  }
  return params;
}

/** Whether an error is the node's own, with one of these codes. */
export function isRpcFailure(error: unknown, ...codes: readonly number[]): error is RpcFailure {
  return error instanceof RpcFailure && codes.includes(error.code);
}
