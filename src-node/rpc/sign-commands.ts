import { randomBytes } from 'node:crypto';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { secp256k1 } from '../../src-bitcoin/crypto/secp256k1.js';
import { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import { serializeTransaction, type Transaction, type TxIn, type TxOut } from '../../src-bitcoin/primitives/transaction.js';
import { standardScriptFlags } from '../../src-bitcoin/script/flags.js';
import { PrecomputedTransaction } from '../../src-bitcoin/script/precomputed-transaction.js';
import { verifyInput } from '../../src-bitcoin/script/verify.js';
import { signInput } from '../../src-bitcoin/sign/sign-input.js';
import { signTransaction } from '../../src-bitcoin/sign/sign-transaction.js';
import { SeveralSignatures, SignatureFinder } from '../../src-bitcoin/sign/signature-finder.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { decodeTransactionHex } from '../../src-interfaces/rpc/decode-transaction.js';
import { givenCoinsArgument, givenCoinsOf, mergeCoins, signingJson } from '../../src-interfaces/rpc/given-coins.js';
import { hashTypeArgument, hashTypeOf } from '../../src-interfaces/rpc/hash-type.js';
import { asString } from '../../src-interfaces/rpc/values.js';
import type { RpcContext } from './context.js';
import { privateKeyOf } from './key-commands.js';

const category = 'rawtransactions';

/** The outputs that a transaction spends, by input, as far as chain or mempool have them. */
function coinsOf({ mempool }: RpcContext, tx: Transaction): readonly (TxOut | undefined)[] {
  return tx.inputs.map(({ prevout }) => mempool.getCoin(prevout));
}

function signWithKeys(context: RpcContext, call: RpcCall): Jsonable {
  const tx = decodeTransactionHex(call.string('hexstring'));
  if (tx === undefined) throw rpcError('deserialization', 'TX decode failed. Make sure the tx has at least one input.');
  const known = new SolvingData();
  for (const text of call.array('privkeys').map(asString)) {
    const { secret, compressed } = privateKeyOf(text, context.chainstate.params);
    known.addSecret({ secret, pubkey: secp256k1.createPublicKey(secret, compressed) });
  }
  const spent = mergeCoins(tx, coinsOf(context, tx), givenCoinsOf(call.value('prevtxs'), known, { scriptsRequired: true }));
  const hashType = hashTypeOf(call.value('sighashtype'));
  return signingJson(signTransaction(tx, spent, { knownOf: () => known, aux: () => new Uint8Array(randomBytes(32)), ...(hashType === undefined ? {} : { hashType }) }));
}

/** What unlocks an input; nothing where there is none. */
function unlockOf(input: TxIn | undefined): Pick<TxIn, 'scriptSig' | 'witness'> {
  return { scriptSig: input?.scriptSig ?? new Uint8Array(0), witness: input?.witness ?? [] };
}

function combine(context: RpcContext, call: RpcCall): string {
  const variants = call.array('txs').map((text, i) => {
    const tx = decodeTransactionHex(asString(text));
    if (tx === undefined) throw rpcError('deserialization', `TX decode failed for tx ${i}. Make sure the tx has at least one input.`);
    return tx;
  });
  const [first] = variants;
  if (first === undefined) throw rpcError('deserialization', 'Missing transactions');
  const spent = coinsOf(context, first).map((coin) => {
    if (coin === undefined) throw rpcError('verify', 'Input not found or already spent');
    return coin;
  });
  const merged = new PrecomputedTransaction(first, spent);
  // What unlocks an input is looked at as if it were in the first.
  const others = variants.map((tx) => new PrecomputedTransaction({ ...first, inputs: first.inputs.map((input, i) => ({ ...input, ...unlockOf(tx.inputs[i]) })) }, spent));
  const inputs = first.inputs.map((input, index) => {
    const whole = others.find((other) => verifyInput(other, index, standardScriptFlags) === undefined);
    if (whole !== undefined) return whole.tx.inputs[index] ?? input;
    const output = spent[index];
    if (output === undefined) return input;
    const earlier = new SeveralSignatures(others.map((other) => new SignatureFinder(other, index, output)));
    const { scriptSig, witness } = signInput(merged, index, new SolvingData(), { earlier });
    return { ...input, scriptSig, witness };
  });
  return toHex(serializeTransaction({ ...first, inputs }));
}

/** Commands that sign transactions with keys that the caller brings, and put together what several signed. */
export function signCommands(context: RpcContext): readonly CommandSpec[] {
  return [
    {
      name: 'signrawtransactionwithkey',
      category,
      description: 'Signs the inputs of a transaction that the given private keys, and no others, have the right to.',
      args: [
        { names: 'hexstring', kind: 'string', required: true, help: 'The transaction.' },
        { names: 'privkeys', kind: 'array', required: true, help: 'Private keys, as wallets export them.', inner: [{ names: 'privatekey', kind: 'hex', help: 'A private key.' }] },
        givenCoinsArgument,
        hashTypeArgument,
      ],
      result: `{
  "hex": "hex",        (string) The transaction, signed as far as possible
  "complete": bool,    (boolean) Whether all inputs are unlocked
  "errors": [          (json array, optional) Inputs that are not
    {
      "txid": "hex",
      "vout": n,
      "witness": [ "hex", ... ],
      "scriptSig": "hex",
      "sequence": n,
      "error": "str"
    },
    ...
  ]
}`,
      run: (call) => signWithKeys(context, call),
    },
    {
      name: 'combinerawtransaction',
      category,
      description: 'Puts together what several signed of the same transaction. The outputs it spends must be unspent.',
      args: [{ names: 'txs', kind: 'array', required: true, help: 'The transactions', inner: [{ names: 'hexstring', kind: 'hex', help: 'A transaction' }] }],
      result: '"hex"    (string) The transaction',
      run: (call) => combine(context, call),
    },
  ];
}
