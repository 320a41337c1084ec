import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unimplementedMethods } from '../../src-interfaces/unimplemented.js';
import { Desk } from '../testing/desk.js';
import { WalletInterface } from './wallet.js';

test('the methods listed as not implemented say so', async (t) => {
  const desk = Desk.empty(t);
  await desk.call('createwallet', 'w');
  const wallet = desk.registry.get('w');
  assert.ok(wallet !== undefined);
  const targets = { Wallet: new WalletInterface(wallet, desk.registry) };
  for (const [owner, target] of Object.entries(targets)) {
    for (const [name, reason] of Object.entries(unimplementedMethods[owner] ?? {})) {
      const method: unknown = Reflect.get(target, name);
      assert.ok(typeof method === 'function', name);
      const call = async (): Promise<unknown> => Reflect.apply(method, target, []) as unknown;
      await assert.rejects(call, { name: 'CallFailure', code: 'unimplemented', message: `${owner}.${name} is not implemented: ${reason}` });
    }
  }
});
