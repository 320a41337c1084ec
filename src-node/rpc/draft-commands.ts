import { decodeAddress } from '../../src-bitcoin/address/address.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { serializeTransaction, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { createPsbt } from '../../src-bitcoin/psbt/psbt.js';
import { psbtToText } from '../../src-bitcoin/psbt/psbt-text.js';
import type { Argument } from '../../src-interfaces/rpc/argument.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { decodeTransactionHex, whetherWitness, witnessArgument } from '../../src-interfaces/rpc/decode-transaction.js';
import { checkedVersion, inputArguments, inputsOf, lockTimeOf, refuseContradiction } from '../../src-interfaces/rpc/draft-arguments.js';
import { outputPairs, outputsArgument, outputsOf } from '../../src-interfaces/rpc/output-arguments.js';

const category = 'rawtransactions';
const empty = new Uint8Array(0);

function draftOf(call: RpcCall, params: ChainParams): Transaction {
  const lockTime = lockTimeOf(call.value('locktime'));
  const version = checkedVersion(call.integer('version', 0, 0xffffffff));
  const inputs = inputsOf(call.value('inputs'), lockTime, call.boolean('replaceable'));
  const outputs = outputsOf(outputPairs(call.value('outputs')), (address) => decodeAddress(address, params));
  // Whoever does not ask for it may say otherwise by the sequence numbers.
  refuseContradiction(inputs, call.given('replaceable') && call.boolean('replaceable'));
  return {
    version,
    inputs: inputs.map(({ outpoint, sequence }) => ({ prevout: outpoint, scriptSig: empty, sequence, witness: [] })),
    outputs: outputs.map(({ script, amount }) => ({ value: amount, scriptPubKey: script })),
    locktime: lockTime,
  };
}

const draftArguments: readonly Argument[] = [
  { names: 'inputs', kind: 'array', required: true, help: 'Outputs to spend.', inner: inputArguments("'replaceable' and 'locktime'") },
  outputsArgument,
  { names: 'locktime', kind: 'number', default: 0, help: 'Block height or time before which it cannot confirm.' },
  { names: 'replaceable', kind: 'boolean', default: true, help: 'Let it be replaced by one with a higher fee (BIP125). Sequence numbers must not say otherwise.' },
  { names: 'version', kind: 'number', default: 2, help: 'Version of the transaction.' },
];

function convertToPsbt(call: RpcCall): string {
  const tx = decodeTransactionHex(call.string('hexstring'), whetherWitness(call));
  if (tx === undefined) throw rpcError('deserialization', 'TX decode failed');
  const signed = tx.inputs.some(({ scriptSig, witness }) => scriptSig.length > 0 || witness.length > 0);
  if (signed && !call.boolean('permitsigdata')) throw rpcError('deserialization', 'Inputs must not have scriptSigs and scriptWitnesses');
  return psbtToText(createPsbt(tx));
}

/** Commands that make a transaction, or a PSBT, of what the caller says. */
export function draftCommands(params: ChainParams): readonly CommandSpec[] {
  const note = 'It is not signed, and neither kept nor sent.';
  return [
    {
      name: 'createrawtransaction',
      category,
      description: `Makes a transaction of outputs to spend and whom to pay. ${note}`,
      args: draftArguments,
      run: (call) => toHex(serializeTransaction(draftOf(call, params))),
    },
    {
      name: 'createpsbt',
      category,
      description: `Makes a PSBT of outputs to spend and whom to pay. ${note}`,
      args: draftArguments,
      run: (call) => psbtToText(createPsbt(draftOf(call, params))),
    },
    {
      name: 'converttopsbt',
      category,
      description: 'Makes a PSBT of a transaction that createrawtransaction or fundrawtransaction made.',
      args: [
        { names: 'hexstring', kind: 'hex', required: true, help: 'The serialized transaction' },
        { names: 'permitsigdata', kind: 'boolean', default: false, help: 'Leave out what unlocks inputs, where there is such. Otherwise it is an error.' },
        witnessArgument,
      ],
      run: convertToPsbt,
    },
  ];
}
