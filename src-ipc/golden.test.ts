import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { localCapability } from './capnp/rpc/local.js';
import { MESSAGE_TAG, RETURN_TAG } from './capnp/rpc/rpc-schema.js';
import type { Capability } from './capnp/rpc/types.js';
import { FrameDecoder, MessageBuilder, type CapabilityTable, type MessageReader, type StructReader } from './capnp/wire/index.js';
import type { SchemaModel, StructType } from './codegen/model.js';
import { compiledSchemas, dumpStruct, withoutCapnp } from './codegen/testing.js';
import * as chain from './generated/chain.js';
import * as echo from './generated/echo.js';
import * as handler from './generated/handler.js';
import * as init from './generated/init.js';
import * as mining from './generated/mining.js';
import * as node from './generated/node.js';
import * as tracing from './generated/tracing.js';
import * as wallet from './generated/wallet.js';
import type { InterfaceType, MethodType } from './proxy/interface.js';
import { noLog } from './proxy/log.js';
import { Session } from './proxy/session.js';
import { INIT_CONSTRUCT } from './proxy/thread-interface.js';

/*
 * What two processes of the reference said to each other: every message must be readable with our schemas, nothing left
 * over, and what the generated codecs read and write again must mean the same.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const GOLDEN = join(root, '../shared/golden');
const skip = existsSync(GOLDEN) ? withoutCapnp : 'skipped: no ../shared/golden';

/** The capabilities of a message: one object stands for all. */
class AnyCapability implements CapabilityTable {
  readonly length = 1;
  readonly #capability = localCapability({ dispatch: () => undefined });

  get(): Capability {
    return this.#capability.dup();
  }

  add(capability: Capability): number {
    capability.dispose();
    return 0;
  }

  lend(): number {
    return 0;
  }
}

const modules = [chain, echo, handler, init, mining, node, tracing, wallet];
const interfaces = modules.flatMap((module) => Object.values(module).filter(isInterface));

function isInterface(value: unknown): value is InterfaceType<object> {
  return typeof value === 'object' && value !== null && 'find' in value && 'client' in value;
}

/** How the generated code reads and writes a method. */
function codecsOf(interfaceId: bigint, methodId: number): MethodType<unknown, unknown> | undefined {
  const type = interfaces.find(({ id }) => id === interfaceId);
  // The exchange of threads is no method of the generated interface.
  if (interfaceId === INIT_CONSTRUCT.interfaceId && methodId === INIT_CONSTRUCT.methodId) return undefined;
  const destroy = type?.destroy?.method;
  if (destroy?.interfaceId === interfaceId && destroy.methodId === methodId) {
    return { ...destroy, params: destroy.params, results: destroy.results, keep: [] };
  }
  return type?.find(interfaceId, methodId).method;
}

/** The frames of each direction in the order they were completed. */
function* recordedMessages(name: string): Generator<{ direction: string; message: MessageReader }> {
  const decoders = new Map<string, FrameDecoder>();
  const lines = gunzipSync(readFileSync(join(GOLDEN, name))).toString('utf8').trim().split('\n');
  for (const line of lines) {
    const chunk: unknown = JSON.parse(line);
    assert.ok(typeof chunk === 'object' && chunk !== null && 'dir' in chunk && 'b64' in chunk);
    const direction = String(chunk.dir);
    const decoder = decoders.get(direction) ?? new FrameDecoder();
    decoders.set(direction, decoder);
    decoder.push(Buffer.from(String(chunk.b64), 'base64'));
    for (let message = decoder.next(); message !== null; message = decoder.next()) yield { direction, message };
  }
  for (const [direction, decoder] of decoders) assert.ok(!decoder.isMidMessage, `${direction} ends within a message`);
}

interface Counts {
  calls: number;
  returns: number;
  exceptions: number;
}

class Replay {
  readonly counts: Counts = { calls: 0, returns: 0, exceptions: 0 };
  readonly methods = new Set<string>();
  readonly #session = new Session(noLog, 'test');
  /** Open questions by the direction of the call and its id. */
  readonly #questions = new Map<string, { interfaceId: bigint; methodId: number }>();

  constructor(private readonly model: SchemaModel) {}

  read(direction: string, message: MessageReader): void {
    message.capabilities = new AnyCapability();
    const rootStruct = message.root();
    const body = rootStruct.getStruct(0);
    switch (rootStruct.getUint16(0)) {
      case MESSAGE_TAG.call:
        this.#readCall(direction, body);
        break;
      case MESSAGE_TAG.return:
        this.#readReturn(direction, body);
    }
  }

