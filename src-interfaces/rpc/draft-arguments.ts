import { sequenceFinal, type Outpoint } from '../../src-bitcoin/primitives/transaction.js';
import { JsonNumber, type JsonObject, type JsonValue } from '../json/json.js';
import type { Argument } from './argument.js';
import { rpcError } from './codes.js';
import { asArray, asBigInt, asHash, asInteger, asObject } from './values.js';

/** Lets a transaction be replaced (BIP125). */
const replaceableSequence = 0xfffffffd;
/** Lets the locktime count. */
const nonFinalSequence = 0xfffffffe;
const maxUint32 = 0xffffffffn;

/** An output to spend, and the sequence number of the input that spends it. */
export interface DraftInput {
  readonly outpoint: Outpoint;
  readonly sequence: number;
}

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

/** The output that an input is to spend. @throws RpcFailure */
export function outpointOf(input: JsonObject): Outpoint {
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
export function inputsOf(value: JsonValue, lockTime: number, replaceable: boolean): readonly DraftInput[] {
  const usual = replaceable ? replaceableSequence : lockTime !== 0 ? nonFinalSequence : sequenceFinal;
  return (value === null ? [] : asArray(value)).map((each) => {
    const input = asObject(each);
    return { outpoint: outpointOf(input), sequence: sequenceOf(input, usual) };
  });
}

/** @throws RpcFailure when no input says that the transaction can be replaced, though it is to say so */
export function refuseContradiction(inputs: readonly DraftInput[], replaceable: boolean): void {
  const signals = inputs.some(({ sequence }) => sequence <= replaceableSequence);
  if (replaceable && inputs.length > 0 && !signals) {
    throw rpcError('invalidParameter', 'Invalid parameter combination: Sequence number(s) contradict replaceable option');
  }
}

/** The transaction of a coin. */
export const txidArgument: Argument = { names: 'txid', kind: 'hex', required: true, help: 'The transaction.' };
/** The output of that transaction. */
export const voutArgument: Argument = { names: 'vout', kind: 'number', required: true, help: 'The output.' };

/**
 * Description of coins to spend.
 * @param sequenceHint what the sequence number depends on
 * @param more what else can be said of each
 */
export const inputArguments = (sequenceHint: string, ...more: readonly Argument[]): readonly Argument[] => [
  {
    names: '',
    kind: 'object',
    help: '',
    inner: [
      txidArgument,
      voutArgument,
      { names: 'sequence', kind: 'number', defaultHint: `depends on the value of the ${sequenceHint} arguments`, help: 'The sequence number.' },
      ...more,
    ],
  },
];
