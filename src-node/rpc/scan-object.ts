import { isRanged } from '../../src-bitcoin/descriptor/descriptor.js';
import { addPrivateKeys, expandDescriptor } from '../../src-bitcoin/descriptor/expand.js';
import { parseDescriptor } from '../../src-bitcoin/descriptor/parse.js';
import { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { isJsonObject, type JsonValue } from '../../src-interfaces/json/json.js';
import type { Argument } from '../../src-interfaces/rpc/argument.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import { parseDescriptorRange } from '../../src-interfaces/rpc/descriptor-range.js';
import { asString } from '../../src-interfaces/rpc/values.js';
import type { Turns } from './turns.js';

/** The last index looked at of a ranged descriptor, unless told otherwise. */
const defaultLastIndex = 1000n;

/** A descriptor by itself, or with the range of its indexes. */
export const scanObjectArguments: readonly Argument[] = [
  { names: '', kind: 'string', help: 'A descriptor.' },
  {
    names: '',
    kind: 'object',
    help: '',
    inner: [
      { names: 'desc', kind: 'string', required: true, help: 'A descriptor.' },
      { names: 'range', kind: 'range', default: Number(defaultLastIndex), help: 'Of a ranged descriptor: the last index, or the first and the last.' },
    ],
  },
];

function descriptorText(value: JsonValue): { readonly text: string; readonly range: JsonValue } {
  if (typeof value === 'string') return { text: value, range: null };
  if (!isJsonObject(value)) throw rpcError('invalidParameter', 'Scan object needs to be either a string or an object');
  const text = value['desc'] ?? null;
  if (text === null) throw rpcError('invalidParameter', 'Descriptor needs to be provided in scan object');
  return { text: asString(text), range: value['range'] ?? null };
}

/** What a request tells of scripts by their descriptors. */
export interface DescribedScripts {
  readonly scripts: readonly Uint8Array[];
  /** How they can be spent, without private keys. */
  readonly solving: SolvingData;
  /** The same with the private keys that the descriptors hold. */
  readonly signing: SolvingData;
}

/** Reads descriptors as `scanObjectArguments` describes them. There can be a million scripts to each. @param isEnough ends it early @throws RpcFailure */
export async function describedScripts(values: readonly JsonValue[], params: ChainParams, turns: Turns, isEnough = (): boolean => false): Promise<DescribedScripts> {
  const scripts: Uint8Array[] = [];
  const solving = new SolvingData();
  const secrets = new SolvingData();
  for (const value of values) {
    const { text, range } = descriptorText(value);
    const given = range === null ? { low: 0n, high: defaultLastIndex } : parseDescriptorRange(range);
    const parsed = parseDescriptor(text, params);
    if (!parsed.ok) throw rpcError('invalidAddressOrKey', parsed.error);
    const { low, high } = isRanged(parsed.descriptors[0]) ? given : { low: 0n, high: 0n };
    for (let i = Number(low); i <= Number(high) && !isEnough(); i++) {
      for (const descriptor of parsed.descriptors) {
        const expanded = expandDescriptor(descriptor, i, { secrets: parsed.secrets }, solving);
        if (expanded === undefined) throw rpcError('invalidAddressOrKey', `Cannot derive script without private keys: '${text}'`);
        scripts.push(...expanded);
        addPrivateKeys(descriptor, i, parsed.secrets, secrets);
        await turns.pause();
      }
    }
  }
  secrets.lookBehind(solving);
  return { scripts, solving, signing: secrets };
}
