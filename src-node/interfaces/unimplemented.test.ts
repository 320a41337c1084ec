import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unimplementedMethods } from '../../src-interfaces/unimplemented.js';
import { NodeProcess } from '../init/node-process.js';
import { NodeInterface } from './node.js';

test('the methods listed as not implemented say so', async () => {
  const node = new NodeInterface(new NodeProcess());
  for (const [name, reason] of Object.entries(unimplementedMethods['Node'] ?? {})) {
    const method: unknown = Reflect.get(node, name);
    assert.ok(typeof method === 'function', name);
    const call = async (): Promise<unknown> => Reflect.apply(method, node, []) as unknown;
    await assert.rejects(call, { name: 'CallFailure', code: 'unimplemented', message: `Node.${name} is not implemented: ${reason}` });
  }
  assert.deepEqual(await node.listExternalSigners(), []);
});
