import { equalBytes } from '../bytes/bytes.js';
import { hashToHex } from '../bytes/hex.js';
import type { ConsensusParams } from '../params/chain-params.js';
import { blockHash, blockStrippedSize, type Block, type BlockHeader } from '../primitives/block.js';
import { hasWitness, isCoinbase, strippedSize, txidOf } from '../primitives/transaction.js';
import { maxBlockSigOpsCost, maxBlockWeight, witnessScaleFactor } from './limits.js';
import { blockMerkleRoot } from './merkle.js';
import { checkSignetSolution } from './signet.js';
import { legacySigOps } from './sigops.js';
import { meetsTarget } from './target.js';
import { checkTransaction } from './transaction-check.js';
import { committedHash, witnessCommitment, witnessCommitmentIndex } from './witness-commitment.js';

/**
 * How a block broke a rule. `mutated` blocks may be what someone on the way made of a valid one: their
 * hash must not be remembered as bad.
 */
export interface BlockFailure {
  readonly kind: 'consensus' | 'mutated' | 'invalid-header';
  /** Bitcoin Core's reject reason, for example `bad-txnmrklroot`. */
  readonly reason: string;
  /** More words for the log; may be empty. */
  readonly debug: string;
}

function broken(reason: string, debug: string): BlockFailure {
  return { kind: 'consensus', reason, debug };
}

/** Proof of work of a header. */
export function checkHeader(header: BlockHeader, powLimit: bigint): BlockFailure | undefined {
  if (meetsTarget(blockHash(header), header.bits, powLimit)) return undefined;
  return { kind: 'invalid-header', reason: 'high-hash', debug: 'proof of work failed' };
}

function checkMerkleRoot(block: Block): BlockFailure | undefined {
  const { root, mutated } = blockMerkleRoot(block);
  if (!equalBytes(root, block.header.merkleRoot)) {
    return { kind: 'mutated', reason: 'bad-txnmrklroot', debug: 'hashMerkleRoot mismatch' };
  }
  return mutated ? { kind: 'mutated', reason: 'bad-txns-duplicate', debug: 'duplicate transaction' } : undefined;
}

function checkTransactions(block: Block): BlockFailure | undefined {
  const { transactions } = block;
  if (
    transactions.length === 0 ||
    transactions.length * witnessScaleFactor > maxBlockWeight ||
    blockStrippedSize(block) * witnessScaleFactor > maxBlockWeight
  ) {
    return broken('bad-blk-length', 'size limits failed');
  }
  const [coinbase, ...others] = transactions;
  if (coinbase === undefined || !isCoinbase(coinbase)) return broken('bad-cb-missing', 'first tx is not coinbase');
  if (others.some(isCoinbase)) return broken('bad-cb-multiple', 'more than one coinbase');
  let sigOps = 0;
  for (const tx of transactions) {
    const reason = checkTransaction(tx);
    if (reason !== undefined) return broken(reason, `Transaction check failed (tx hash ${hashToHex(txidOf(tx))}) `);
    sigOps += legacySigOps(tx);
  }
  // Fewer than there are: P2SH and the witness need the outputs spent.
  return sigOps * witnessScaleFactor > maxBlockSigOpsCost ? broken('bad-blk-sigops', 'out-of-bounds SigOpCount') : undefined;
}

/**
 * Rules a block must keep whatever the chain before it looks like. All that may show that someone
 * changed it on the way comes first.
 * @param options leave out proof of work (and a signet's signature) or the merkle root for blocks being made.
 */
export function checkBlock(
  block: Block,
  params: Pick<ConsensusParams, 'powLimit' | 'signetChallenge'>,
  options: { readonly proofOfWork?: boolean; readonly merkleRoot?: boolean } = {},
): BlockFailure | undefined {
  if (options.proofOfWork !== false) {
    const header = checkHeader(block.header, params.powLimit);
    if (header !== undefined) return header;
    if (params.signetChallenge !== undefined && !checkSignetSolution(block, params.signetChallenge)) {
      return broken('bad-signet-blksig', 'signet block signature validation failure');
    }
  }
  if (options.merkleRoot !== false) {
    const root = checkMerkleRoot(block);
    if (root !== undefined) return root;
  }
  return checkTransactions(block);
}

/**
 * Whether a block's witnesses are the ones it commits to (BIP141). They are no part of its hash.
 * @param segwit whether BIP141 holds for this block.
 */
export function checkWitnessCommitment(block: Block, segwit: boolean): BlockFailure | undefined {
  const mutated = (reason: string, what: string): BlockFailure => ({
    kind: 'mutated',
    reason,
    debug: `CheckWitnessMalleation : ${what}`,
  });
  const [coinbase] = block.transactions;
  const index = segwit && coinbase !== undefined ? witnessCommitmentIndex(coinbase) : undefined;
  const output = index === undefined ? undefined : coinbase?.outputs[index];
  if (output === undefined) {
    // Without a commitment anything could be stuffed in here.
    return block.transactions.some(hasWitness) ? mutated('unexpected-witness', 'unexpected witness data found') : undefined;
  }
  const witness = coinbase?.inputs[0]?.witness ?? [];
  const [reserved] = witness;
  if (witness.length !== 1 || reserved?.length !== 32) {
    return mutated('bad-witness-nonce-size', 'invalid witness reserved value size');
  }
  return equalBytes(witnessCommitment(block, reserved), committedHash(output.scriptPubKey))
    ? undefined
    : mutated('bad-witness-merkle-match', 'witness merkle commitment mismatch');
}

/**
 * True when a block's transactions or witnesses are not those its hash commits to: then nothing is to
 * be remembered about the hash.
 * @param segwit whether BIP141 holds for this block.
 */
export function isMutatedBlock(block: Block, segwit: boolean): boolean {
  if (checkMerkleRoot(block) !== undefined) return true;
  const [coinbase] = block.transactions;
  if (coinbase === undefined || !isCoinbase(coinbase)) {
    // A transaction of 64 bytes may be two hashes of a merkle tree in disguise.
    return block.transactions.some((tx) => strippedSize(tx) === 64);
  }
  return checkWitnessCommitment(block, segwit) !== undefined;
}
