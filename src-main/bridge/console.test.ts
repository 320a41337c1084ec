import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runConsoleLine } from './console.js';

async function calls(line: string): Promise<string[]> {
  const seen: string[] = [];
  await runConsoleLine(line, async (method, params) => {
    seen.push(`${method} ${params}`);
    return method === 'getbestblockhash' ? '"00ff"' : '{"a":[1,{"b":"x"}]}';
  });
  return seen;
}

test('words become JSON arguments', async () => {
  assert.deepEqual(await calls('getblock 00ff 1'), ['getblock ["00ff",1]']);
  assert.deepEqual(await calls('sendtoaddress "bcrt1q" 0.50 "it\'s a gift" true'), ['sendtoaddress ["bcrt1q",0.50,"it\'s a gift",true]']);
  assert.deepEqual(await calls(`send '{"x y":1}' [1, 2]`), ['send [{"x y":1},[1, 2]]']);
  assert.deepEqual(await calls('getnewaddress "12"'), ['getnewaddress ["12"]']);
  assert.deepEqual(await calls('stop'), ['stop []']);
});

test('nested calls run first and results can be picked from', async () => {
  assert.deepEqual(await calls('getblock(getbestblockhash(), 1)'), ['getbestblockhash []', 'getblock ["00ff",1]']);
  assert.deepEqual(await calls('echo getinfo()[a][1][b]'), ['getinfo []', 'echo ["x"]']);
});

test('a line that cannot be read says why', async () => {
  await assert.rejects(calls('getblock("00'), /a " is missing/);
  await assert.rejects(calls('getblock(1'), /a "\)" is missing/);
  await assert.rejects(calls('echo [1'), /does not end/);
  await assert.rejects(calls(''), /a command is missing/);
  await assert.rejects(calls('echo getinfo()[nothing]'), /no "nothing"/);
});
