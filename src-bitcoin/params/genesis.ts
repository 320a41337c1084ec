import { ByteWriter } from '../bytes/writer.js';
import { concatBytes } from '../bytes/bytes.js';
import { fromHex } from '../bytes/hex.js';
import type { Block } from '../primitives/block.js';
import { nullOutpoint, sequenceFinal, txidOf, type Transaction } from '../primitives/transaction.js';

/** What differs between the genesis blocks of the networks. */
export interface GenesisSpec {
  /** Seconds since 1970. */
  readonly time: number;
  readonly nonce: number;
  readonly bits: number;
  /** Newspaper line in the coinbase input, ASCII. */
  readonly message: string;
  /** Public key the coinbase pays to, hex. */
  readonly publicKey: string;
}

export const timesMessage = 'The Times 03/Jan/2009 Chancellor on brink of second bailout for banks';
export const satoshiPublicKey =
  '04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f';

const opPushData1 = 0x4c;
const opCheckSig = 0xac;
const genesisReward = 5_000_000_000n;

/** A script push of up to 255 bytes in its shortest form. */
function push(bytes: Uint8Array): Uint8Array {
  const prefix = bytes.length < opPushData1 ? [bytes.length] : [opPushData1, bytes.length];
  return concatBytes(Uint8Array.from(prefix), bytes);
}

/** The coinbase of every genesis block starts with the bits of main's genesis block and the number 4. */
function coinbase(spec: GenesisSpec): Transaction {
  const message = Uint8Array.from(spec.message, (letter) => letter.charCodeAt(0));
  const bits = new ByteWriter(4).u32(0x1d00ffff).finish();
  const scriptSig = concatBytes(push(bits), push(Uint8Array.of(4)), push(message));
  const scriptPubKey = concatBytes(push(fromHex(spec.publicKey)), Uint8Array.of(opCheckSig));
  return {
    version: 1,
    inputs: [{ prevout: nullOutpoint, scriptSig, sequence: sequenceFinal, witness: [] }],
    outputs: [{ value: genesisReward, scriptPubKey }],
    locktime: 0,
  };
}

/** The first block of a network: its one transaction's id is the merkle root. */
export function genesisBlock(spec: GenesisSpec): Block {
  const transaction = coinbase(spec);
  return {
    header: {
      version: 1,
      prevHash: new Uint8Array(32),
      merkleRoot: txidOf(transaction),
      time: spec.time,
      bits: spec.bits,
      nonce: spec.nonce,
    },
    transactions: [transaction],
  };
}
