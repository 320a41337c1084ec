import { HelpResult, isDisconnected, RpcFailure, TypeFailure } from '../../src-interfaces/errors.js';
import type { RPCArg, RPCCommand } from '../../src-interfaces/generated/chain.js';
import { isJsonArray, JsonText, parseJson, type Jsonable, type JsonValue } from '../../src-interfaces/json/json.js';
import { formatForeignRequest } from '../../src-interfaces/rpc/actor.js';
import { RpcErrorCode, rpcError } from '../../src-interfaces/rpc/codes.js';
import { argumentNames, RequestMode, runCommand, type CommandSpec, type RpcRequest } from '../../src-interfaces/rpc/command.js';
import { positionalArguments } from '../../src-interfaces/rpc/named-arguments.js';
import type { CommandRegistry } from '../interfaces/chain.js';
import type { WalletProcess } from '../interfaces/wallet-process.js';
import { dependsOnWallets, inTurn, namesIn, notFoundWhereAsked, type IncomingRequest } from './wallet-processes.js';

export type { IncomingRequest } from './wallet-processes.js';

type Outcome = { readonly handled: true; readonly result: Jsonable } | { readonly handled: false };

interface Entry {
  readonly category: string;
  readonly name: string;
  readonly argNames: readonly RPCArg[];
  /** The process that offers it; undefined for the node itself. */
  readonly process: WalletProcess | undefined;
  run(request: RpcRequest, last: boolean): Promise<Outcome>;
}

function ownEntry(spec: CommandSpec): Entry {
  return {
    category: spec.category,
    name: spec.name,
    argNames: argumentNames(spec.args),
    process: undefined,
    run: async (request) => ({ handled: true, result: await runCommand(spec, request) }),
  };
}

/** A command that another process offers. Its results pass through as the text they arrive as. */
function foreignEntry(command: RPCCommand, process: WalletProcess): Entry {
  return {
    category: command.category,
    name: command.name,
    argNames: command.argNames,
    process,
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
export class CommandTable {
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

  /**
   * Where a process adds its commands.
   * @param isOwn the node starts it: its commands come before those of others, however often it is started again
   */
  commandsOf(process: WalletProcess, isOwn = false): CommandRegistry {
    return {
      register: (command) => {
        this.#foreign.add(command.name);
        return this.#insert(foreignEntry(command, process), isOwn ? 'first' : 'last');
      },
      deprecatedEnabled: (method) => this.deprecatedEnabled(method),
    };
  }

  deprecatedEnabled(method: string): boolean {
    return this.#deprecatedEnabled(method);
  }

  #insert(entry: Entry, place: 'first' | 'last'): () => void {
    const others = this.#entries.get(entry.name) ?? [];
    // The node's own commands are nobody else's to answer.
    const own = others.filter(({ process }) => process === undefined);
    const foreign = others.filter(({ process }) => process !== undefined);
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
      const areSeveral = entries.filter(({ process }) => process !== undefined).length > 1;
      if (!areSeveral || !dependsOnWallets(request)) return await this.#runInTurn(request, entries);
      const loaded = await this.#loadedWallets(request);
      if (request.method === 'listwallets') return loaded;
      const turns = inTurn(request, entries);
      const isOneLeftOut = entries.some((entry) => entry.process?.isSilent === true && !turns.entries.includes(entry));
      return await this.#runInTurn(turns.request, turns.entries).catch((error: unknown) => {
        throw isOneLeftOut ? notFoundWhereAsked(error) : error;
      });
    } catch (error) {
      throw asRpcFailure(error);
    } finally {
      this.#active.delete(active);
    }
  }

  /** Puts a request to one after another, until one takes it on. @throws RpcFailure */
  async #runInTurn(request: IncomingRequest, entries: readonly Entry[]): Promise<Jsonable> {
    for (const [i, entry] of entries.entries()) {
      const placed = positioned(request, entry);
      const outcome = await entry.run({ ...request, params: placed }, i === entries.length - 1);
      if (outcome.handled) return outcome.result;
    }
    const absence = this.#foreign.has(request.method) ? this.#absence() : undefined;
    if (absence !== undefined) throw rpcError('wallet', absence);
    throw rpcError('methodNotFound', 'Method not found');
  }

  /** Names of the wallets of all wallet processes; of one that does not answer as it told last. One that has just gone has none. */
  async #loadedWallets(request: IncomingRequest): Promise<readonly string[]> {
    const method = 'listwallets';
    const own: IncomingRequest = request.method === method ? request : { ...request, method, params: [] };
    const entries = this.#entries.get(method) ?? [];
    const outcomes = await Promise.allSettled(
      entries.map(async (entry) => {
        const { process } = entry;
        const outcome = await process?.patience.ask(() => entry.run({ ...own, params: positioned(own, entry) }, true)).catch((error: unknown) => {
          process.told([]);
          throw error;
        });
        if (outcome?.handled === true) process?.told(namesIn(outcome.result));
        return process?.wallets ?? [];
      }),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined && outcomes.every(({ status }) => status === 'rejected')) throw failed.reason;
    return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
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
      const outcome = entry && (await whileItAnswers(entry, () => entry.run({ ...request, method: name, params: [], mode: RequestMode.argumentMap }, true)));
      if (outcome?.handled !== true) continue;
      const { result } = outcome;
      const listed = result instanceof JsonText ? parseJson(result.text) : result;
      if (Array.isArray(listed)) rows.push(...listed);
    }
    return rows;
  }
}

/** Undefined from a process that does not answer. */
function whileItAnswers<T>({ process }: Entry, ask: () => Promise<T>): Promise<T | undefined> {
  return process === undefined ? ask() : process.patience.ask(ask);
}

async function helpOf(entry: Entry, request: RpcRequest): Promise<string> {
  try {
    const outcome = await whileItAnswers(entry, () => entry.run({ ...request, method: entry.name, params: [], mode: RequestMode.help }, true));
    return outcome === undefined ? `${entry.name}\n\nThe wallet process does not answer` : '';
  } catch (error) {
    if (error instanceof HelpResult) return error.message;
    return `${entry.name}\n\n${asRpcFailure(error).message}`;
  }
}
