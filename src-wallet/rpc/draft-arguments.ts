import { outpointKey, sequenceFinal } from '../../src-bitcoin/primitives/transaction.js';
import { JsonNumber, type JsonObject, type JsonValue } from '../../src-interfaces/json/json.js';
import type { Argument } from '../../src-interfaces/rpc/argument.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import { asArray, asBigInt, asHash, asInteger, asObject } from '../../src-interfaces/rpc/values.js';
import { maxStandardWeight } from '../spend/build.js';
import type { SelectedInput } from '../spend/coin-control.js';

const leastInputWeight = 165;
/** Lets a transaction be replaced (BIP125). */
const replaceableSequence = 0xfffffffd;
/** Lets the locktime count. */
const nonFinalSequence = 0xfffffffe;
const maxUint32 = 0xffffffffn;

/** A locktime; 0 when left out. @throws RpcFailure */
export function lockTimeOf(value: JsonValue): number {
  if (value === null) return 0;
  const lockTime = asBigInt(value);
  if (lockTime < 0n || lockTime > maxUint32) throw rpcError('invalidParameter', 'Invalid parameter, locktime out of range');
  return Number(lockTime);
}

/** @throws RpcFailure for versions that nodes do not pass on */
export function checkedVersion(version: number): number {
  if (version < 1 || version > 3) throw rpcError('invalidParameter', 'Invalid parameter, version out of range(1~3)');
  return version;
}

function outpointOf(input: JsonObject): SelectedInput['outpoint'] {
  const txid = asHash(input['txid'] ?? null, 'txid');
  const vout = input['vout'];
  if (!(vout instanceof JsonNumber)) throw rpcError('invalidParameter', 'Invalid parameter, missing vout key');
  const index = asInteger(vout);
  if (index < 0) throw rpcError('invalidParameter', 'Invalid parameter, vout cannot be negative');
  return { txid, index };
}

function sequenceOf(input: JsonObject, usual: number): number {
  if (!(input['sequence'] instanceof JsonNumber)) return usual;
  const sequence = asBigInt(input['sequence']);
  if (sequence < 0n || sequence > maxUint32) throw rpcError('invalidParameter', 'Invalid parameter, sequence number is out of range');
  return Number(sequence);
}

/**
 * Coins to spend, with their sequence numbers.
 * @param replaceable whether the transaction is to say that it can be replaced
 * @throws RpcFailure
 */
export function inputsOf(value: JsonValue, lockTime: number, replaceable: boolean): readonly SelectedInput[] {
  const usual = replaceable ? replaceableSequence : lockTime !== 0 ? nonFinalSequence : sequenceFinal;
  return (value === null ? [] : asArray(value)).map((each) => {
    const input = asObject(each);
    return { outpoint: outpointOf(input), sequence: sequenceOf(input, usual) };
  });
}

/** @throws RpcFailure when no input says that the transaction can be replaced, though it is to say so */
export function refuseContradiction(inputs: readonly SelectedInput[], replaceable: boolean): void {
  const signals = inputs.some(({ sequence }) => sequence !== undefined && sequence <= replaceableSequence);
  if (replaceable && inputs.length > 0 && !signals) {
    throw rpcError('invalidParameter', 'Invalid parameter combination: Sequence number(s) contradict replaceable option');
  }
}

/** What inputs weigh at most with what unlocks them, by outpoint. @throws RpcFailure */
export function inputWeightsOf(inputs: readonly JsonValue[]): ReadonlyMap<string, number> {
  return new Map(
    inputs.map((each) => {
      const input = asObject(each);
      const key = outpointKey(outpointOf(input));
      if (!(input['weight'] instanceof JsonNumber)) throw rpcError('invalidParameter', 'Invalid parameter, missing weight key');
      const weight = asBigInt(input['weight']);
      if (weight < BigInt(leastInputWeight)) {
        throw rpcError(
          'invalidParameter',
          'Invalid parameter, weight cannot be less than 165 (41 bytes (size of outpoint + sequence + empty scriptSig) * 4 (witness scaling factor)) + 1 (empty witness)',
        );
      }
      if (weight > BigInt(maxStandardWeight)) {
        throw rpcError('invalidParameter', `Invalid parameter, weight cannot be greater than the maximum standard tx weight of ${maxStandardWeight}`);
      }
      return [key, Number(weight)];
    }),
  );
}

/** Those of some inputs that come with a weight. */
export function inputsWithWeight(value: JsonValue): readonly JsonValue[] {
  return (value === null ? [] : asArray(value)).filter((input) => asObject(input)['weight'] !== undefined);
}

const txidArgument: Argument = { names: 'txid', kind: 'hex', required: true, help: 'The transaction.' };
const voutArgument: Argument = { names: 'vout', kind: 'number', required: true, help: 'The output.' };
const weightHelp = 'Most weight of the input with what unlocks it.';

/** Description of coins to spend. @param sequenceHint what the sequence number depends on */
export const inputArguments = (sequenceHint: string, { weight }: { readonly weight: boolean }): readonly Argument[] => [
  {
    names: '',
    kind: 'object',
    help: '',
    inner: [
      txidArgument,
      voutArgument,
      { names: 'sequence', kind: 'number', defaultHint: `depends on the value of the ${sequenceHint} arguments`, help: 'The sequence number.' },
      ...(weight ? [{ names: 'weight', kind: 'number', defaultHint: 'Calculated from wallet and solving data', help: weightHelp } as const] : []),
    ],
  },
];

/** Description of weights of inputs. */
export const inputWeightsArgument: Argument = {
  names: 'input_weights',
  kind: 'array',
  help: 'Inputs and what they weigh.',
  inner: [{ names: '', kind: 'object', help: '', inner: [txidArgument, voutArgument, { names: 'weight', kind: 'number', required: true, help: weightHelp }] }],
};
