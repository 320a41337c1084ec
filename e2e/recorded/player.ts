/** Plays one side of recorded traffic to a real process, and tells how its answers differ from the recorded ones. */
import { RpcFailure } from '../../src-interfaces/errors.js';
import { localCapability } from '../../src-ipc/capnp/rpc/local.js';
import type { Capability, IncomingCall, LocalServer } from '../../src-ipc/capnp/rpc/types.js';
import type { JSONRPCRequest, RPCCommand } from '../../src-interfaces/generated/chain.js';
import { initInterface } from '../../src-ipc/generated/init.js';
import { Incoming } from '../../src-ipc/proxy/incoming.js';
import type { InterfaceType, MethodType } from '../../src-ipc/proxy/interface.js';
import { noLog } from '../../src-ipc/proxy/log.js';
import { Session } from '../../src-ipc/proxy/session.js';
import { INIT_CONSTRUCT } from '../../src-ipc/proxy/thread-interface.js';
import { LiveObject, type Meaning } from './meaning.js';
import { RecordedObject, type RecordedCall } from './recording.js';

interface Answer {
  readonly results: unknown;
}

/** Answers what the recorded process had not asked. `isExpected`: it asked the same of the object, with other parameters. */
export type Unrecorded = (name: string, isExpected: boolean, params: unknown) => Answer | undefined;

export class Player {
  readonly session: PlayedSession;
  /** Waits for what the recorded side knew to have happened before it made a call. */
  before: (call: RecordedCall) => Promise<void> = () => Promise.resolve();
  /** Learns from an answer of the process, or from the parameters of a call that the recorded process made, too. */
  after: (call: RecordedCall, live: unknown) => void = () => undefined;
  /** Answers what depends on when it is asked; undefined: as recorded. */
  state: (name: string, params: unknown) => Promise<Answer | undefined> = () => Promise.resolve(undefined);
  readonly differences: string[] = [];
  /** Methods whose answers were compared, with how often. */
  readonly compared = new Map<string, number>();
  /** Calls of the process that the recorded process made, too, with parameters of the same meaning, with how often. */
  readonly recognized = new Map<string, number>();
  /** Calls of the process that were answered without a recorded one. */
  readonly unrecorded = new Map<string, number>();
  /** Recorded calls that could not be made because their object never came to be. */
  readonly orphaned: string[] = [];
  readonly #live = new Map<RecordedObject, Capability>();
  readonly #answered = new Set<RecordedCall>();
  readonly #played = new Set<RecordedCall>();

  /**
   * @param side name of the side that is played
   * @param meaning says when values mean the same
   */
  constructor(
    private readonly calls: readonly RecordedCall[],
    private readonly side: string,
    readonly meaning: Meaning,
    private readonly answerUnrecorded: Unrecorded,
  ) {
    this.session = new PlayedSession(this);
    meaning.onObjects = (recorded, live) => this.bind(recorded, live);
  }

  /** Says which object of the process a recorded one is. */
  bind(recorded: RecordedObject, live: LiveObject): void {
    this.#live.set(recorded, live.capability);
  }

  liveCapability(object: RecordedObject): Capability {
    if (object.host === this.side) return localCapability(new PlayedObject(this, object));
    const capability = this.#live.get(object);
    if (capability === undefined) throw new Error(`${object.label} of the recording has no counterpart`);
    return capability.dup();
  }

