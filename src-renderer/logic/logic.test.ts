import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FacadeError, Result, TransactionPage, TransactionRow } from '../../src-interfaces/facade.js';
import { groupsOfFour, shortened } from './address-groups.js';
import { bip21Uri } from './bip21-uri.js';
import { settlementOf } from './confirmations.js';
import { complete, completions, remember, withoutSecrets } from './console-line.js';
import { jsonTokens, looksLikeAmount, plainText } from './json-tokens.js';
import { bytesText, trafficRates } from './traffic-rates.js';
import { PAGE, TransactionPages } from './transaction-pages.js';

test('addresses in fours and shortened', () => {
  assert.deepEqual(groupsOfFour('bcrt1qabcde'), ['bcrt', '1qab', 'cde']);
  assert.deepEqual(groupsOfFour(''), []);
  assert.equal(shortened('0123456789abcdefghij', 4, 4), '0123…ghij');
  assert.equal(shortened('short', 4, 4), 'short');
});

test('BIP21 URIs carry amount, label and message and nothing else', () => {
  const request = { address: 'bcrt1q', amount: null, label: '', message: '' };
  assert.equal(bip21Uri(request), 'bitcoin:bcrt1q');
  assert.equal(bip21Uri({ ...request, amount: 0n }), 'bitcoin:bcrt1q');
  const uri = bip21Uri({ ...request, amount: 12_345_600n, label: 'Luke & Jr', message: "it's (half)" });
  assert.equal(uri, 'bitcoin:bcrt1q?amount=0.123456&label=Luke%20%26%20Jr&message=it%27s%20%28half%29');
  const parameters = new URLSearchParams(uri.slice(uri.indexOf('?')));
  assert.equal(parameters.get('message'), "it's (half)");
});

