import { HelpResult, isDisconnected, RpcFailure, TypeFailure } from '../../src-interfaces/errors.js';
import type { RPCArg, RPCCommand } from '../../src-interfaces/generated/chain.js';
import { isJsonArray, JsonText, parseJson, type Jsonable, type JsonObject, type JsonValue } from '../../src-interfaces/json/json.js';
import { formatForeignRequest } from '../../src-interfaces/rpc/actor.js';
import { RpcErrorCode, rpcError } from '../../src-interfaces/rpc/codes.js';
import { argumentNames, RequestMode, runCommand, type CommandSpec, type RpcRequest } from '../../src-interfaces/rpc/command.js';
import { positionalArguments } from '../../src-interfaces/rpc/named-arguments.js';
import type { CommandRegistry } from '../interfaces/chain.js';
import { joinedLists, leavesOutWallet, refuseAmbiguousWallet } from './wallet-processes.js';

/** A request as it comes in: arguments by position or by name. */
export type IncomingRequest = Omit<RpcRequest, 'params'> & { readonly params: readonly JsonValue[] | JsonObject };

type Outcome = { readonly handled: true; readonly result: Jsonable } | { readonly handled: false };

interface Entry {
  readonly category: string;
  readonly name: string;
  readonly argNames: readonly RPCArg[];
  /** Offered by another process. */
  readonly isForeign: boolean;
  run(request: RpcRequest, last: boolean): Promise<Outcome>;
}

function ownEntry(spec: CommandSpec): Entry {
  return {
    category: spec.category,
    name: spec.name,
    argNames: argumentNames(spec.args),
    isForeign: false,
    run: async (request) => ({ handled: true, result: await runCommand(spec, request) }),
  };
}

/** A command that another process offers. Its results pass through as the text they arrive as. */
function foreignEntry(command: RPCCommand): Entry {
  return {
    category: command.category,
    name: command.name,
    argNames: command.argNames,
    isForeign: true,
    run: async (request, last) => {
      try {
        const { response, result } = await command.actor(formatForeignRequest(request), 'null', last);
        return result ? { handled: true, result: new JsonText(response) } : { handled: false };
      } catch (error) {
        // A wallet that is not there may be another handler's.
        if (!last && error instanceof RpcFailure && error.code === RpcErrorCode.walletNotFound) return { handled: false };
        if (isDisconnected(error)) throw rpcError('wallet', 'The wallet process ended before it answered');
        throw error;
      }
    },
  };
}

/** The arguments of a request in the order in which an entry takes them. */
function positioned({ params }: IncomingRequest, entry: Entry): readonly JsonValue[] {
  return isJsonArray(params) ? params : positionalArguments(params, entry.argNames);
}

/** A command being worked on. */
export interface ActiveCommand {
  readonly method: string;
  /** `performance.now()` when it began. */
  readonly since: number;
}

/** Turns whatever a command threw into a JSON-RPC error. */
export function asRpcFailure(error: unknown): RpcFailure {
  if (error instanceof RpcFailure) return error;
  if (error instanceof TypeFailure) return rpcError('type', error.message);
  if (error instanceof HelpResult) return rpcError('misc', error.message);
  return rpcError('misc', error instanceof Error ? error.message : String(error));
}

/** All commands of the JSON-RPC server, the node's own and those that other processes offer. */
export class CommandTable implements CommandRegistry {
  readonly #entries = new Map<string, Entry[]>();
  readonly #active = new Set<ActiveCommand>();
  readonly #deprecatedEnabled: (method: string) => boolean;
  /** Names of commands that another process has offered, now or before. */
  readonly #foreign = new Set<string>();
  #absence: () => string | undefined = () => undefined;
  #warmup: string | undefined = 'RPC server started';

  constructor(deprecatedEnabled: (method: string) => boolean = () => false) {
    this.#deprecatedEnabled = deprecatedEnabled;
  }

