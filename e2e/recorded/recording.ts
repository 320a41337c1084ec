/** Recorded traffic as calls between objects, with plain values in place of messages and ids. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { localCapability } from '../../src-ipc/capnp/rpc/local.js';
import { DESCRIPTOR_TAG, MESSAGE_TAG, RETURN_TAG, TARGET_TAG } from '../../src-ipc/capnp/rpc/rpc-schema.js';
import type { Capability, LocalServer } from '../../src-ipc/capnp/rpc/types.js';
import { FrameDecoder, type CapabilityTable, type MessageReader, type StructReader } from '../../src-ipc/capnp/wire/index.js';
import type { InterfaceType, MethodType } from '../../src-ipc/proxy/interface.js';
import type { ObjectTable } from '../../src-ipc/proxy/object-table.js';
import { methods } from '../../src-ipc/testing/interfaces.js';
import { sharedFolder } from '../framework/programs.js';

/** An object that one of the two processes had. */
export class RecordedObject {
  /** Known once the object was passed as a value of some interface. */
  type: InterfaceType<object> | undefined;

  /** @param label says in messages which it is */
  constructor(
    readonly host: string,
    public label: string,
  ) {}
}

/** A call and its answer. Positions count messages. */
export interface RecordedCall {
  readonly caller: string;
  readonly at: number;
  /** Seconds since the recording began. */
  readonly time: number;
  /** Position of the answer; infinite when there was none. */
  answeredAt: number;
  readonly target: RecordedObject;
  readonly method: MethodType<unknown, unknown>;
  readonly params: unknown;
  results: unknown;
  /** The exception, or the error that the results carry. */
  error: Error | undefined;
  /** Thread of the callee that ran it, and of the caller that ran calls back; for telling which calls are nested. */
  readonly thread: string;
  readonly callbackThread: string;
}

export function recordingFile(name: string): string {
  return path.join(sharedFolder, 'golden', `${name}.jsonl.gz`);
}

/** Why recordings cannot be played; false if they can. */
export const withoutRecordings: string | false = existsSync(recordingFile('node-wallet')) ? false : 'skipped: no ../shared/golden';

/** Every call on an object with a schema, in order. The exchange of threads is left to those who play. */
export function readRecording(name: string): RecordedCall[] {
  const reader = new RecordingReader();
  const decoders = new Map<string, FrameDecoder>();
  for (const line of gunzipSync(readFileSync(recordingFile(name))).toString('utf8').trim().split('\n')) {
    const { t, dir, b64 } = JSON.parse(line) as { t: number; dir: string; b64: string };
    const [from = '', to = ''] = dir.split('>');
    const decoder = decoders.get(dir) ?? new FrameDecoder();
    decoders.set(dir, decoder);
    decoder.push(Buffer.from(b64, 'base64'));
    for (let message = decoder.next(); message !== null; message = decoder.next()) reader.read(t, from, to, message);
  }
  return reader.calls;
}

const byId = new Map(methods.map((method) => [`${method.interfaceId}.${method.methodId}`, method]));

/** A reference in a recorded message. */
class Mark implements LocalServer {
  constructor(readonly object: RecordedObject) {}

  dispatch(): void {
    throw new Error('Recorded objects are not called.');
  }
}

class Marks implements CapabilityTable {
  constructor(private readonly objects: readonly (RecordedObject | undefined)[]) {}

  get length(): number {
    return this.objects.length;
  }

  get(index: number): Capability | null {
    const object = this.objects[index];
    return object === undefined ? null : localCapability(new Mark(object));
  }

  add(): number {
    throw new Error('Recorded messages are not written.');
  }

  lend(): number {
    return this.add();
  }
}

/** Reads references as the objects they stand for. */
const recordedObjects: ObjectTable = {
  importObject: recordedObject,
  importOwned: recordedObject,
  exportObject: notWritten,
  exportFacets: notWritten,
};

function notWritten(): never {
  throw new Error('Recorded values are not written.');
}

function recordedObject<T extends object>(capability: Capability | null, type: InterfaceType<T>): T {
  const server = capability?.localServer;
  const object = server instanceof Mark ? server.object : new RecordedObject('', 'null');
  object.type ??= type as unknown as InterfaceType<object>;
  object.label = type.name;
  // Stands for the object; whoever plays knows what it is.
  return object as unknown as T;
}

