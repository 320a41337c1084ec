import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hash160 } from '../crypto/hash.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import { chainParams } from '../params/networks.js';
import { decodeWif } from '../keys/wif.js';
import { messageHash, signMessage } from './signed-message.js';

test('a signed text is the one that Bitcoin Core makes, and tells its key', () => {
  const key = decodeWif('cUeKHd5orzT3mz8P9pxyREHfsWtVfgsfDjiZZBcjUBAaGk1BTj7N', chainParams('regtest'));
  assert.ok(key !== undefined);
  const text = Buffer.from('This is just a test message');
  const signature = signMessage(text, key.secret, key.compressed);
  assert.equal(Buffer.from(signature).toString('base64'), 'INbVnW4e6PeRmsv2Qgu8NuopvrVjkcxob+sX8OcZG0SALhWybUjzMLPdAsXI46YZGb0KQTRii+wWIQzRpG/U+S0=');
  const recovered = secp256k1.recoverPublicKey(messageHash(text), signature);
  assert.ok(recovered !== undefined);
  assert.deepEqual(hash160(recovered), hash160(secp256k1.createPublicKey(key.secret, key.compressed)));
  assert.notDeepEqual(secp256k1.recoverPublicKey(messageHash(Buffer.from('another')), signature), recovered);
});
