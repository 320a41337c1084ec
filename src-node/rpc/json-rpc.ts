import type { RpcFailure } from '../../src-interfaces/errors.js';
import {
  isJsonArray,
  isJsonObject,
  JsonText,
  parseJson,
  writeJson,
  type Jsonable,
  type JsonValue,
} from '../../src-interfaces/json/json.js';
import { RpcErrorCode, rpcError } from '../../src-interfaces/rpc/codes.js';
import { RequestMode } from '../../src-interfaces/rpc/command.js';
import { asRpcFailure, type CommandTable, type IncomingRequest } from './command-table.js';

/** Where a request came from. */
export interface Caller {
  /** Path of the HTTP request. */
  readonly uri: string;
  readonly authUser: string;
  /** `host:port` */
  readonly peerAddress: string;
  /** Aborted when the caller has left. */
  readonly abandoned?: AbortSignal;
  /** Whether the user may call a command. */
  mayCall(method: string): boolean;
}

/** What to send back. */
export interface HttpReply {
  readonly status: number;
  readonly body: string;
}

const version1 = 0;
const version2 = 1;

interface Head {
  id: JsonValue | undefined;
  version: number;
}

/** A user asked for a command that is not on the user's list. */
class Forbidden extends Error {
  override readonly name = 'Forbidden';
}

/**
 * Reads a request object. Fills `head` as it goes, so that an error can be answered with the id.
 * @throws RpcFailure
 */
function parseRequest(value: JsonValue, head: Head, caller: Caller): IncomingRequest {
  head.version = version1;
  head.id = undefined;
  if (!isJsonObject(value)) throw rpcError('invalidRequest', 'Invalid Request object');
  head.id = value['id'];
  const version = value['jsonrpc'] ?? null;
  if (version !== null) {
    if (typeof version !== 'string') throw rpcError('invalidRequest', 'jsonrpc field must be a string');
    if (version === '2.0') head.version = version2;
    else if (version !== '1.0') throw rpcError('invalidRequest', 'JSON-RPC version not supported');
  }
  const method = value['method'] ?? null;
  if (method === null) throw rpcError('invalidRequest', 'Missing method');
  if (typeof method !== 'string') throw rpcError('invalidRequest', 'Method must be a string');
  const given = value['params'] ?? null;
  const params = given === null ? [] : given;
  if (!isJsonArray(params) && !isJsonObject(params)) {
    throw rpcError('invalidRequest', 'Params must be an array or object');
  }
  const { uri, authUser, peerAddress, abandoned } = caller;
  const { id, version: rpcVersion } = head;
  return { id, method, params, mode: RequestMode.execute, uri, authUser, peerAddress, version: rpcVersion, ...(abandoned === undefined ? {} : { abandoned }) };
}

function reply(head: Head, result: Jsonable): Jsonable {
  return head.version === version2 ? { jsonrpc: '2.0', result, id: head.id } : { result, error: null, id: head.id };
}

function errorReply(head: Head, failure: RpcFailure): Jsonable {
  const error = new JsonText(failure.json);
  return head.version === version2 ? { jsonrpc: '2.0', error, id: head.id } : { result: null, error, id: head.id };
}

function isNotification(head: Head): boolean {
  return head.version === version2 && head.id === undefined;
}

function httpStatus(failure: RpcFailure): number {
  if (failure.code === RpcErrorCode.invalidRequest) return 400;
  return failure.code === RpcErrorCode.methodNotFound ? 404 : 500;
}

/** Answers JSON-RPC requests, single or in batches, with what HTTP says about them. */
export class JsonRpc {
  constructor(
    private readonly table: CommandTable,
    private readonly onRequest: (request: IncomingRequest) => void = () => undefined,
  ) {}

  async handle(body: string, caller: Caller): Promise<HttpReply> {
    const head: Head = { id: null, version: version1 };
    try {
      let value: JsonValue;
      try {
        value = parseJson(body);
      } catch {
        throw rpcError('parseError', 'Parse error');
      }
      if (isJsonObject(value)) return await this.#single(value, head, caller);
      if (isJsonArray(value)) return await this.#batch(value, caller);
      throw rpcError('parseError', 'Top-level object parse error');
    } catch (error) {
      if (error instanceof Forbidden) return { status: 403, body: '' };
      const failure = asRpcFailure(error);
      return { status: httpStatus(failure), body: `${writeJson(errorReply(head, failure))}\n` };
    }
  }

  async #single(value: JsonValue, head: Head, caller: Caller): Promise<HttpReply> {
    const request = parseRequest(value, head, caller);
    if (!caller.mayCall(request.method)) throw new Forbidden(request.method);
    this.onRequest(request);
    let answer: Jsonable;
    try {
      answer = reply(head, await this.table.execute(request));
    } catch (error) {
      // Version 1 tells of errors by the HTTP status too, version 2 in the answer only.
      if (head.version === version1) throw error;
      answer = errorReply(head, asRpcFailure(error));
    }
    if (isNotification(head)) return { status: 204, body: '' };
    return { status: 200, body: `${writeJson(answer)}\n` };
  }

  async #batch(values: readonly JsonValue[], caller: Caller): Promise<HttpReply> {
    for (const value of values) {
      const method = isJsonObject(value) ? value['method'] : undefined;
      if (typeof method === 'string' && !caller.mayCall(method)) throw new Forbidden(method);
    }
    const answers: Jsonable[] = [];
    for (const value of values) {
      const head: Head = { id: null, version: version1 };
      let answer: Jsonable;
      try {
        const request = parseRequest(value, head, caller);
        this.onRequest(request);
        answer = reply(head, await this.table.execute(request));
      } catch (error) {
        answer = errorReply(head, asRpcFailure(error));
      }
      if (!isNotification(head)) answers.push(answer);
    }
    if (answers.length === 0 && values.length > 0) return { status: 204, body: '' };
    return { status: 200, body: `${writeJson(answers)}\n` };
  }
}
