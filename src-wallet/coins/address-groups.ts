import { compareBytes } from '../../src-bitcoin/bytes/bytes.js';
import { fromHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { destinationOf, type Destination } from '../../src-bitcoin/address/destination.js';
import { isChange, type AmountContext } from './amounts.js';
import { blocksToMaturity, depthOf, TrustJudge, type CoinContext } from './trust.js';

/** Kinds of destinations in the order that groups list them. */
const kindOrder: readonly Destination['kind'][] = [
  'pubkey',
  'pubkeyhash',
  'scripthash',
  'witness_v0_scripthash',
  'witness_v0_keyhash',
  'witness_v1_taproot',
  'anchor',
  'witness_unknown',
];

/** Output scripts by kind of destination, then by their bytes. */
function compareScripts(a: Uint8Array, b: Uint8Array): number {
  const rank = (script: Uint8Array): number => kindOrder.indexOf(destinationOf(script)?.kind ?? 'witness_unknown');
  return rank(a) - rank(b) || compareBytes(a, b);
}

function compareGroups(a: readonly Uint8Array[], b: readonly Uint8Array[]): number {
  for (const [i, script] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    const difference = compareScripts(script, other);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Whether an output script has an address. */
function hasAddress(script: Uint8Array): boolean {
  const destination = destinationOf(script);
  return destination !== undefined && destination.kind !== 'pubkey';
}

/** Sets of things that grow together: whatever was joined once stays so. */
class DisjointSets {
  readonly #sets = new Map<string, Set<string>>();

  join(members: readonly string[]): void {
    const [first] = members;
    if (first === undefined) return;
    const joined = this.#sets.get(first) ?? new Set([first]);
    this.#sets.set(first, joined);
    for (const member of members) {
      for (const each of this.#sets.get(member) ?? [member]) {
        joined.add(each);
        this.#sets.set(each, joined);
      }
    }
  }

  get sets(): ReadonlySet<ReadonlySet<string>> {
    return new Set(this.#sets.values());
  }
}

/**
 * Output scripts of the wallet that everybody can tell belong together: they were spent in one transaction, or got
 * its change.
 */
export function addressGroups(context: AmountContext): readonly (readonly Uint8Array[])[] {
  const { history, isMine } = context;
  const groups = new DisjointSets();
  for (const { tx } of history.all()) {
    const spent = tx.inputs.flatMap(({ prevout }) => history.owned(prevout)?.output.scriptPubKey ?? []);
    const change = spent.length === 0 ? [] : tx.outputs.filter((output) => isChange(output, context)).map(({ scriptPubKey }) => scriptPubKey);
    groups.join([...spent, ...change].filter(hasAddress).map(toHex));
    for (const { scriptPubKey } of tx.outputs) if (isMine(scriptPubKey) && hasAddress(scriptPubKey)) groups.join([toHex(scriptPubKey)]);
  }
  return [...groups.sets].map((group) => [...group].map(fromHex).sort(compareScripts)).sort(compareGroups);
}

/** Satoshis that each output script (hex) of the wallet holds in money that counts. */
export function scriptBalances(context: CoinContext): ReadonlyMap<string, bigint> {
  const { history, tipHeight } = context;
  const judge = new TrustJudge(context);
  const balances = new Map<string, bigint>();
  for (const { transaction, output, outpoint } of history.ownedOutputs()) {
    if (!judge.trusts(transaction) || blocksToMaturity(transaction, tipHeight) > 0 || history.isSpent(outpoint)) continue;
    if (depthOf(transaction, tipHeight) < (history.spendsOwned(transaction.tx) ? 0 : 1)) continue;
    const key = toHex(output.scriptPubKey);
    balances.set(key, (balances.get(key) ?? 0n) + output.value);
  }
  return balances;
}
