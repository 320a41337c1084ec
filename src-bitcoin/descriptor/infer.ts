import { destinationOf } from '../address/destination.js';
import { concatBytes } from '../bytes/bytes.js';
import { ripemd160 } from '../crypto/hash.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import type { TaprootOutput } from '../keys/taproot.js';
import { matchMultiA, solve } from '../script/solver.js';
import { tapbranchHash, tapscriptLeafVersion } from '../script/taproot.js';
import type { Descriptor, DescriptorTree, KeyExpression } from './descriptor.js';
import type { Context } from './parse-key.js';
import type { SolvingData } from './solving.js';

const opCheckSig = 0xac;

function keyOf(pubkey: Uint8Array, context: Context, known: SolvingData): KeyExpression | undefined {
  if (!secp256k1.isValidPublicKey(pubkey) || (pubkey[0] ?? 0) > 5) return undefined;
  if (pubkey.length !== 33 && context !== 'top' && context !== 'sh') return undefined;
  return { index: 0, origin: known.origin(pubkey), apostrophe: false, key: { kind: 'fixed', pubkey, xOnly: false } };
}

function xOnlyKeyOf(key: Uint8Array, known: SolvingData): KeyExpression {
  const pubkey = concatBytes(Uint8Array.of(2), key);
  return { index: 0, origin: known.originOfXOnly(key), apostrophe: false, key: { kind: 'fixed', pubkey, xOnly: true } };
}

function inferLeaf(script: Uint8Array, known: SolvingData): Descriptor | undefined {
  if (script.length === 34 && script[0] === 32 && script[33] === opCheckSig) {
    return { kind: 'pk', key: xOnlyKeyOf(script.slice(1, 33), known) };
  }
  const multi = matchMultiA(script);
  return multi && { kind: 'multi_a', threshold: multi.required, keys: multi.publicKeys.map((key) => xOnlyKeyOf(key, known)) };
}

interface Subtree {
  readonly hash: Uint8Array;
  readonly depth: number;
  readonly tree: DescriptorTree;
}

/** Puts the leaves of an output together again, from left to right; undefined when a leaf has no descriptor. */
function inferTree(output: TaprootOutput, known: SolvingData): DescriptorTree | undefined {
  const open: Subtree[] = [];
  for (const { script, version, leafHash, merklePath } of output.leaves) {
    const leaf = version === tapscriptLeafVersion ? inferLeaf(script, known) : undefined;
    if (leaf === undefined) return undefined;
    let right: Subtree = { hash: leafHash, depth: merklePath.length, tree: { leaf } };
    for (let left = open.at(-1); left?.depth === right.depth && right.depth > 0; left = open.at(-1)) {
      open.pop();
      right = { hash: tapbranchHash(left.hash, right.hash), depth: right.depth - 1, tree: { left: left.tree, right: right.tree } };
    }
    open.push(right);
  }
  return open.length === 1 ? open[0]?.tree : undefined;
}

function inferTaproot(outputKey: Uint8Array, known: SolvingData): Descriptor | undefined {
  const output = known.taproot(outputKey);
  if (output !== undefined) {
    const tree = inferTree(output, known);
    if (tree !== undefined || output.leaves.length === 0) return { kind: 'tr', key: xOnlyKeyOf(output.internalKey, known), tree };
  }
  return secp256k1.isValidXOnlyPublicKey(outputKey) ? { kind: 'rawtr', key: xOnlyKeyOf(outputKey, known) } : undefined;
}

function inferKeyHash(kind: 'pkh' | 'wpkh', hash: Uint8Array, context: Context, known: SolvingData): Descriptor | undefined {
  const pubkey = known.pubkey(hash);
  const key = pubkey && keyOf(pubkey, kind === 'wpkh' ? 'wpkh' : context, known);
  return key && { kind, key };
}

function inferWrapped(kind: 'sh' | 'wsh', scriptHash: Uint8Array, known: SolvingData): Descriptor | undefined {
  const script = known.script(scriptHash);
  const inner = script && inferScript(script, kind, known);
  return inner && { kind, inner };
}

function inferMultisig(script: Uint8Array, context: Context, known: SolvingData): Descriptor | undefined {
  const multisig = solve(script);
  if (multisig.type !== 'multisig') return undefined;
  const keys = multisig.publicKeys.flatMap((pubkey) => keyOf(pubkey.slice(), context, known) ?? []);
  return keys.length === multisig.publicKeys.length ? { kind: 'multi', threshold: multisig.required, keys } : undefined;
}

function inferScript(script: Uint8Array, context: Context, known: SolvingData): Descriptor | undefined {
  const destination = destinationOf(script);
  switch (destination?.kind) {
    case 'pubkey': {
      const key = keyOf(destination.pubkey, context, known);
      return key && { kind: 'pk', key };
    }
    case 'pubkeyhash':
      return inferKeyHash('pkh', destination.hash, context, known);
    case 'witness_v0_keyhash':
      return context === 'wsh' ? undefined : inferKeyHash('wpkh', destination.hash, context, known);
    case 'scripthash':
      return context === 'top' ? inferWrapped('sh', destination.hash, known) : undefined;
    case 'witness_v0_scripthash':
      return context === 'wsh' ? undefined : inferWrapped('wsh', ripemd160(destination.hash), known);
    case 'witness_v1_taproot':
      return context === 'top' ? inferTaproot(destination.outputKey, known) : undefined;
    default:
      return inferMultisig(script, context, known);
  }
}

/** The most telling descriptor of an output script, given what is known; `addr()` or `raw()` if nothing is. */
export function inferDescriptor(script: Uint8Array, known: SolvingData): Descriptor {
  const inferred = inferScript(script, 'top', known);
  if (inferred !== undefined) return inferred;
  const destination = destinationOf(script);
  return destination === undefined || destination.kind === 'pubkey' ? { kind: 'raw', script } : { kind: 'addr', destination };
}
