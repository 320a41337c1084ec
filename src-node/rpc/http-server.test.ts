import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { HelpResult } from '../../src-interfaces/errors.js';
import { silentLogger } from '../../src-interfaces/logging.js';
import { parseCommandLine } from '../../src-interfaces/options/command-line.js';
import { OptionValues } from '../../src-interfaces/options/option-values.js';
import { emptySettings } from '../../src-interfaces/options/settings.js';
import { nodeOptionTable } from '../../src-interfaces/options/tables.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec } from '../../src-interfaces/rpc/command.js';
import { Patience } from '../../src-ipc/process/patience.js';
import type { CommandRegistry } from '../interfaces/chain.js';
import { WalletProcess } from '../interfaces/wallet-process.js';
import { CommandTable } from './command-table.js';
import { RpcHttpServer } from './http-server.js';
import { JsonRpc } from './json-rpc.js';

let release: () => void = () => undefined;

const commands: readonly CommandSpec[] = [
  {
    name: 'add',
    category: 'test',
    description: 'Adds.',
    args: [
      { names: 'a', kind: 'number', required: true, help: '' },
      { names: 'b', kind: 'number', default: 1, help: '' },
    ],
    run: (call) => call.integer('a') + call.integer('b'),
  },
  { name: 'fail', category: 'test', description: 'Fails.', args: [], run: () => Promise.reject(rpcError('invalidParameter', 'no')) },
  { name: 'wait', category: 'test', description: 'Waits.', args: [], run: () => new Promise((resolve) => (release = () => resolve('done'))) },
  {
    name: 'listen',
    category: 'test',
    description: 'Waits until its caller leaves.',
    args: [],
    run: (call) =>
      new Promise((resolve) => {
        call.request.abandoned?.addEventListener('abort', () => resolve(null));
        release();
      }),
  },
  { name: 'where', category: 'test', description: 'Tells the path.', args: [], run: (call) => [call.request.uri, call.request.authUser] },
];

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Running {
  readonly port: number;
  readonly table: CommandTable;
  readonly cookie: string;
  readonly directory: string;
  readonly server: RpcHttpServer;
}

async function start(t: TestContext, ...args: string[]): Promise<Running> {
  const port = await freePort();
  const parsed = parseCommandLine(['-regtest', `-rpcport=${port}`, ...args], nodeOptionTable);
  assert.ok(parsed.ok);
  const options = new OptionValues({ ...emptySettings(), commandLine: parsed.options }, nodeOptionTable);
  options.selectNetwork('regtest');
  const directory = mkdtempSync(join(tmpdir(), 'rpc-'));
  const table = new CommandTable();
  table.add(commands);
  const server = new RpcHttpServer({ options, netDirectory: directory, defaultPort: 18443, log: silentLogger }, new JsonRpc(table));
  await server.start();
  t.after(() => server.stop());
  const file = join(directory, '.cookie');
  return { port, table, cookie: existsSync(file) ? readFileSync(file, 'utf8') : '', directory, server };
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

function send(port: number, body: string, { auth, path = '/', method = 'POST' }: { auth?: string; path?: string; method?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, method, ...(auth === undefined ? {} : { auth }) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }));
    });
    call.on('error', reject);
    call.end(body);
  });
}

const call1 = (method: string, params: unknown = [], id: unknown = 1): string => JSON.stringify({ method, params, id });
const call2 = (method: string, params: unknown = [], id: unknown = 1): string => JSON.stringify({ jsonrpc: '2.0', method, params, id });

