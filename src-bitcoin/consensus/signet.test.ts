import assert from 'node:assert/strict';
import test from 'node:test';
import { concatBytes } from '../bytes/bytes.js';
import { fromHex, hashToHex, toHex } from '../bytes/hex.js';
import { blockHash, parseBlock, type Block } from '../primitives/block.js';
import { pushBytes } from '../script/script.js';
import { checkSignetSolution } from './signet.js';
import { checkBlock } from './block-checks.js';

// The first block of a signet with a key of ours; Bitcoin Core with this challenge takes it.
const challenge = fromHex('2103ac77a753412cae4565c4eac1fe348e4dd1fd5934f1a5e751f3e117b4c4e92afaac');
const raw =
  '00000020f61eee3b63a380a477a063af32b2bbc97c9ff9f01f2c4225e973988108000000d0a6a63d8d007142ba4f6bb8a32f7bec1626d7' +
  '72920c71ebf12ae4ed219429cf58914d5fae77031ef5ec7000010200000000010100000000000000000000000000000000000000000000' +
  '00000000000000000000ffffffff025151ffffffff0200f2052a0100000001510000000000000000766a24aa21a9ede2f61c3f71d1defd' +
  '3fa999dfa36953755c690689799962b48bebd836974e8cf94c4eecc7daa2484730440220682240a8262ad4cf1723d3f451825d6a7f173f' +
  '0096781738bbfa2202f2c9e6ad022000b3e926313719571caab81337a6d3f4da78a0c62953395937c2d2f2bbb8a5f10100012000000000' +
  '0000000000000000000000000000000000000000000000000000000000000000';

const powLimit = 0x377aen << 216n;

/** The block with other bytes in place of some; its proof of work and merkle root are no matter here. */
function changed(from: string, to: string): Block {
  assert.ok(raw.includes(from));
  return parseBlock(fromHex(raw.replace(from, to)));
}

test('a signet block is valid with its signature only', () => {
  const block = parseBlock(fromHex(raw));
  assert.equal(hashToHex(blockHash(block.header)), '000002e3e85aa16493fdc471c4425f52516e9da4814f34a57ae1a4be2f2904e2');
  assert.equal(checkBlock(block, { powLimit, signetChallenge: challenge }), undefined);
  assert.equal(checkBlock(block, { powLimit, signetChallenge: fromHex('52') }), undefined);
  assert.equal(checkBlock(block, { powLimit, signetChallenge: fromHex('00') })?.reason, 'bad-signet-blksig');

  const otherKey = fromHex(toHex(challenge).replace('2103', '2102'));
  assert.equal(checkSignetSolution(block, otherKey), false);
  assert.equal(checkSignetSolution(changed('30440220', '30440221'), challenge), false);
  // What the signature covers: the other outputs, the time, the version.
  assert.equal(checkSignetSolution(changed('00f2052a01', '00f2052a00'), challenge), false);
  const { header } = block;
  assert.equal(checkSignetSolution({ ...block, header: { ...header, time: header.time + 1 } }, challenge), false);
  assert.equal(checkSignetSolution({ ...block, header: { ...header, version: 4 } }, challenge), false);
  // ... and what it does not.
  assert.ok(checkSignetSolution({ ...block, header: { ...header, nonce: 0, bits: 0 } }, challenge));
});

test('a signet solution that cannot be read', () => {
  const block = parseBlock(fromHex(raw));
  const [coinbase] = block.transactions;
  const commitment = coinbase?.outputs[1]?.scriptPubKey;
  assert.ok(coinbase !== undefined && commitment !== undefined);
  const solved = (push: Uint8Array): Block => {
    const outputs = coinbase.outputs.map((output, i) =>
      i === 1 ? { ...output, scriptPubKey: concatBytes(commitment.subarray(0, 38), pushBytes(push)) } : output,
    );
    return { ...block, transactions: [{ ...coinbase, outputs }] };
  };
  const solution = commitment.subarray(40);
  assert.ok(checkSignetSolution(solved(solution), challenge));
  assert.equal(checkSignetSolution(solved(concatBytes(solution, Uint8Array.of(0))), challenge), false);
  assert.equal(checkSignetSolution(solved(solution.subarray(0, -1)), challenge), false);
  assert.equal(checkSignetSolution({ ...block, transactions: [] }, challenge), false);
  assert.equal(checkSignetSolution({ ...block, transactions: [{ ...coinbase, outputs: [] }] }, challenge), false);
  // Without a solution only a challenge that asks for nothing is met.
  const none = changed('ecc7daa2', 'ecc7daa3');
  assert.equal(checkSignetSolution(none, challenge), false);
  assert.ok(checkSignetSolution(none, fromHex('51')));
});
