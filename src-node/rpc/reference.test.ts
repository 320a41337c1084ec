import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createNode } from '../init/create-node.js';
import { ReferenceNode, referencePrograms } from '../net/testing/reference-node.js';

const address = 'bcrt1qmfvqnyey54wkveu9erfwwe03uzzta0wuksm2w8';
const pubkey = '02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What differs by nature: names, times, files, and the note that the reference is a test build. */
function withoutNature(text: string): string {
  return text
    .replace(/"warnings": \[[^\]]*\]/g, '"warnings": []')
    .replace(/^ *"currentblock(weight|tx)": \d+,\n/gm, '')
    .replace(/"(timemillis|disk_size|duration|size_on_disk|usage|mempool_sequence|locked|used|free|total|chunks_used|chunks_free)": \d+/g, '"$1": 0')
    .replace(/"(subversion|logpath)": "[^"]*"/g, '"$1": ""')
    .replace(/"localservices": "[^"]*"/g, '"localservices": ""')
    .replace(/"localservicesnames": \[[^\]]*\]/g, '"localservicesnames": []');
}

test('the reference’s client shows the same answers from both nodes', async (t) => {
  const folder = referencePrograms();
  if (folder === undefined) return t.skip('skipped: BITCOIN_REFERENCE_BIN names no folder with bitcoin-node and bitcoin-cli');
  const reference = await ReferenceNode.start(t, folder, undefined, '-connect=0');
  const directory = mkdtempSync(join(tmpdir(), 'rpc-reference-'));
  const port = await freePort();
  const node = await createNode(['-regtest', `-datadir=${directory}`, `-rpcport=${port}`, '-server', '-listen=0', '-connect=0', '-printtoconsole=0', '-disablewallet', '-debug=net']);
  t.after(() => node.shutdown());

  const ours = (...words: string[]): Promise<string> =>
    new Promise((resolve) => {
      const args = ['-regtest', `-datadir=${directory}`, `-rpcport=${port}`, ...words];
      execFile(join(folder, 'bitcoin-cli'), args, { maxBuffer: 1 << 26 }, (_error, stdout, stderr) => resolve((stdout + stderr).trim()));
    });
  const theirs = (...words: string[]): Promise<string> =>
    reference.rpc(...words).catch((error: unknown) =>
      typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr).trim() : String(error),
    );

  // One chain for both, made here and handed over.
  await ours('generatetoaddress', '30', address);
  for (let height = 1; height <= 30; height++) {
    const block = await ours('getblock', await ours('getblockhash', String(height)), '0');
    assert.equal(await theirs('submitblock', block), '');
  }
  const hash = await ours('getblockhash', '20');
  const coinbase = String(JSON.parse(await ours('getblock', hash)).tx[0]);
  const raw = await ours('getrawtransaction', coinbase, '0', hash);
  const multisig = `5221${pubkey}2103fff97bd5755eeea420453a14355235d382f6472f8568a18b2f057a146029755652ae`;
  const commands = [
    ...['getblockchaininfo', 'getblockcount', 'getbestblockhash', 'getdifficulty', 'getchaintips', 'getmininginfo', 'getnetworkinfo'],
    ...['getmempoolinfo', 'getrawmempool', 'getconnectioncount', 'getpeerinfo', 'getnettotals', 'getrpcinfo', 'getmemoryinfo', 'logging'],
    ...['getdeploymentinfo', 'getchaintxstats', 'getchaintxstats 5', 'getchaintxstats 30', 'getindexinfo', 'getaddednodeinfo', 'listbanned'],
    ...['getblockhash 5', 'getblockhash -1', 'getblockhash 999', 'getblockhash x', `getblockheader ${hash}`, `getblockheader ${hash} false`],
    ...['getblockheader 00', `getblockheader ${'00'.repeat(32)}`, `getblockheader ${hash} 1`, `getblockstats ${hash}`, 'getblockstats 0'],
    ...['getblockstats 3 ["height","txs"]', 'getblockstats 3 ["nope"]', 'getblockstats 99', 'getblockstats -1'],
    ...[0, 1, 2, 3, 9, 'true', 'x'].map((verbosity) => `getblock ${hash} ${verbosity}`),
    ...['gettxoutsetinfo', 'gettxoutsetinfo muhash', 'gettxoutsetinfo none', 'gettxoutsetinfo foo', 'gettxoutsetinfo none 5'],
    ...[0, 1, 2].map((verbosity) => `getrawtransaction ${coinbase} ${verbosity} ${hash}`),
    ...[`getrawtransaction ${coinbase}`, 'getrawtransaction 00', `decoderawtransaction ${raw}`, 'decoderawtransaction 00', 'decoderawtransaction zz'],
    ...['51', '', 'xy', '51024e73', '6a0401020304', multisig, `21${pubkey}ac`, '0014da58099324a55d666785c8d2e765f1e084bebddc'].map((script) => `decodescript ${script}`),
    ...[`gettxout ${coinbase} 0`, `gettxout ${coinbase} 0 false`, `gettxout ${coinbase} -1`, 'gettxout 00 0', `getmempoolentry ${coinbase}`],
    ...['getnetworkhashps', 'getnetworkhashps 10', 'getnetworkhashps -1', 'getnetworkhashps 0', 'getnetworkhashps 10 20', 'getnetworkhashps 10 99'],
    ...[address, `${address}x`, '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2', 'bcrt1pfees9rn5nz', 'mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn'].map((each) => `validateaddress ${each}`),
    ...['estimatesmartfee 6', 'estimatesmartfee 0', 'estimatesmartfee 6 foo', 'estimatesmartfee 2000', 'estimatesmartfee 6 CONSERVATIVE'],
    ...['addnode 127.0.0.1:1 add', 'addnode 127.0.0.1:1 add', 'getaddednodeinfo x', 'addnode 127.0.0.1:1 remove', 'addnode 127.0.0.1:1 remove'],
    ...['disconnectnode', 'disconnectnode 1.2.3.4', 'disconnectnode a 5', 'submitblock 00', 'generatetoaddress 1 x', 'generatetodescriptor 1 foo'],
    ...['generateblock foo []', 'generateblock raw(51) ["00"]', 'sendrawtransaction 00', `sendrawtransaction ${raw}`, `testmempoolaccept ["${raw}"]`],
    ...['testmempoolaccept []', 'testmempoolaccept ["00"]', `getdescriptorinfo wpkh(${pubkey})`, 'getdescriptorinfo foo', `deriveaddresses wpkh(${pubkey})`],
    ...['echo 1 2 {"a":1}', 'echojson 1 2 {"a":1.10}', 'echojson {"10":1,"2":{"1":0,"0":1}}', 'echojson {"a":1,"b":[{"c":1,"c":1}],"a":2}', 'echo', 'getmemoryinfo foo', 'setmocktime -1', 'waitforblockheight 1000 10', 'waitfornewblock -1'],
    ...['logging ["foo"]', 'help foo', 'foo', `prioritisetransaction ${coinbase} 0 10`, 'getprioritisedtransactions', 'gettxspendingprevout []'],
    ...['setban 1.2.3.4 remove', 'setban x add', 'getrawmempool true true', 'getrawmempool false true', 'setnetworkactive false', 'setnetworkactive true', 'ping'],
  ];
  const different: string[] = [];
  for (const command of commands) {
    const words = command.split(' ');
    const [a, b] = await Promise.all([theirs(...words), ours(...words)]);
    if (withoutNature(a) !== withoutNature(b)) different.push(`${command.slice(0, 100)}\n${a.slice(0, 600)}\n---\n${b.slice(0, 600)}`);
  }
  assert.deepEqual(different, []);
  assert.ok(readFileSync(join(directory, 'regtest', 'debug.log'), 'utf8').length > 0);
});