  /** While the node starts every command fails with this text. */
  setWarmupStatus(status: string): void {
    if (this.#warmup !== undefined) this.#warmup = status;
  }

  finishWarmup(): void {
    this.#warmup = undefined;
  }

  get active(): Iterable<ActiveCommand> {
    return this.#active;
  }

  add(specs: readonly CommandSpec[]): void {
    for (const spec of specs) this.#insert(ownEntry(spec), 'last');
  }

  /** Says why commands of another process are not there at the moment; undefined when no more is known than that. */
  explainAbsence(absence: () => string | undefined): void {
    this.#absence = absence;
  }

  register(command: RPCCommand): () => void {
    this.#foreign.add(command.name);
    return this.#insert(foreignEntry(command), 'last');
  }

  /** Where the process that the node starts adds its commands: they come before those of others, however often it is started again. */
  readonly ownProcess: CommandRegistry = {
    register: (command) => {
      this.#foreign.add(command.name);
      return this.#insert(foreignEntry(command), 'first');
    },
    deprecatedEnabled: (method) => this.deprecatedEnabled(method),
  };

  deprecatedEnabled(method: string): boolean {
    return this.#deprecatedEnabled(method);
  }

  #insert(entry: Entry, place: 'first' | 'last'): () => void {
    const others = this.#entries.get(entry.name) ?? [];
    // The node's own commands are nobody else's to answer.
    const own = others.filter(({ isForeign }) => !isForeign);
    const foreign = others.filter(({ isForeign }) => isForeign);
    this.#entries.set(entry.name, place === 'first' ? [...own, entry, ...foreign] : [...own, ...foreign, entry]);
    return () => {
      const left = (this.#entries.get(entry.name) ?? []).filter((other) => other !== entry);
      if (left.length > 0) this.#entries.set(entry.name, left);
      else this.#entries.delete(entry.name);
    };
  }

  /** Names of all commands, hidden ones too, in alphabetical order. */
  names(): readonly string[] {
    return [...this.#entries.keys()].sort();
  }

  /** @throws RpcFailure */
  async execute(request: IncomingRequest): Promise<Jsonable> {
    if (this.#warmup !== undefined) throw rpcError('inWarmup', this.#warmup);
    const active: ActiveCommand = { method: request.method, since: performance.now() };
    this.#active.add(active);
    try {
      // A copy: handlers may come and go while one of them works.
      const entries = [...(this.#entries.get(request.method) ?? [])];
      if (entries.filter(({ isForeign }) => isForeign).length > 1) {
        if (request.method === 'listwallets') return await this.#loadedWallets(request);
        if (leavesOutWallet(request) && (await this.#loadedWallets({ ...request, params: [] })).length > 1) refuseAmbiguousWallet();
      }
      for (const [i, entry] of entries.entries()) {
        const placed = positioned(request, entry);
        const outcome = await entry.run({ ...request, params: placed }, i === entries.length - 1);
        if (outcome.handled) return outcome.result;
      }
    } catch (error) {
      throw asRpcFailure(error);
    } finally {
      this.#active.delete(active);
    }
    const absence = this.#foreign.has(request.method) ? this.#absence() : undefined;
    if (absence !== undefined) throw rpcError('wallet', absence);
    throw rpcError('methodNotFound', 'Method not found');
  }

  /** Names of the wallets of all wallet processes; one that has just gone has none. */
  async #loadedWallets(request: IncomingRequest): Promise<readonly JsonValue[]> {
    const entries = this.#entries.get('listwallets') ?? [];
    const outcomes = await Promise.allSettled(
      entries.map((entry) => entry.run({ ...request, method: 'listwallets', params: positioned(request, entry) }, true)),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined && outcomes.every(({ status }) => status === 'rejected')) throw failed.reason;
    return joinedLists(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' && outcome.value.handled ? [outcome.value.result] : [])));
  }

  /** The list of commands, or the help of one. */
  async help(method: string, request: RpcRequest): Promise<string> {
    const first = [...this.#entries.values()].flatMap((entries) => entries[0] ?? []);
    const key = (entry: Entry): string => entry.category + entry.name;
    first.sort((a, b) => (key(a) < key(b) ? -1 : 1));
    let text = '';
    let category = '';
    for (const entry of first) {
      if (method === '' ? entry.category === 'hidden' : entry.name !== method) continue;
      const help = await helpOf(entry, request);
      if (method !== '') {
        text += `${help}\n`;
        continue;
      }
      if (category !== entry.category) {
        if (category !== '') text += '\n';
        category = entry.category;
        text += `== ${category.charAt(0).toUpperCase()}${category.slice(1)} ==\n`;
      }
      text += `${help.split('\n')[0] ?? ''}\n`;
    }
    return text === '' ? `help: unknown command: ${method}` : text.slice(0, -1);
  }

  /** For each argument of each command: command, position, name, whether it is text. */
  async argumentMap(request: RpcRequest): Promise<readonly Jsonable[]> {
    const rows: Jsonable[] = [];
    for (const name of this.names()) {
      const entry = this.#entries.get(name)?.[0];
      const outcome = await entry?.run({ ...request, method: name, params: [], mode: RequestMode.argumentMap }, true);
      if (outcome?.handled !== true) continue;
      const { result } = outcome;
      const listed = result instanceof JsonText ? parseJson(result.text) : result;
      if (Array.isArray(listed)) rows.push(...listed);
    }
    return rows;
  }
}

async function helpOf(entry: Entry, request: RpcRequest): Promise<string> {
  try {
    await entry.run({ ...request, method: entry.name, params: [], mode: RequestMode.help }, true);
    return '';
  } catch (error) {
    if (error instanceof HelpResult) return error.message;
    return `${entry.name}\n\n${asRpcFailure(error).message}`;
  }
}
