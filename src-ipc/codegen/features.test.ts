import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { generate, type Generated } from './generate.js';
import { SCHEMAS, withoutCapnp } from './testing.js';

/* A schema with everything the generator can do, and a program in which both ends of its interfaces talk. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = fileURLToPath(new URL('testdata/scratch.capnp', import.meta.url));
const skip = withoutCapnp;

function generated(t: TestContext): { readonly directory: string; readonly output: Generated } {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-features-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const schemas = join(directory, 'schemas');
  cpSync(SCHEMAS, schemas, { recursive: true });
  cpSync(scratch, join(schemas, 'scratch.capnp'));
  const output = generate(schemas, [], { interfaces: '../interfaces', library: `${root}src-ipc/proxy` });
  for (const [folder, files] of Object.entries(output) as [string, ReadonlyMap<string, string>][]) {
    mkdirSync(join(directory, folder));
    for (const [name, text] of files) writeFileSync(join(directory, folder, name), text);
  }
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  return { directory, output };
}

/** What the interfaces must say, in the order of the schema. */
const DECLARATIONS = [
  '/** The answer. */\nexport const answer = 42;',
  'export const limit = 18446744073709551615n;',
  'export const half = 0.5;',
  'export const isOn = true;',
  "export const motto = 'it\\'s';",
  '/** Something with a size. */\nexport interface Shape {\n  destroy(): Promise<void>;\n\n  area(): Promise<number>;\n}',
  '/** A round shape. */\nexport interface Circle extends Shape {\n  grow(by: number): Promise<number>;\n}',
  '/** Hears of things. */\nexport interface Listener {\n  (text: string, tags: readonly string[]): Promise<boolean>;\n  destroy?(): Promise<void>;\n}',
  '  /** How fast. Default: 42. */\n  readonly speed?: number | undefined;\n  readonly label: string;\n  readonly height?: number | undefined;\n}',
  'shapes(): Promise<readonly Shape[]>;',
  'circle(radius: number): Promise<Result<Circle>>;',
  'counts(options: Options): Promise<readonly Pair<string, readonly Uint8Array[]>[]>;',
  '/** With `wantDepth` false `depth` is left empty. */\n  measure(\n    scale: number,\n    wantDepth?: boolean,\n  ): Promise<{ readonly scale: number; readonly depth: number; readonly result: number }>;',
  'listen(listener: Listener): Promise<boolean>;',
  'maybe(value: bigint | undefined): Promise<bigint | undefined>;',
  'newName(): Promise<string>;',
  '/** Aborting `signal` gives the call up. */\n  slow(signal?: AbortSignal): Promise<boolean>;\n}',
];

test('every feature of the schemas becomes the TypeScript a person would write', { skip }, (t) => {
  const { output } = generated(t);
  const text = output.interfaces.get('scratch.ts') ?? '';
  let from = 0;
  for (const declaration of DECLARATIONS) {
    const at = text.indexOf(declaration, from);
    assert.ok(at >= 0, `${declaration}\nnot in\n${text.slice(from)}`);
    from = at + declaration.length;
  }
  for (const module of [text, output.proxies.get('scratch.ts') ?? '']) {
    assert.doesNotMatch(module, /\bany\b|\bwire\b|hidden|hasValue/);
  }
});

/** Both ends, over a connection in memory. */
const PROGRAM = `
import { memoryTransportPair } from '${root}src-ipc/capnp/transport/memory.js';
import { connectRoot } from '${root}src-ipc/connect.js';
import { serveRoot } from '${root}src-ipc/serve.js';
import type { Circle, Listener, Options, Workshop } from './interfaces/scratch.js';
import { workshopInterface } from './proxies/scratch.js';

const ends: string[] = [];
const circleOf = (radius: number): Circle => {
  let size = radius;
  return {
    area: async () => size,
    grow: async (by) => (size += by),
    destroy: async () => void ends.push('circle ' + size),
  };
};
let seen: Options | undefined;
let stopped = '';
const asked: unknown[] = [];
const workshop: Workshop = {
  shapes: async () => [circleOf(1), { area: async () => 9, destroy: async () => void ends.push('square') }],
  circle: async (radius) => (radius > 0 ? { value: circleOf(radius) } : { error: { original: 'no', translated: 'nein' } }),
  counts: async (options) => {
    seen = options;
    return [{ key: 'a', value: [Uint8Array.of(1), Uint8Array.of()] }, { key: 'b', value: [] }];
  },
  measure: async (scale, wantDepth) => {
    if (scale < 0) throw new Error('too small');
    asked.push(wantDepth);
    return { scale: scale * 2, depth: 3, result: 0.25 };
  },
  listen: async (listener) => listener('hello', ['x', 'y']),
  maybe: async (value) => (value === undefined ? undefined : value + 1n),
  newName: async () => 'named',
  slow: (signal) => new Promise((resolve) => signal?.addEventListener('abort', () => { stopped = 'stopped'; resolve(false); })),
};
const [client, server] = memoryTransportPair();
serveRoot(workshop, workshopInterface, server);
const { init, close } = await connectRoot(client, workshopInterface);
const say = (...values: unknown[]): void => console.log(JSON.stringify(values, (_, value) => (typeof value === 'bigint' ? value + 'n' : value instanceof Uint8Array ? [...value] : value)));

const shapes = await init.shapes();
say(await Promise.all(shapes.map((shape) => shape.area())));
for (const shape of shapes) await shape.destroy();
const { value: circle } = await init.circle(2);
say(await circle?.area(), await circle?.grow(0.5), (await init.circle(0)).error);
await circle?.destroy();
say(await init.counts({ label: 'l' }), seen, await init.counts({ label: 'm', speed: 1, height: 0 }), seen);
say(await init.measure(4), await init.measure(4, true), await init.measure(4, false), asked, await init.measure(-1).catch((error: Error) => error.message));
const listener: Listener = Object.assign(async (text: string, tags: readonly string[]) => text.length + tags.length === 7, { destroy: async () => void ends.push('listener') });
say(await init.listen(listener), await init.maybe(undefined), await init.maybe(4n), await init.newName());
const giveUp = new AbortController();
const slow = init.slow(giveUp.signal).catch((error: Error) => error.message);
setTimeout(() => giveUp.abort(new Error('given up')), 20);
say(await slow);
await init.newName();
say(stopped, ends);
close();
`;

test('what was generated works at both ends', { skip }, (t) => {
  const { directory } = generated(t);
  writeFileSync(join(directory, 'program.ts'), PROGRAM);
  const output = execFileSync(process.execPath, ['--import', 'tsx', join(directory, 'program.ts')], { cwd: root, encoding: 'utf8' });
  assert.deepEqual(output.trim().split('\n'), [
    '[[1,9]]',
    '[2,2.5,{"original":"no","translated":"nein"}]',
    '[[{"key":"a","value":[[1],[]]},{"key":"b","value":[]}],{"speed":42,"label":"l"},[{"key":"a","value":[[1],[]]},{"key":"b","value":[]}],{"speed":1,"label":"m","height":0}]',
    '[{"scale":8,"depth":3,"result":0.25},{"scale":8,"depth":3,"result":0.25},{"scale":8,"depth":0,"result":0.25},[true,true,false],"too small"]',
    '[true,null,"5n","named"]',
    '["given up"]',
    '["stopped",["circle 1","square","circle 2.5","listener"]]',
  ]);
});
