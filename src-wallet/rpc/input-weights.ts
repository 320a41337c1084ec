import { outpointKey } from '../../src-bitcoin/primitives/transaction.js';
import { JsonNumber, type JsonValue } from '../../src-interfaces/json/json.js';
import type { Argument } from '../../src-interfaces/rpc/argument.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import { outpointOf, txidArgument, voutArgument } from '../../src-interfaces/rpc/draft-arguments.js';
import { asArray, asBigInt, asObject } from '../../src-interfaces/rpc/values.js';
import { maxStandardWeight } from '../spend/build.js';

const leastInputWeight = 165;
const weightHelp = 'Most weight of the input with what unlocks it.';

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

/** Description of a weight, in the description of a coin. */
export const weightArgument: Argument = { names: 'weight', kind: 'number', defaultHint: 'Calculated from wallet and solving data', help: weightHelp };

/** Description of weights of inputs. */
export const inputWeightsArgument: Argument = {
  names: 'input_weights',
  kind: 'array',
  help: 'Inputs and what they weigh.',
  inner: [{ names: '', kind: 'object', help: '', inner: [txidArgument, voutArgument, { names: 'weight', kind: 'number', required: true, help: weightHelp }] }],
};
