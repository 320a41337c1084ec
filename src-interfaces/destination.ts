/** Destinations between their form in this program and the one of the Wallet interface. */
import type { Destination } from '../src-bitcoin/address/destination.js';
import type { TxDestination } from './generated/wallet.js';

/** The form in which a destination crosses processes; undefined for pay-to-anchor, which has none there. */
export function toTxDestination(destination: Destination): TxDestination | undefined {
  switch (destination.kind) {
    case 'pubkey':
      return { pubKey: destination.pubkey };
    case 'pubkeyhash':
      return { pkHash: destination.hash };
    case 'scripthash':
      return { scriptHash: destination.hash };
    case 'witness_v0_keyhash':
      return { witnessV0KeyHash: destination.hash };
    case 'witness_v0_scripthash':
      return { witnessV0ScriptHash: destination.hash };
    case 'witness_v1_taproot':
      return { witnessV1Taproot: destination.outputKey };
    case 'witness_unknown':
      return { witnessUnknown: { version: destination.version, program: destination.program } };
    case 'anchor':
      // The wire has no form for pay-to-anchor.
      return undefined;
  }
}

/** The destination that was sent; undefined for none. The first field that is set counts, as in the reference. */
export function fromTxDestination(destination: TxDestination): Destination | undefined {
  if (destination.pubKey !== undefined) return { kind: 'pubkey', pubkey: destination.pubKey };
  if (destination.pkHash !== undefined) return { kind: 'pubkeyhash', hash: destination.pkHash };
  if (destination.scriptHash !== undefined) return { kind: 'scripthash', hash: destination.scriptHash };
  if (destination.witnessV0ScriptHash !== undefined) return { kind: 'witness_v0_scripthash', hash: destination.witnessV0ScriptHash };
  if (destination.witnessV0KeyHash !== undefined) return { kind: 'witness_v0_keyhash', hash: destination.witnessV0KeyHash };
  if (destination.witnessV1Taproot !== undefined) return { kind: 'witness_v1_taproot', outputKey: destination.witnessV1Taproot };
  if (destination.witnessUnknown !== undefined) return { kind: 'witness_unknown', ...destination.witnessUnknown };
  return undefined;
}
