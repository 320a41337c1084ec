import type { JSONRPCRequest, RPCCommand } from '../generated/chain.js';
import { parseJson, writeJson } from '../json/json.js';
import { argumentNames, RequestMode, runCommand, type CommandSpec, type RpcRequest } from './command.js';
import { asArray } from './values.js';

function requestMode(mode: number): RequestMode {
  return mode === RequestMode.help || mode === RequestMode.argumentMap ? mode : RequestMode.execute;
}

/** The request as it arrived from another process, taken apart. */
export function parseForeignRequest(request: JSONRPCRequest): RpcRequest {
  const params = parseJson(request.params);
  return {
    id: request.id === undefined ? undefined : parseJson(request.id),
    method: request.method,
    params: params === null ? [] : asArray(params),
    mode: requestMode(request.mode),
    uri: request.uri,
    authUser: request.authUser,
    peerAddress: request.peerAddr,
    version: request.version,
  };
}

/** A request in the form in which it travels to another process. */
export function formatForeignRequest(request: RpcRequest): JSONRPCRequest {
  return {
    ...(request.id === undefined ? {} : { id: writeJson(request.id) }),
    method: request.method,
    params: writeJson(request.params),
    mode: request.mode,
    uri: request.uri,
    authUser: request.authUser,
    peerAddr: request.peerAddress,
    version: request.version,
  };
}

/** A command in the form in which one process offers it to another (`Chain.handleRpc`). */
export function foreignCommand(spec: CommandSpec, uniqueId: bigint): RPCCommand {
  return {
    category: spec.category,
    name: spec.name,
    uniqueId,
    argNames: argumentNames(spec.args),
    actor: async (request) => {
      const result = await runCommand(spec, parseForeignRequest(request));
      return { response: writeJson(result), result: true };
    },
  };
}