test('JSON replies are indented with every digit kept', () => {
  const source = '{"a":1.10000000,"b":[],"c":[1,{"d":"x:,{}\\""}],"e":{},"n":12345678901234567890,"t":true}';
  const tokens = jsonTokens(source);
  assert.ok(tokens !== null);
  const text = tokens.map((token) => token.text).join('');
  assert.match(text, /"a": 1\.10000000,\n {2}"b": \[\],\n {2}"c": \[\n {4}1,\n {4}\{/);
  assert.match(text, /12345678901234567890/);
  assert.deepEqual(JSON.parse(text), JSON.parse(source));
  assert.deepEqual(tokens.filter((token) => token.kind === 'key').map((token) => token.text), [
    '"a"', '"b"', '"c"', '"d"', '"e"', '"n"', '"t"',
  ]);
  assert.equal(JSON.stringify(JSON.parse(text)), JSON.stringify(JSON.parse(source)));
});

test('what is not JSON stays text', () => {
  for (const bad of ['help text', '', '{"a":1', '[1}', '1,2']) assert.equal(jsonTokens(bad), null, bad);
  assert.equal(plainText('"line\\nnext"'), 'line\nnext');
  assert.equal(plainText('12'), null);
  assert.ok(looksLikeAmount('0.50000000'));
  assert.ok(!looksLikeAmount('0.5'));
});

test('secrets do not reach the console history', () => {
  assert.equal(withoutSecrets('walletpassphrase "hunter2" 60'), 'walletpassphrase …');
  assert.equal(withoutSecrets('echo(WalletPassphrase(hunter2))'), 'echo(WalletPassphrase …');
  assert.equal(withoutSecrets('getblockcount'), 'getblockcount');
  assert.deepEqual(remember(['a', 'b'], 'a'), ['b', 'a']);
  assert.deepEqual(remember(['a'], 'encryptwallet x'), ['a']);
  assert.deepEqual(remember(['a'], '  '), ['a']);
});

test('completion of commands', () => {
  const commands = ['getblock', 'getblockcount', 'getbestblockhash', 'help'];
  assert.deepEqual(completions(commands, 'getbl'), ['getblock', 'getblockcount']);
  assert.deepEqual(completions(commands, 'blockc'), ['getblockcount']);
  assert.deepEqual(completions(commands, 'help getbe'), ['getbestblockhash']);
  assert.deepEqual(completions(commands, 'getblock(getbe'), ['getbestblockhash']);
  assert.deepEqual(completions(commands, 'getblock abc'), []);
  assert.equal(complete('help getb', 'getblock'), 'help getblock ');
});

test('traffic rates, and bytes in words', () => {
  const rates = trafficRates([
    { timeMilliseconds: 1000, receivedBytes: 0, sentBytes: 0 },
    { timeMilliseconds: 3000, receivedBytes: 4000, sentBytes: 10 },
    { timeMilliseconds: 3000, receivedBytes: 5000, sentBytes: 10 },
    { timeMilliseconds: 4000, receivedBytes: 0, sentBytes: 20 },
  ]);
  assert.deepEqual(rates, { times: [3, 4], received: [2000, 0], sent: [5, 10] });
  assert.equal(bytesText(999), '999\u00a0B');
  assert.equal(bytesText(1000), '1.00\u00a0kB');
  assert.equal(bytesText(999_600), '1.00\u00a0MB');
  assert.equal(bytesText(99_960_000), '100\u00a0MB');
});

test('settlement of payments and of mined coins', () => {
  const row = { status: 'confirmed', height: 10, kind: 'received' } as const;
  assert.deepEqual(settlementOf(row, 10), { kind: 'confirming', confirmations: 1 });
  assert.deepEqual(settlementOf(row, 15), { kind: 'settled', confirmations: 6 });
  assert.deepEqual(settlementOf(row, 9), { kind: 'pending' }, 'a block above the tip is not counted');
  assert.deepEqual(settlementOf({ ...row, kind: 'mined' }, 109), { kind: 'immature', blocksLeft: 1 });
  assert.deepEqual(settlementOf({ ...row, kind: 'mined' }, 110), { kind: 'settled', confirmations: 101 });
  assert.deepEqual(settlementOf({ ...row, status: 'conflicted', height: null }, 10), { kind: 'conflicted' });
});

interface Loading {
  readonly offset: number;
  readonly answer: (value: Result<TransactionPage, FacadeError>) => Promise<void>;
}

function rowOf(index: number): TransactionRow {
  return {
    txid: String(index), time: 0, kind: 'sent', status: 'pending', height: null,
    amount: 0n, fee: null, address: '', label: '', addressCount: 1,
  };
}

function pageOf(offset: number, total: number): Result<TransactionPage, FacadeError> {
  const rows = Array.from({ length: Math.min(PAGE, total - offset) }, (_, i) => rowOf(offset + i));
  return { ok: true, value: { sequence: 0, total, offset, rows } };
}

test('pages are fetched once, in view only, and stay on screen while they are renewed', async () => {
  const loads: Loading[] = [];
  let changes = 0;
  const pages = new TransactionPages(
    (offset) =>
      new Promise((resolve) =>
        loads.push({
          offset,
          answer: (value) => {
            resolve(value);
            return new Promise((done) => setImmediate(done));
          },
        }),
      ),
    () => changes++,
  );
  pages.ensure(0, 40);
  pages.ensure(0, 50);
  assert.deepEqual(loads.map((load) => load.offset), [0]);
  await loads[0]?.answer(pageOf(0, 250));
  assert.equal(pages.total, 250);
  assert.equal(pages.rowAt(99)?.txid, '99');
  assert.equal(pages.rowAt(100), undefined);
  pages.ensure(90, 210);
  assert.deepEqual(loads.map((load) => load.offset), [0, 100, 200]);
  pages.invalidate();
  assert.equal(pages.rowAt(0)?.txid, '0', 'old rows stay');
  assert.deepEqual(loads.slice(3).map((load) => load.offset), [0, 100, 200]);
  await loads[1]?.answer(pageOf(100, 250));
  assert.equal(pages.rowAt(100), undefined, 'answers from before the change are dropped');
  await loads[3]?.answer(pageOf(0, 30));
  assert.equal(pages.total, 30);
  await loads[4]?.answer({ ok: false, error: { code: 'disconnected', message: 'gone' } });
  assert.equal(pages.error?.code, 'disconnected');
  assert.equal(changes, 3);
});
