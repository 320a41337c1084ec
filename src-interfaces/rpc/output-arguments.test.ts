import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeAddress } from '../../src-bitcoin/address/address.js';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import { parseJson } from '../json/json.js';
import { outputPairs, outputsOf, type DraftOutput } from './output-arguments.js';

const address = 'bcrt1qft5p2uhsdcdc3l2ua4ap5qqfg4pjaqlp250x7us7a8qqhrxrxfsqseac85';
const outputs = (text: string): readonly DraftOutput[] => outputsOf(outputPairs(parseJson(text)), (name) => decodeAddress(name, chainParams('regtest')));

test('an address that is to be paid twice is refused, wherever it is said', () => {
  const pay = `"${address}":1`;
  for (const text of [`{${pay},${pay}}`, `[{${pay}},{${pay}}]`, `{${pay},"${address.toUpperCase()}":2}`]) {
    assert.throws(() => outputs(text), { code: -8, message: new RegExp(`^Invalid parameter, duplicated address: ${address}$`, 'i') });
  }
  for (const text of ['{"data":"aa","data":"bb"}', '[{"data":"aa"},{"data":"bb"}]']) assert.throws(() => outputs(text), { code: -8, message: 'Invalid parameter, duplicate key: data' });
  assert.throws(() => outputs(`[{${pay},${pay}}]`), { code: -8, message: 'Invalid parameter, key-value pair must contain exactly one key' });
  assert.deepEqual(outputs(`{"data":"aa",${pay}}`).map(({ amount }) => amount), [0n, 1_0000_0000n]);
});
