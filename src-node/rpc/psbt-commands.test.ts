import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fromHex, hashFromHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { serializeTransaction } from '../../src-bitcoin/primitives/transaction.js';
import { inputField } from '../../src-bitcoin/psbt/fields.js';
import type { Psbt } from '../../src-bitcoin/psbt/psbt.js';
import { parsePsbtText, psbtToText } from '../../src-bitcoin/psbt/psbt-text.js';
import { createNode } from '../init/create-node.js';
import type { NodeProcess } from '../init/node-process.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any;

/** Anybody may spend: P2WSH of OP_TRUE. */
const anyone = 'bcrt1qft5p2uhsdcdc3l2ua4ap5qqfg4pjaqlp250x7us7a8qqhrxrxfsqseac85';
const empty = new Uint8Array(0);

describe('PSBTs, where Bitcoin Core answers otherwise or not at all', () => {
  let node: NodeProcess;
  /** An unspent output that anybody may spend. */
  let coin: { readonly txid: string; readonly vout: number };
  const rpc = async (method: string, ...params: unknown[]): Promise<Json> => JSON.parse(await node.executeRpc(method, JSON.stringify(params), ''));
  const draft = (...inputs: readonly unknown[]): Promise<string> => rpc('createpsbt', inputs, [{ [anyone]: 1 }]);
  const parsed = (text: string): Psbt => {
    const outcome = parsePsbtText(text);
    assert.ok(outcome.ok, text);
    return outcome.psbt;
  };

  before(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'psbt-commands-'));
    node = await createNode(['-regtest', `-datadir=${directory}`, '-listen=0', '-connect=0', '-printtoconsole=0', '-disablewallet']);
    const [first] = await rpc('generatetoaddress', 101, anyone);
    const { tx } = await rpc('getblock', first);
    coin = { txid: tx[0], vout: 0 };
  });
  after(() => node.shutdown());

  test('one whose inputs are finished in a wrong way is not complete', async () => {
    for (const [witness, isRight] of [['010151', true], ['010152', false]] as const) {
      const psbt = parsed(await rpc('utxoupdatepsbt', await draft(coin)));
      psbt.inputs[0]?.set(inputField.finalWitness, empty, fromHex(witness));
      const { complete, hex } = await rpc('descriptorprocesspsbt', psbtToText(psbt), []);
      assert.deepEqual([complete, hex !== undefined], [isRight, isRight]);
    }
  });

  test('a transaction of the mempool is left out when it has no such output', async () => {
    const tx = {
      version: 2,
      inputs: [{ prevout: { txid: hashFromHex(coin.txid), index: 0 }, scriptSig: empty, sequence: 0xfffffffd, witness: [fromHex('51')] }],
      outputs: [{ value: 49_9999_0000n, scriptPubKey: fromHex((await rpc('validateaddress', anyone)).scriptPubKey) }],
      locktime: 0,
    };
    const txid = await rpc('sendrawtransaction', toHex(serializeTransaction(tx)));
    for (const [vout, isThere] of [[0, true], [1, false]] as const) {
      const psbt = parsed(await rpc('utxoupdatepsbt', await draft({ txid, vout })));
      assert.equal(psbt.inputs[0]?.has(inputField.nonWitnessUtxo), isThere);
    }
  });

  test('those that spend the same are not joined, whatever their sequence numbers', async () => {
    const again = await draft({ ...coin, sequence: 1 });
    await assert.rejects(rpc('joinpsbts', [await draft(coin), again]), { code: -8, message: `Input ${coin.txid}:0 exists in multiple PSBTs` });
    await assert.rejects(rpc('joinpsbts', [again]), { code: -8, message: 'At least two PSBTs are required to join PSBTs.' });
  });
});
