import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compileSchemas } from './compile.js';
import { generate, generateIndex } from './generate.js';
import { SCHEMAS, withoutCapnp } from './testing.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const skip = withoutCapnp;

/** A directory with a copy of the schemas, removed after the test. */
function scratchSchemas(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-schemas-'));
  t.after(() => rmSync(directory, { recursive: true }));
  cpSync(SCHEMAS, join(directory, 'schemas'), { recursive: true });
  return directory;
}

function readFolder(path: string): Map<string, string> {
  return new Map(readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]));
}

function writeFolder(path: string, files: ReadonlyMap<string, string>): void {
  mkdirSync(path);
  for (const [name, text] of files) writeFileSync(join(path, name), text);
}

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

test('the committed files are what the schemas give', { skip }, () => {
  const { interfaces, proxies } = generate(SCHEMAS);
  assert.deepEqual(readFolder(join(root, 'src-interfaces/generated')), interfaces);
  assert.deepEqual(readFolder(join(root, 'src-ipc/generated')), proxies);
  assert.equal(readFileSync(join(root, 'docs/ipc.md'), 'utf8'), generateIndex(SCHEMAS));
});

test('a missing capnp program is named together with its package', () => {
  const { PATH } = process.env;
  process.env['PATH'] = '/nowhere';
  try {
    assert.throws(() => compileSchemas(SCHEMAS, ['echo.capnp']), /capnp program is missing.*capnproto/);
  } finally {
    process.env['PATH'] = PATH;
  }
});

test('what the interfaces do not use is refused by name', { skip }, (t) => {
  const directory = scratchSchemas(t);
  const schemas = join(directory, 'schemas');
  edit(join(schemas, 'echo.capnp'), (text) => `${text}\nstruct Odd { union { a @0 :Text; b @1 :Data; } }\n`);
  assert.throws(() => generate(schemas), /echo\.capnp:Odd: unions are not supported/);
});

test('an only result cannot be unwanted', { skip }, (t) => {
  const schemas = join(scratchSchemas(t), 'schemas');
  edit(join(schemas, 'echo.capnp'), (text) => text.replace(/\}\s*$/, '  see @2 (wantResult :Bool) -> (result :Text);\n}\n'));
  assert.throws(() => generate(schemas), /see\$Results: an only result is always wanted/);
});

test('a method of every kind becomes the TypeScript it should', { skip }, (t) => {
  const directory = scratchSchemas(t);
  const schemas = join(directory, 'schemas');
  edit(join(schemas, 'echo.capnp'), (text) => `${text.replace(/\}\s*$/, '')}
  plain @2 (number :UInt64, flags :List(Bool)) -> ();
  find @3 (context :Proxy.Context, key :Data, wantPlace :Bool) -> (place :Int32, result :Text, hasResult :Bool);
  give @4 (context :Proxy.Context, echo :Echo $Proxy.nullable) -> (result :List(Echo));
  # Gives it back.
}
`);
  const text = generate(schemas).interfaces.get('echo.ts') ?? '';
  for (const signature of [
    'plain(number: bigint, flags: readonly boolean[]): Promise<void>;',
    '/** With `wantPlace` false `place` is left empty. */\n  find(\n    key: Uint8Array,\n    wantPlace?: boolean,\n  ): Promise<{ readonly place: number; readonly result: string | undefined }>;',
    '/** Gives it back. */\n  give(echo: Echo | undefined): Promise<readonly Echo[]>;',
  ]) {
    assert.ok(text.includes(signature), `${signature} in\n${text}`);
  }
});

/** A program that starts the other and calls the new method. */
const CALLER = `
import { connectRoot } from '${root}src-ipc/connect.js';
import { spawnProcess } from '${root}src-ipc/process/index.js';
import { echoInterface } from './proxies/echo.js';

const target = { command: process.execPath, args: ['--import', 'tsx', process.argv[2] ?? ''] };
const child = await spawnProcess(target, { name: 'answerer' });
const { init, close } = await connectRoot(child.socket, echoInterface);
console.log(await init.echo('as before'), await init.shout('louder', 2));
await init.destroy();
close();
console.log((await child.exited).code);
`;

/** The other program. */
const ANSWERER = `
import { inheritedSocket, parseSpawnArguments } from '${root}src-ipc/process/index.js';
import { serveRoot } from '${root}src-ipc/serve.js';
import type { Echo } from './interfaces/echo.js';
import { echoInterface } from './proxies/echo.js';

const echo: Echo = {
  echo: (text) => Promise.resolve(text),
  shout: (text, marks) => Promise.resolve(text.toUpperCase() + '!'.repeat(marks)),
  destroy: () => Promise.resolve(),
};
const fd = parseSpawnArguments(process.argv.slice(2)) ?? -1;
serveRoot(echo, echoInterface, inheritedSocket(fd));
`;

test('one line in a schema and an implementation make a method that works across processes', { skip }, (t) => {
  const directory = scratchSchemas(t);
  const schemas = join(directory, 'schemas');
  const before = generate(schemas);
  edit(join(schemas, 'echo.capnp'), (text) =>
    text.replace(/\}\s*$/, '  shout @2 (context :Proxy.Context, text :Text, marks :UInt8) -> (result :Text);\n}\n'),
  );
  const paths = { interfaces: '../interfaces', library: `${root}src-ipc/proxy` };
  const { interfaces, proxies } = generate(schemas, [], paths);
  const changed = [...interfaces.keys()].filter((name) => interfaces.get(name) !== before.interfaces.get(name));
  assert.deepEqual(changed, ['echo.ts']);
  assert.match(interfaces.get('echo.ts') ?? '', /shout\(text: string, marks: number\): Promise<string>;/);

  writeFolder(join(directory, 'interfaces'), interfaces);
  writeFolder(join(directory, 'proxies'), proxies);
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(directory, 'caller.ts'), CALLER);
  writeFileSync(join(directory, 'answerer.ts'), ANSWERER);
  const output = execFileSync(
    process.execPath,
    ['--import', 'tsx', join(directory, 'caller.ts'), join(directory, 'answerer.ts')],
    { cwd: root, encoding: 'utf8' },
  );
  assert.equal(output, 'as before LOUDER!!\n0\n');
});