  #readCall(direction: string, call: StructReader): void {
    const question = { interfaceId: call.getUint64(8), methodId: call.getUint16(4) };
    this.#questions.set(`${direction}#${call.getUint32(0)}`, question);
    const { params } = this.#schemaOf(question);
    const codecs = codecsOf(question.interfaceId, question.methodId);
    const content = call.getStruct(1).getStruct(0);
    this.#compare(params, content, (to) => {
      if (codecs === undefined) return false;
      const value = codecs.params.read(content, this.#session);
      // The call's own part, which the codec leaves to the caller.
      if (codecs.context !== undefined) {
        const context = to.initStruct(codecs.context, { dataWords: 0, pointers: 2 });
        for (const index of [0, 1]) context.setCapability(index, content.getStruct(codecs.context).getCapability(index));
      }
      codecs.params.write(to, value, this.#session);
      return true;
    });
    this.counts.calls++;
  }

  #readReturn(direction: string, answer: StructReader): void {
    const asked = direction.split('>').reverse().join('>');
    const key = `${asked}#${answer.getUint32(0)}`;
    const question = this.#questions.get(key);
    this.#questions.delete(key);
    if (question === undefined) return;
    if (answer.getUint16(6) === RETURN_TAG.exception) this.counts.exceptions++;
    if (answer.getUint16(6) !== RETURN_TAG.results) return;
    const { results } = this.#schemaOf(question);
    const codecs = codecsOf(question.interfaceId, question.methodId);
    const content = answer.getStruct(0).getStruct(0);
    this.#compare(results, content, (to) => {
      if (codecs === undefined) return false;
      for (const channel of codecs.errors) {
        const error = channel.read(content);
        if (error !== undefined) channel.write(to, error);
      }
      codecs.results.write(to, codecs.results.read(content, this.#session), this.#session);
      return true;
    });
    this.counts.returns++;
  }

  #schemaOf({ interfaceId, methodId }: { interfaceId: bigint; methodId: number }): {
    params: StructType;
    results: StructType;
  } {
    const type = this.model.interface(interfaceId);
    const method = type.methods[methodId];
    assert.ok(method !== undefined, `${type.name} has no method ${methodId}`);
    this.methods.add(`${type.name}.${method.name}`);
    return method;
  }

  /** Writes what was read and compares both with the schema as the only guide. */
  #compare(type: StructType, content: StructReader, write: (to: ReturnType<MessageBuilder['initRoot']>) => boolean): void {
    const recorded = dumpStruct(this.model, type, content);
    const builder = new MessageBuilder(1024, new AnyCapability());
    const to = builder.initRoot(type);
    if (!write(to)) return;
    assert.deepEqual(withoutNulls(dumpStruct(this.model, type, to.asReader())), withoutNulls(recorded), type.name);
  }
}

/**
 * Null pointers and empty values mean the same, except where our codecs tell them apart; so does a value whose flag
 * `hasX` is not set, which the reference sometimes leaves behind.
 */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value ?? '';
  const fields = new Map<string, unknown>(Object.entries(value));
  const isAbsent = (name: string): boolean => {
    const flag = fields.get(`has${name.charAt(0).toUpperCase()}${name.slice(1)}`);
    return flag === false || flag === 0;
  };
  const entries = [...fields].map(([name, field]) => [name, withoutNulls(field)] as const);
  return Object.fromEntries(entries.filter(([name, field]) => !isEmpty(field) && !isAbsent(name)));
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === '' || value === 0 || value === 0n || value === false;
}

for (const [name, atLeast] of [
  ['node-wallet.jsonl.gz', { calls: 500, methods: 45 }],
  ['gui-node.jsonl.gz', { calls: 300, methods: 60 }],
] as const) {
  test(`every message of ${name} means the same to the generated code`, { skip }, () => {
    const replay = new Replay(compiledSchemas());
    for (const { direction, message } of recordedMessages(name)) replay.read(direction, message);
    const { calls, returns } = replay.counts;
    assert.ok(calls >= atLeast.calls && returns >= calls - 10, `${calls} calls, ${returns} returns`);
    assert.ok(replay.methods.size >= atLeast.methods, `${replay.methods.size} methods`);
  });
}
