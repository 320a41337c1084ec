import type { RPCArg } from '../generated/chain.js';
import { HelpResult } from '../errors.js';
import { writeJson, type Jsonable, type JsonObject, type JsonValue, parseJson } from '../json/json.js';
import { firstName, typeMismatch, type Argument } from './argument.js';
import { rpcError } from './codes.js';
import { formatCommandHelp } from './help.js';
import { asArray, asBigInt, asBoolean, asHash, asHex, asInteger, asObject, asString } from './values.js';

/** What a request wants of a command. Numbers as they travel between processes. */
export const RequestMode = { execute: 0, help: 1, argumentMap: 2 } as const;
export type RequestMode = (typeof RequestMode)[keyof typeof RequestMode];

/** A request to one command, its arguments in their places. */
export interface RpcRequest {
  /** Undefined for a notification. */
  readonly id: JsonValue | undefined;
  readonly method: string;
  readonly params: readonly JsonValue[];
  readonly mode: RequestMode;
  /** Path of the HTTP request, for example `/wallet/name`. */
  readonly uri: string;
  readonly authUser: string;
  readonly peerAddress: string;
  /** 0: JSON-RPC 1, 1: JSON-RPC 2. */
  readonly version: number;
  /** Aborted when nobody waits for the answer any more. Only commands that wait for something need to look. */
  readonly abandoned?: AbortSignal;
}

/** A JSON-RPC command: its documentation, and what it does. */
export interface CommandSpec {
  readonly name: string;
  /** Heading in the list of commands; `hidden` ones are not listed. */
  readonly category: string;
  readonly description: string;
  readonly args: readonly Argument[];
  /** Shape of the result, as help shows it; several shapes begin with `Result (for …):` each. */
  readonly result?: string;
  run(call: RpcCall): Jsonable | Promise<Jsonable>;
}

/** The arguments of one call, by name. Left-out ones take their defaults. */
export class RpcCall {
  readonly #spec: CommandSpec;

  constructor(
    spec: CommandSpec,
    readonly request: RpcRequest,
  ) {
    this.#spec = spec;
  }

  #find(name: string): { given: JsonValue; value: JsonValue } {
    const index = this.#spec.args.findIndex((argument) => firstName(argument) === name);
    const argument = this.#spec.args[index];
    if (argument === undefined) throw new Error(`${this.#spec.name} has no argument ${name}`);
    const given = this.request.params[index] ?? null;
    if (given !== null || argument.default === undefined) return { given, value: given };
    return { given, value: parseJson(writeJson(argument.default)) };
  }

  /** The argument as given, or its default, or null. */
  value(name: string): JsonValue {
    return this.#find(name).value;
  }

  has(name: string): boolean {
    return this.value(name) !== null;
  }

  /** Whether the caller said it, and it is no default. */
  given(name: string): boolean {
    return this.#find(name).given !== null;
  }

  string(name: string): string {
    return asString(this.value(name));
  }

  boolean(name: string): boolean {
    return asBoolean(this.value(name));
  }

  integer(name: string, min?: number, max?: number): number {
    return asInteger(this.value(name), min, max);
  }

  bigint(name: string): bigint {
    return asBigInt(this.value(name));
  }

  object(name: string): JsonObject {
    return asObject(this.value(name));
  }

  array(name: string): readonly JsonValue[] {
    return asArray(this.value(name));
  }

  /** A block hash or txid, to internal byte order. */
  hash(name: string): Uint8Array {
    return asHash(this.value(name), name);
  }

  hex(name: string): Uint8Array {
    return asHex(this.value(name), name);
  }
}

function requiredCount(args: readonly Argument[]): number {
  return args.findLastIndex((argument) => argument.required === true) + 1;
}

/** For each argument of a command: command, position, name, whether it is text. */
function argumentMap(spec: CommandSpec): Jsonable {
  const rows: Jsonable[] = [];
  const add = (position: number, argument: Argument): void => {
    const isText = argument.kind === 'string' || argument.kind === 'hex';
    for (const name of argument.names.split('|')) rows.push([spec.name, position, name, isText]);
  };
  for (const [i, argument] of spec.args.entries()) {
    add(i, argument);
    if (argument.kind === 'named-options') for (const inner of argument.inner ?? []) add(i, inner);
  }
  return rows;
}

/** Names of a command's arguments, options that can be given by name before the object that holds them. */
export function argumentNames(args: readonly Argument[]): readonly RPCArg[] {
  return args.flatMap((argument) => [
    ...(argument.kind === 'named-options' ? (argument.inner ?? []) : []).map((inner) => ({
      name: inner.names,
      namedOnly: true,
    })),
    { name: argument.names, namedOnly: false },
  ]);
}

/**
 * Checks the arguments of a request and runs the command.
 * @throws HelpResult when help was asked for or the number of arguments is wrong; RpcFailure; TypeFailure.
 */
export async function runCommand(spec: CommandSpec, request: RpcRequest): Promise<Jsonable> {
  if (request.mode === RequestMode.argumentMap) return argumentMap(spec);
  const count = request.params.length;
  if (request.mode === RequestMode.help || count < requiredCount(spec.args) || count > spec.args.length) {
    throw new HelpResult(formatCommandHelp(spec));
  }
  const mismatches: Record<string, string> = {};
  for (const [i, argument] of spec.args.entries()) {
    const mismatch = typeMismatch(argument, request.params[i] ?? null);
    if (mismatch !== undefined) mismatches[`Position ${i + 1} (${argument.names})`] = mismatch;
  }
  if (Object.keys(mismatches).length > 0) {
    throw rpcError('type', `Wrong type passed:\n${writeJson(mismatches, 4)}`);
  }
  return await spec.run(new RpcCall(spec, request));
}