class RecordingReader {
  readonly calls: RecordedCall[] = [];
  readonly #exports = new Map<string, { object: RecordedObject; count: number }>();
  readonly #questions = new Map<string, RecordedCall>();
  #at = 0;
  #time = 0;

  read(time: number, from: string, to: string, message: MessageReader): void {
    this.#at++;
    this.#time = time;
    const root = message.root();
    const body = root.getStruct(0);
    const tag = root.getUint16(0);
    if (tag === MESSAGE_TAG.call) this.#call(from, to, message, body);
    else if (tag === MESSAGE_TAG.return) this.#return(from, to, message, body);
    else if (tag === MESSAGE_TAG.release) this.#release(to, body.getUint32(0), body.getUint32(4));
  }

  #call(from: string, to: string, message: MessageReader, body: StructReader): void {
    const payload = body.getStruct(1);
    const names = this.#table(from, to, message, payload);
    const method = byId.get(`${body.getUint64(8)}.${body.getUint16(4)}`);
    this.#questions.delete(`${from}?${body.getUint32(0)}`);
    if (method === undefined) return;
    const content = payload.getStruct(0);
    const threads = [0, 1].map((index) => {
      const place = method.context === undefined ? null : content.getStruct(method.context).getPointer(index).capabilityIndex();
      return place === null ? '' : (names[place] ?? '');
    });
    const call: RecordedCall = {
      caller: from,
      at: this.#at,
      time: this.#time,
      answeredAt: Infinity,
      target: this.#target(to, body.getStruct(0)),
      method,
      params: method.params.read(content, recordedObjects),
      results: undefined,
      error: undefined,
      thread: threads[0] ?? '',
      callbackThread: threads[1] ?? '',
    };
    this.#questions.set(`${from}?${body.getUint32(0)}`, call);
    this.calls.push(call);
  }

  #return(from: string, to: string, message: MessageReader, body: StructReader): void {
    const call = this.#questions.get(`${to}?${body.getUint32(0)}`);
    const isResults = body.getUint16(6) === RETURN_TAG.results;
    if (isResults) this.#table(from, to, message, body.getStruct(0));
    if (call === undefined) return;
    call.answeredAt = this.#at;
    if (!isResults) {
      call.error = new Error(body.getStruct(0).getText(0));
      return;
    }
    const content = body.getStruct(0).getStruct(0);
    const thrown = call.method.errors.map((channel) => channel.read(content)).find((error) => error !== undefined);
    if (thrown !== undefined) call.error = thrown;
    else call.results = call.method.results.read(content, recordedObjects);
  }

  #target(to: string, target: StructReader): RecordedObject {
    return target.getUint16(4) === TARGET_TAG.importedCap ? this.#exported(to, target.getUint32(0), 0) : new RecordedObject(to, 'promised');
  }

  /** Notes the references of a message; returns what tells threads apart. */
  #table(from: string, to: string, message: MessageReader, payload: StructReader): string[] {
    const objects: (RecordedObject | undefined)[] = [];
    const names: string[] = [];
    const table = payload.getStructList(1);
    for (let i = 0; i < table.length; i++) {
      const descriptor = table.getStruct(i);
      const [tag, id] = [descriptor.getUint16(0), descriptor.getUint32(4)];
      const host = tag === DESCRIPTOR_TAG.receiverHosted ? to : from;
      const isKnown = tag === DESCRIPTOR_TAG.senderHosted || tag === DESCRIPTOR_TAG.receiverHosted;
      objects.push(isKnown ? this.#exported(host, id, host === from ? 1 : 0) : undefined);
      names.push(isKnown ? `${host}#${id}` : '');
    }
    message.capabilities = new Marks(objects);
    return names;
  }

  #exported(host: string, id: number, mentions: number): RecordedObject {
    const key = `${host}#${id}`;
    const entry = this.#exports.get(key) ?? { object: new RecordedObject(host, `object ${id}`), count: 0 };
    entry.count += mentions;
    this.#exports.set(key, entry);
    return entry.object;
  }

  #release(host: string, id: number, count: number): void {
    const entry = this.#exports.get(`${host}#${id}`);
    if (entry === undefined) return;
    entry.count -= count;
    if (entry.count <= 0) this.#exports.delete(`${host}#${id}`);
  }
}