  /** Makes the side's calls that belong to no call of the other side, one after the other. */
  async play(): Promise<void> {
    for (const call of this.#own()) await this.make(call);
  }

  /** Makes the same calls, waiting only for those that had been answered before in the recording, too. */
  async playOverlapping(): Promise<void> {
    const made: { readonly call: RecordedCall; readonly done: Promise<void> }[] = [];
    for (const call of this.#own()) {
      for (const earlier of made) if (earlier.call.answeredAt < call.at) await earlier.done;
      // Its object may be one that a call under way passes here.
      const isKnown = this.#live.has(call.target);
      const open = isKnown ? [] : made.map(({ done }) => done);
      made.push({ call, done: isKnown ? this.make(call) : Promise.all(open).then(() => this.make(call)) });
    }
    await Promise.all(made.map(({ done }) => done));
  }

  /** Makes one recorded call and compares the answer. */
  async make(call: RecordedCall): Promise<void> {
    if (this.#played.has(call)) return;
    this.#played.add(call);
    const name = nameOf(call.method, call.params);
    const target = this.#live.get(call.target);
    if (target === undefined) {
      this.orphaned.push(name);
      return;
    }
    await this.before(call);
    this.compared.set(name, (this.compared.get(name) ?? 0) + 1);
    let answer: unknown;
    try {
      answer = await this.session.call(target, call.method, this.meaning.translated(call.params));
      this.#answered.add(call);
    } catch (thrown) {
      this.#answered.add(call);
      if (call.error === undefined) this.differences.push(`${name} at ${call.at} failed: ${String(thrown)}`);
      else this.#note(name, call, this.meaning.differences(name, failureOf(call.error), failureOf(thrown)));
      return;
    }
    if (call.error !== undefined) this.differences.push(`${name} at ${call.at} did not fail with ${call.error.message}`);
    else if (call.answeredAt < Infinity) this.#note(name, call, this.meaning.differences(name, call.results, answer));
    this.after(call, answer);
  }

  /** Answers a call of the process as the recorded side did. */
  async incoming(object: RecordedObject, method: MethodType<unknown, unknown>, params: unknown): Promise<unknown> {
    const name = nameOf(method, params);
    const open = this.calls.filter((call) => call.caller !== this.side && call.target === object && call.method === method && !this.#answered.has(call));
    const call = open.find((candidate) => this.meaning.agrees(`${name} params`, candidate.params, params));
    if (call === undefined) {
      const made = (await this.state(name, params)) ?? this.answerUnrecorded(name, open.length > 0, params);
      this.unrecorded.set(name, (this.unrecorded.get(name) ?? 0) + 1);
      if (made !== undefined) return this.meaning.translated(made.results);
      const [expected] = open;
      this.differences.push(
        expected === undefined
          ? `${name} was not called (again) in the recording`
          : `${name} at ${expected.at} is called otherwise: ${this.meaning.differences(`${name} params`, expected.params, params).join('; ')}`,
      );
      throw new Error(`${name} was not recorded`);
    }
    this.#answered.add(call);
    this.recognized.set(name, (this.recognized.get(name) ?? 0) + 1);
    this.meaning.differences(`${name} params`, call.params, params);
    this.after(call, params);
    for (const nested of this.calls) if (nested.caller === this.side && this.#outer(nested) === call) await this.make(nested);
    const current = await this.state(name, params);
    if (current !== undefined) return this.meaning.translated(current.results);
    if (call.error !== undefined) throw call.error;
    return this.meaning.translated(call.results);
  }

  /** Whether the process has made this call, or has answered it. */
  isAnswered(call: RecordedCall): boolean {
    return this.#answered.has(call);
  }

  /** Recorded calls of the other side that the process did not make. */
  missing(): string[] {
    return this.calls.filter((call) => call.caller !== this.side && !this.#answered.has(call)).map(({ method, params }) => nameOf(method, params));
  }

  #own(): RecordedCall[] {
    return this.calls.filter((call) => call.caller === this.side && this.#outer(call) === undefined);
  }

  /** The call of the other side that a call of this side was made for. */
  #outer(call: RecordedCall): RecordedCall | undefined {
    // One thread may go by two names where it runs calls, but by one where calls come from.
    const isAround = (outer: RecordedCall): boolean =>
      (call.thread !== '' && outer.callbackThread === call.thread) || (call.callbackThread !== '' && outer.thread === call.callbackThread);
    return this.calls.findLast((outer) => outer.caller !== this.side && outer.at < call.at && outer.answeredAt > call.at && isAround(outer));
  }

  #note(name: string, call: RecordedCall, found: readonly string[]): void {
    this.differences.push(...found.map((difference) => `${name} at ${call.at}: ${difference}`));
  }
}

/** Names a method, and the command that it is about. */
export function nameOf(method: MethodType<unknown, unknown>, params: unknown): string {
  const name = `${method.interfaceName}.${method.methodName}`;
  if (name === 'ActorCallback.call') return `${name} ${(params as { request: JSONRPCRequest }).request.method}`;
  if (name === 'Chain.handleRpc') return `${name} ${(params as { command: RPCCommand }).command.name}`;
  return name;
}

/** What a caller can tell of an error. */
function failureOf(thrown: unknown): object {
  if (thrown instanceof RpcFailure) return { rpcCode: thrown.code, message: thrown.message };
  return { message: thrown instanceof Error ? thrown.message : String(thrown) };
}

/** The first object of a recorded child: it exchanges threads, too. */
export class PlayedRoot implements LocalServer {
  readonly #init: PlayedObject;

  constructor(
    private readonly player: Player,
    init: RecordedObject,
  ) {
    init.type = initInterface as unknown as InterfaceType<object>;
    this.#init = new PlayedObject(player, init);
  }

  async dispatch(call: IncomingCall): Promise<void> {
    if (call.methodId !== INIT_CONSTRUCT.methodId) return this.#init.dispatch(call);
    const { session } = this.player;
    session.setPeerThreads(call.params.getCapability(0));
    call.initResults({ dataWords: 0, pointers: 1 }).setCapability(0, localCapability(session.threadMap));
  }
}

/** An object of the recorded side. */
class PlayedObject implements LocalServer {
  constructor(
    private readonly player: Player,
    private readonly object: RecordedObject,
  ) {}

  async dispatch(call: IncomingCall): Promise<void> {
    const { type } = this.object;
    if (type === undefined) throw new Error(`nothing is known of ${this.object.label}`);
    const destroy = type.destroy?.method as MethodType<unknown, unknown> | undefined;
    const isDestroy = destroy !== undefined && call.interfaceId === destroy.interfaceId && call.methodId === destroy.methodId;
    const method = isDestroy ? destroy : type.find(call.interfaceId, call.methodId).method;
    await new Incoming(this.player.session, call, method).answer((params) => this.player.incoming(this.object, method, params));
  }
}

/** Passes recorded objects as what they stand for. */
export class PlayedSession extends Session {
  constructor(private readonly player: Player) {
    super(noLog, 'recorded');
  }

  override importWith<T extends object>(capability: Capability | null, type: InterfaceType<T>): T {
    // Stands for the object, in values that are compared.
    return (capability === null ? new RecordedObject('', `no ${type.name}`) : new LiveObject(capability)) as unknown as T;
  }

  override exportWith<T extends object>(object: T): Capability {
    if (object instanceof LiveObject) return object.capability.dup();
    if (object instanceof RecordedObject) return this.player.liveCapability(object);
    throw new Error('Only recorded objects are passed.');
  }
}
