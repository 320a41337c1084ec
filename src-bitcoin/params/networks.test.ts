import { test } from 'node:test';
import assert from 'node:assert/strict';
import { hashToHex, toHex } from '../bytes/hex.js';
import { blockHash } from '../primitives/block.js';
import type { ChainName } from './chain-params.js';
import { chainParams } from './networks.js';

const genesisHashes: Record<ChainName, string> = {
  main: '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
  test: '000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943',
  testnet4: '00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043',
  signet: '00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6',
  regtest: '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206',
};

const names: readonly ChainName[] = ['main', 'test', 'testnet4', 'signet', 'regtest'];

for (const name of names) {
  test(`genesis block of ${name}`, () => {
    const { genesis } = chainParams(name);
    assert.equal(hashToHex(blockHash(genesis.header)), genesisHashes[name]);
    const merkleRoot =
      name === 'testnet4'
        ? '7aa0a7ae1e223414cb807e40cd57e667b718e42aaf9306db9102fe28912b7b4e'
        : '4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b';
    assert.equal(hashToHex(genesis.header.merkleRoot), merkleRoot);
  });
}

test('signet magic follows from the challenge', () => {
  assert.equal(toHex(chainParams('signet').magic), '0a03cf40');
  const custom = chainParams('signet', { signetChallenge: Uint8Array.of(0x51) });
  assert.notEqual(toHex(custom.magic), '0a03cf40');
  assert.equal(custom.consensus.minimumChainWork, 0n);
});

test('easiest targets', () => {
  const limit = (name: ChainName): string => chainParams(name).consensus.powLimit.toString(16).padStart(64, '0');
  assert.equal(limit('main'), `00000000${'f'.repeat(56)}`);
  assert.equal(limit('signet'), `00000377ae${'0'.repeat(54)}`);
  assert.equal(limit('regtest'), `7${'f'.repeat(63)}`);
});
