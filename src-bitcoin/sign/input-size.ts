import { ripemd160 } from '../crypto/hash.js';
import type { SolvingData } from '../descriptor/solving.js';
import { matchMultiA, solve } from '../script/solver.js';

/** Bytes that unlock an input. */
export interface UnlockSize {
  readonly scriptSig: number;
  /** With the number of items and their lengths; 0 without witness. */
  readonly witness: number;
}

/** An ECDSA signature with low r and s and its hash type. */
export const ownSignatureSize = 71;
/** The same of somebody who does not look for a low r. */
export const foreignSignatureSize = 72;
/** BIP340 signature with the default hash type. */
export const schnorrSize = 64;
/** Of a signature with the output's own key, the byte for a hash type other than the default counted in: what Bitcoin Core pays for. */
const keyPathSize = 65;
const outpointAndSequence = 40;

export const compactSizeLength = (value: number): number => (value < 0xfd ? 1 : value <= 0xffff ? 3 : value <= 0xffffffff ? 5 : 9);

const pushSize = (length: number): number => length + (length === 0 ? 0 : 1) + (length < 76 ? (length === 0 ? 1 : 0) : length < 256 ? 1 : 2);
const itemSize = (length: number): number => compactSizeLength(length) + length;

/** Lengths of the items that unlock a script without hashes around it. */
function plainItems(script: Uint8Array, known: SolvingData, ecdsaSize: number): readonly number[] | undefined {
  const solution = solve(script);
  switch (solution.type) {
    case 'pubkey':
      return [ecdsaSize];
    case 'pubkeyhash': {
      const pubkey = known.pubkey(solution.hash);
      return pubkey && [ecdsaSize, pubkey.length];
    }
    case 'multisig':
      return [0, ...Array.from({ length: solution.required }, () => ecdsaSize)];
    default:
      return undefined;
  }
}

/** Whether a signature with an x-only key can be had. */
export type CanSign = (xOnlyKey: Uint8Array) => boolean;

function leafItems(script: Uint8Array, canSign: CanSign): readonly number[] | undefined {
  if (script.length === 34 && script[33] === 0xac) return canSign(script.subarray(1, 33)) ? [schnorrSize] : undefined;
  const multi = matchMultiA(script);
  if (multi === undefined || multi.publicKeys.filter(canSign).length < multi.required) return undefined;
  return multi.publicKeys.map((_key, i) => (i < multi.required ? schnorrSize : 0));
}

function taprootItems(outputKey: Uint8Array, known: SolvingData, canSign: CanSign): readonly number[] {
  const output = known.taproot(outputKey);
  if (output === undefined || canSign(output.internalKey)) return [keyPathSize];
  let best: readonly number[] | undefined;
  const sum = (items: readonly number[]): number => items.reduce((total, item) => total + itemSize(item), 0);
  for (const leaf of output.leaves) {
    const items = leafItems(leaf.script, canSign);
    const all = items && [...items, leaf.script.length, 33 + 32 * leaf.merklePath.length];
    if (all !== undefined && (best === undefined || sum(all) < sum(best))) best = all;
  }
  return best ?? [keyPathSize];
}

function witnessItems(script: Uint8Array, known: SolvingData, canSign: CanSign, ecdsaSize: number): readonly number[] | 'unknown' | undefined {
  const solution = solve(script);
  switch (solution.type) {
    case 'witness_v0_keyhash':
      return known.pubkey(solution.hash) === undefined ? 'unknown' : [ecdsaSize, 33];
    case 'witness_v0_scripthash': {
      const inner = known.script(ripemd160(solution.hash));
      const items = inner && plainItems(inner, known, ecdsaSize);
      return inner === undefined || items === undefined ? 'unknown' : [...items, inner.length];
    }
    case 'witness_v1_taproot':
      return taprootItems(solution.outputKey, known, canSign);
    default:
      return undefined;
  }
}

const witnessSize = (items: readonly number[]): number => compactSizeLength(items.length) + items.reduce((sum, item) => sum + itemSize(item), 0);

/**
 * How large what unlocks an output script will be at most; undefined when that cannot be told.
 * @param canSign chooses among the ways to spend a taproot output; without it the key path is expected.
 * @param ecdsaSize bytes of an ECDSA signature with its hash type.
 */
export function unlockSize(script: Uint8Array, known: SolvingData, canSign: CanSign = () => true, ecdsaSize = ownSignatureSize): UnlockSize | undefined {
  const solution = solve(script);
  const redeem = solution.type === 'scripthash' ? known.script(solution.hash) : script;
  if (redeem === undefined) return undefined;
  const nested = solution.type === 'scripthash' ? pushSize(redeem.length) : 0;
  const items = witnessItems(redeem, known, canSign, ecdsaSize);
  if (items === 'unknown') return undefined;
  if (items !== undefined) return { scriptSig: nested, witness: witnessSize(items) };
  const plain = plainItems(redeem, known, ecdsaSize);
  return plain && { scriptSig: nested + plain.reduce((sum, item) => sum + pushSize(item), 0), witness: 0 };
}

/**
 * Weight of an input with what unlocks it.
 * @param segwit some input of the transaction has a witness, so this one at least says that it has none.
 */
export function inputWeight(unlock: UnlockSize, segwit: boolean): number {
  const base = outpointAndSequence + compactSizeLength(unlock.scriptSig) + unlock.scriptSig;
  return base * 4 + (unlock.witness > 0 ? unlock.witness : segwit ? 1 : 0);
}
