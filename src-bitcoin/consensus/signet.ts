import { equalBytes } from '../bytes/bytes.js';
import { ByteReader, DecodeError } from '../bytes/reader.js';
import { ByteWriter } from '../bytes/writer.js';
import type { Block } from '../primitives/block.js';
import { nullOutpoint, txidOf, type Transaction, type TxIn } from '../primitives/transaction.js';
import { scriptFlags } from '../script/flags.js';
import { OP_0, OP_RETURN } from '../script/opcodes.js';
import { PrecomputedTransaction } from '../script/precomputed-transaction.js';
import { buildScript, ScriptReader } from '../script/script.js';
import { verifyInput } from '../script/verify.js';
import { merkleRoot } from './merkle.js';
import { witnessCommitmentIndex } from './witness-commitment.js';

/** BIP325: a push in the witness commitment that starts with these bytes holds the signature. */
const solutionHeader = Uint8Array.of(0xec, 0xc7, 0xda, 0xa2);
const solutionFlags = scriptFlags.P2SH | scriptFlags.WITNESS | scriptFlags.DERSIG | scriptFlags.NULLDUMMY;

/** Takes the signature out of a commitment, leaving its header; without one the script stays as it is. */
function takeSolution(script: Uint8Array): { script: Uint8Array; solution: Uint8Array | undefined } {
  const parts: (number | Uint8Array)[] = [];
  let solution: Uint8Array | undefined;
  const reader = new ScriptReader(script);
  while (reader.next()) {
    const { data, opcode } = reader;
    if (data.length === 0) {
      parts.push(opcode);
    } else if (
      solution === undefined &&
      data.length > solutionHeader.length &&
      equalBytes(data.subarray(0, solutionHeader.length), solutionHeader)
    ) {
      solution = data.subarray(solutionHeader.length);
      parts.push(solutionHeader);
    } else {
      parts.push(data);
    }
  }
  return solution === undefined ? { script, solution } : { script: buildScript(...parts), solution };
}

function readSolution(solution: Uint8Array): Pick<TxIn, 'scriptSig' | 'witness'> {
  const reader = new ByteReader(solution);
  const scriptSig = reader.varBytes();
  const witness: Uint8Array[] = [];
  for (let left = reader.compactSize(); left > 0; left--) witness.push(reader.varBytes());
  reader.expectEnd('signet solution');
  return { scriptSig, witness };
}

/** The transaction that stands for spending the challenge, and what it spends (BIP325); undefined without a readable one. */
function signetSpend(block: Block, challenge: Uint8Array): PrecomputedTransaction | undefined {
  const [coinbase, ...others] = block.transactions;
  const index = coinbase === undefined ? undefined : witnessCommitmentIndex(coinbase);
  const commitment = index === undefined ? undefined : coinbase?.outputs[index];
  if (coinbase === undefined || commitment === undefined) return undefined;
  const { script, solution } = takeSolution(commitment.scriptPubKey);
  const answer = solution === undefined ? { scriptSig: new Uint8Array(0), witness: [] } : readSolution(solution);
  const outputs = coinbase.outputs.map((output, i) => (i === index ? { ...output, scriptPubKey: script } : output));
  const root = merkleRoot([txidOf({ ...coinbase, outputs }), ...others.map(txidOf)]).root;
  const { version, prevHash, time } = block.header;
  const signed = new ByteWriter(72).i32(version).bytes(prevHash).bytes(root).u32(time).finish();
  const spent = { value: 0n, scriptPubKey: challenge };
  const toSpend: Transaction = {
    version: 0,
    inputs: [{ prevout: nullOutpoint, scriptSig: buildScript(OP_0, signed), sequence: 0, witness: [] }],
    outputs: [spent],
    locktime: 0,
  };
  const spending: Transaction = {
    version: 0,
    inputs: [{ prevout: { txid: txidOf(toSpend), index: 0 }, sequence: 0, ...answer }],
    outputs: [{ value: 0n, scriptPubKey: Uint8Array.of(OP_RETURN) }],
    locktime: 0,
  };
  return new PrecomputedTransaction(spending, [spent]);
}

/**
 * Whether a block of a signet is signed as its challenge asks (BIP325). The genesis block is not; it
 * is the caller's to leave out.
 */
export function checkSignetSolution(block: Block, challenge: Uint8Array): boolean {
  try {
    const spend = signetSpend(block, challenge);
    return spend !== undefined && verifyInput(spend, 0, solutionFlags) === undefined;
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}
