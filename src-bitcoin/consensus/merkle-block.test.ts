import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ByteReader, DecodeError } from '../bytes/reader.js';
import { hash256 } from '../crypto/hash.js';
import type { BlockHeader } from '../primitives/block.js';
import { txidOf, type Transaction } from '../primitives/transaction.js';
import { merkleBlockOf, readMerkleBlock, serializeMerkleBlock, shownTransactions, type MerkleBlock } from './merkle-block.js';
import { merklePath, merkleRoot } from './merkle.js';

const txids = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => hash256(Uint8Array.of(i)));

function headerOver(leaves: readonly Uint8Array[]): BlockHeader {
  return { version: 1, prevHash: new Uint8Array(32), merkleRoot: merkleRoot(leaves).root, time: 1, bits: 0x207fffff, nonce: 2 };
}

/** Whole bytes of flags. */
const padded = (flags: readonly boolean[]): boolean[] => [...flags, ...Array.from({ length: -flags.length & 7 }, () => false)];

/** Shows one of some transactions, by the hashes beside its way to the root. */
function showing(leaves: readonly Uint8Array[], index: number): MerkleBlock {
  const path = merklePath(leaves, index);
  let hashes: Uint8Array[] = leaves.slice(index, index + 1);
  let flags = [true];
  let width = leaves.length;
  let at = index;
  for (const sibling of path) {
    const lonely = at % 2 === 0 && at + 1 === width;
    if (at % 2 === 1) [hashes, flags] = [[sibling, ...hashes], [false, ...flags]];
    else if (!lonely) [hashes, flags] = [[...hashes, sibling], [...flags, false]];
    flags = [true, ...flags];
    at >>= 1;
    width = Math.ceil(width / 2);
  }
  return { header: headerOver(leaves), transactionCount: leaves.length, hashes, flags: padded(flags) };
}

describe('merkle blocks', () => {
  test('each transaction of blocks of any size can be shown', () => {
    for (let count = 1; count <= 17; count++) {
      const leaves = txids(count);
      leaves.forEach((txid, index) => assert.deepEqual(shownTransactions(showing(leaves, index)), [{ txid, index }], `${index} of ${count}`));
    }
  });

  test('those of a block that are chosen are shown, and no others', () => {
    for (let count = 1; count <= 9; count++) {
      const transactions = Array.from({ length: count }, (_, locktime): Transaction => ({ version: 2, inputs: [], outputs: [], locktime }));
      const leaves = transactions.map(txidOf);
      const header = headerOver(leaves);
      for (let choice = 0; choice < 2 ** count; choice++) {
        const chosen = leaves.flatMap((txid, index) => ((choice >> index) & 1 ? [{ txid, index }] : []));
        const block = merkleBlockOf({ header, transactions }, (txid) => chosen.some((each) => each.txid === txid));
        assert.deepEqual(shownTransactions(readMerkleBlock(new ByteReader(serializeMerkleBlock(block)))), chosen, `${choice} of ${count}`);
        if (chosen.length === 1) assert.deepEqual(block, showing(leaves, chosen[0]?.index ?? -1));
      }
    }
  });

  test('all transactions, and none', () => {
    const leaves = txids(3);
    const header = headerOver(leaves);
    const all = shownTransactions({ header, transactionCount: 3, hashes: leaves, flags: padded(Array.from({ length: 6 }, () => true)) });
    assert.deepEqual(all, leaves.map((txid, index) => ({ txid, index })));
    assert.deepEqual(shownTransactions({ header, transactionCount: 3, hashes: [header.merkleRoot], flags: padded([false]) }), []);
  });

  test('what does not lead to the root shows nothing', () => {
    const good = showing(txids(5), 2);
    const other = hash256(Uint8Array.of(99));
    const changes: readonly Partial<MerkleBlock>[] = [
      { transactionCount: 0 },
      { transactionCount: 9 },
      { transactionCount: 16_667 },
      { transactionCount: 0xffffffff },
      { hashes: [] },
      { hashes: good.hashes.slice(1) },
      { hashes: [...good.hashes, other] },
      { hashes: good.hashes.map((hash, i) => (i === 1 ? other : hash)) },
      { flags: [] },
      { flags: good.flags.slice(0, 3) },
      { flags: good.flags.map((flag, i) => (i === 0 ? !flag : flag)) },
      { flags: [...good.flags, ...padded([false])] },
      { header: { ...good.header, merkleRoot: other } },
    ];
    for (const change of changes) assert.equal(shownTransactions({ ...good, ...change }), undefined, Object.keys(change).join());
  });

  test('two equal halves are refused', () => {
    const [leaf = new Uint8Array(32)] = txids(1);
    const header = headerOver([leaf, leaf]);
    assert.equal(shownTransactions({ header, transactionCount: 2, hashes: [leaf, leaf], flags: padded([true, true, true]) }), undefined);
  });

  test('the serialized form', () => {
    const block = showing(txids(5), 3);
    const bytes = serializeMerkleBlock(block);
    assert.deepEqual(readMerkleBlock(new ByteReader(bytes)), block);
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => readMerkleBlock(new ByteReader(bytes.subarray(0, length))), DecodeError);
    }
  });
});