test('JSON-RPC 1 and 2: results, errors and their HTTP status', async (t) => {
  const { port, cookie, table } = await start(t);
  const auth = cookie;
  assert.deepEqual(await send(port, call1('add', [1, 2]), { auth }).then(({ status, body }) => [status, body]), [500, '{"result":null,"error":{"code":-28,"message":"RPC server started"},"id":1}\n']);
  table.finishWarmup();
  const cases: [string, number, string][] = [
    [call1('add', [1, 2]), 200, '{"result":3,"error":null,"id":1}\n'],
    [call1('add', { b: 5, a: 2 }, 'x'), 200, '{"result":7,"error":null,"id":"x"}\n'],
    [call2('add', [4]), 200, '{"jsonrpc":"2.0","result":5,"id":1}\n'],
    [call1('fail'), 500, '{"result":null,"error":{"code":-8,"message":"no"},"id":1}\n'],
    [call2('fail'), 200, '{"jsonrpc":"2.0","error":{"code":-8,"message":"no"},"id":1}\n'],
    [call1('nope'), 404, '{"result":null,"error":{"code":-32601,"message":"Method not found"},"id":1}\n'],
    [call2('nope'), 200, '{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":1}\n'],
    ['{', 500, '{"result":null,"error":{"code":-32700,"message":"Parse error"},"id":null}\n'],
    ['"x"', 500, '{"result":null,"error":{"code":-32700,"message":"Top-level object parse error"},"id":null}\n'],
    ['{"id":7}', 400, '{"result":null,"error":{"code":-32600,"message":"Missing method"},"id":7}\n'],
    ['{"id":7,"method":1}', 400, '{"result":null,"error":{"code":-32600,"message":"Method must be a string"},"id":7}\n'],
    ['{"id":7,"method":"add","params":3}', 400, '{"result":null,"error":{"code":-32600,"message":"Params must be an array or object"},"id":7}\n'],
    ['{"id":7,"jsonrpc":"3.0","method":"add"}', 400, '{"result":null,"error":{"code":-32600,"message":"JSON-RPC version not supported"},"id":7}\n'],
    [JSON.stringify({ jsonrpc: '2.0', method: 'add', params: [1] }), 204, ''],
    ['[]', 200, '[]\n'],
    [`[${call1('add', [1])},${call2('fail', [], 2)},{"x":1}]`, 200, '[{"result":2,"error":null,"id":1},{"jsonrpc":"2.0","error":{"code":-8,"message":"no"},"id":2},{"result":null,"error":{"code":-32600,"message":"Missing method"}}]\n'],
    [`[${JSON.stringify({ jsonrpc: '2.0', method: 'add', params: [1] })}]`, 204, ''],
    [call1('add', { c: 1 }), 500, '{"result":null,"error":{"code":-8,"message":"Unknown named parameter c"},"id":1}\n'],
    [call1('add', { args: [1], a: 2 }), 500, '{"result":null,"error":{"code":-8,"message":"Parameter a specified twice both as positional and named argument"},"id":1}\n'],
    [call1('add', { args: [1], b: 2 }), 200, '{"result":3,"error":null,"id":1}\n'],
    ['{"method":"add","params":{"a":1,"a":2},"id":1}', 500, '{"result":null,"error":{"code":-8,"message":"Parameter a specified multiple times"},"id":1}\n'],
    [call1('add', ['1']), 500, '{"result":null,"error":{"code":-3,"message":"Wrong type passed:\\n{\\n    \\"Position 1 (a)\\": \\"JSON value of type string is not of expected type number\\"\\n}"},"id":1}\n'],
    [call1('add', [1.5]), 500, '{"result":null,"error":{"code":-1,"message":"JSON integer out of range"},"id":1}\n'],
  ];
  for (const [body, status, expected] of cases) {
    const answer = await send(port, body, { auth });
    assert.deepEqual([answer.status, answer.body], [status, expected], body);
  }
  const tooFew = await send(port, call1('add'), { auth });
  assert.equal(tooFew.status, 500);
  assert.match(tooFew.body, /"code":-1,"message":"add a \( b \)\\n\\nAdds\./);
});

test('who may call: cookie, wrong password, paths and methods', async (t) => {
  const { port, cookie, table, directory, server } = await start(t);
  table.finishWarmup();
  assert.match(cookie, /^__cookie__:[0-9a-f]{64}$/);
  assert.equal(statSync(join(directory, '.cookie')).mode & 0o777, 0o600);
  const body = call1('where');
  assert.equal((await send(port, body, { auth: cookie, path: '/wallet/w1' })).body, '{"result":["/wallet/w1","__cookie__"],"error":null,"id":1}\n');
  assert.equal((await send(port, body, { auth: cookie, path: '/other' })).status, 404);
  const get = await send(port, '', { auth: cookie, method: 'GET' });
  assert.deepEqual([get.status, get.body], [405, 'JSONRPC server handles only POST requests']);
  const none = await send(port, body);
  assert.equal(none.status, 401);
  assert.equal(none.headers['www-authenticate'], 'Basic realm="jsonrpc"');
  assert.equal((await send(port, body, { auth: '__cookie__:wrong' })).status, 401);
  await server.stop();
  assert.equal(existsSync(join(directory, '.cookie')), false);
});

test('-rpcuser, -rpcauth and whitelists', async (t) => {
  const salt = 'abcdef';
  const hash = createHmac('sha256', salt).update('secret').digest('hex');
  const { port, table, directory } = await start(t, '-rpcuser=al', '-rpcpassword=pw', `-rpcauth=bo:${salt}$${hash}`, '-rpcwhitelist=bo:add,where', '-rpcwhitelist=bo:add', '-rpcwhitelistdefault=0');
  table.finishWarmup();
  assert.equal(existsSync(join(directory, '.cookie')), false);
  assert.equal((await send(port, call1('where'), { auth: 'al:pw' })).status, 200);
  assert.equal((await send(port, call1('add', [1]), { auth: 'bo:secret' })).status, 200);
  assert.equal((await send(port, call1('where'), { auth: 'bo:secret' })).status, 403);
  assert.equal((await send(port, `[${call1('add', [1])},${call1('where')}]`, { auth: 'bo:secret' })).status, 403);
  const strict = await start(t, `-rpcauth=bo:${salt}$${hash}`, '-rpcwhitelist=bo:add');
  strict.table.finishWarmup();
  assert.equal((await send(strict.port, call1('add', [1]), { auth: strict.cookie })).status, 403);
});

test('a full work queue answers 503, and stopping finishes what runs', async (t) => {
  const { port, cookie, table, server } = await start(t, '-rpcthreads=1', '-rpcworkqueue=1');
  table.finishWarmup();
  const first = send(port, call1('wait'), { auth: cookie });
  while ([...table.active].length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const second = send(port, call1('add', [1]), { auth: cookie });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const third = await send(port, call1('add', [1]), { auth: cookie });
  assert.deepEqual([third.status, third.body], [503, 'Work queue depth exceeded']);
  const stopped = server.stop();
  release();
  assert.equal((await first).body, '{"result":"done","error":null,"id":1}\n');
  assert.equal((await second).status, 200);
  await stopped;
});

test('addresses not allowed get 403, and bad -rpcallowip is named', async (t) => {
  await assert.rejects(start(t, '-rpcallowip=1.2.3'), /Invalid -rpcallowip subnet specification: 1\.2\.3\./);
  await assert.rejects(start(t, '-rpcallowip=::/0', '-rpcbind=127.0.0.1:x'), /Invalid port specified in -rpcbind: '127\.0\.0\.1:x'/);
});

const walletProcess = (): WalletProcess => new WalletProcess(new Patience(60_000), 'somewhere');

test('commands of other processes: several per name, help, removal', async (t) => {
  const { port, cookie, table } = await start(t);
  table.finishWarmup();
  const seen: string[] = [];
  const offer = (id: bigint, known: string, registry: CommandRegistry = table.commandsOf(walletProcess())): (() => void) =>
    registry.register({
      category: 'wallet',
      name: 'who',
      argNames: [{ name: 'name|n', namedOnly: false }],
      uniqueId: id,
      actor: async (foreign, _response, last) => {
        if (foreign.mode === 1) {
          throw new HelpResult('who "name"\n\nWho.\n');
        }
        seen.push(`${known}:${foreign.params}:${String(last)}`);
        if (foreign.params === `["${known}"]`) return { response: '1.10000000', result: true };
        throw rpcError('walletNotFound', 'Requested wallet does not exist or is not loaded');
      },
    });
  const removeA = offer(1n, 'a');
  const removeB = offer(2n, 'b');
  assert.equal((await send(port, call1('who', { n: 'b' }), { auth: cookie })).body, '{"result":1.10000000,"error":null,"id":1}\n');
  assert.deepEqual(seen, ['a:["b"]:false', 'b:["b"]:true']);
  assert.match((await send(port, call1('who', ['c']), { auth: cookie })).body, /"code":-18/);
  removeA();
  assert.match((await send(port, call1('who', ['a']), { auth: cookie })).body, /"code":-18/);
  seen.length = 0;
  const removeOwn = offer(3n, 'own', table.commandsOf(walletProcess(), true));
  assert.match((await send(port, call1('who', ['c']), { auth: cookie })).body, /"code":-18/);
  assert.deepEqual(seen, ['own:["c"]:false', 'b:["c"]:true'], 'the process of the node is asked first, even if it came last');
  removeOwn();
  removeB();
  assert.match((await send(port, call1('who', ['a']), { auth: cookie })).body, /"code":-32601/);
});

test('whoever leaves without the answer makes room for others', async (t) => {
  const { port, cookie, table } = await start(t, '-rpcthreads=1', '-rpcworkqueue=1');
  table.finishWarmup();
  const started = new Promise<void>((resolve) => (release = resolve));
  const call = request({ host: '127.0.0.1', port, method: 'POST', auth: cookie });
  const gone = new Promise((resolve) => call.on('error', resolve));
  call.end(call1('listen'));
  await started;
  const next = send(port, call1('add', [1, 2]), { auth: cookie });
  call.destroy();
  await gone;
  assert.equal((await next).body, '{"result":3,"error":null,"id":1}\n');
});
