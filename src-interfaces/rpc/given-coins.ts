import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { hash160, sha256 } from '../../src-bitcoin/crypto/hash.js';
import type { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import { outpointKey, serializeTransaction, type Outpoint, type Transaction, type TxOut } from '../../src-bitcoin/primitives/transaction.js';
import { scriptToAsm } from '../../src-bitcoin/script/asm.js';
import { isPayToScriptHash, isPayToWitnessScriptHash } from '../../src-bitcoin/script/script.js';
import { untoldAmount, type SigningOutcome } from '../../src-bitcoin/sign/sign-transaction.js';
import { isJsonObject, type Jsonable, type JsonObject, type JsonValue } from '../json/json.js';
import type { Argument } from './argument.js';
import { rpcError } from './codes.js';
import { amountJson, asAmount, asArray, asHash, asHex, asInteger, checkMembers } from './values.js';

/** Outputs that a transaction to sign spends, with the scripts behind them. */
export const givenCoinsArgument: Argument = {
  names: 'prevtxs',
  kind: 'array',
  help: 'Outputs it spends that neither chain nor mempool know.',
  inner: [
    {
      names: '',
      kind: 'object',
      help: '',
      inner: [
        { names: 'txid', kind: 'hex', required: true, help: 'The transaction.' },
        { names: 'vout', kind: 'number', required: true, help: 'The output.' },
        { names: 'scriptPubKey', kind: 'hex', required: true, help: 'Its script.' },
        { names: 'redeemScript', kind: 'hex', help: 'The script behind a P2SH output.' },
        { names: 'witnessScript', kind: 'hex', help: 'The script behind a P2WSH output, nested or not.' },
        { names: 'amount', kind: 'amount', help: 'Its amount in BTC; signatures of segwit outputs need it.' },
      ],
    },
  ],
};

/** An output that a request tells of. */
export interface GivenCoin {
  readonly outpoint: Outpoint;
  readonly output: TxOut;
}

const mismatch = 'redeemScript/witnessScript does not match scriptPubKey';

/** Adds the scripts that a request gives for an output, if they fit it. */
function addGivenScripts(coin: JsonObject, script: Uint8Array, into: SolvingData, required: boolean): void {
  const isNested = isPayToScriptHash(script);
  if (!isNested && !isPayToWitnessScriptHash(script)) return;
  checkMembers(coin, { redeemScript: 'string', witnessScript: 'string' }, { allowNull: true });
  const scriptOf = (name: string): Uint8Array | undefined => {
    const given = coin[name] ?? null;
    return given === null ? undefined : asHex(given, name);
  };
  const redeem = scriptOf('redeemScript');
  const witness = scriptOf('witnessScript');
  const inner = witness ?? redeem;
  if (inner === undefined) {
    if (required) throw rpcError('invalidParameter', 'Missing redeemScript/witnessScript');
    return;
  }
  const wrapped = scriptPubKeyOf({ kind: 'witness_v0_scripthash', hash: sha256(inner) });
  if (witness !== undefined && redeem !== undefined && !equalBytes(witness, redeem) && !equalBytes(redeem, wrapped)) {
    throw rpcError('invalidParameter', 'redeemScript does not correspond to witnessScript');
  }
  const fits = isNested
    ? [inner, wrapped].some((each) => equalBytes(scriptPubKeyOf({ kind: 'scripthash', hash: hash160(each) }), script))
    : equalBytes(wrapped, script);
  if (!fits) throw rpcError('invalidParameter', mismatch);
  into.addScript(inner);
  into.addScript(wrapped);
}

function givenCoin(value: JsonValue, into: SolvingData, scriptsRequired: boolean): GivenCoin {
  if (!isJsonObject(value)) throw rpcError('deserialization', 'expected object with {"txid\'","vout","scriptPubKey"}');
  checkMembers(value, { scriptPubKey: 'string', txid: 'string', vout: 'number' });
  const txid = asHash(value['txid'] ?? null, 'txid');
  const index = asInteger(value['vout'] ?? null);
  if (index < 0) throw rpcError('deserialization', 'vout cannot be negative');
  const scriptPubKey = asHex(value['scriptPubKey'] ?? null, 'scriptPubKey');
  addGivenScripts(value, scriptPubKey, into, scriptsRequired);
  const amount = value['amount'] === undefined ? untoldAmount : asAmount(value['amount']);
  return { outpoint: { txid, index }, output: { value: amount, scriptPubKey } };
}

/**
 * Reads outputs as `givenCoinsArgument` describes them.
 * @param into takes the scripts behind them
 * @param options.scriptsRequired whether outputs of script hashes must come with the script
 * @throws RpcFailure
 */
export function givenCoinsOf(value: JsonValue, into: SolvingData, { scriptsRequired }: { readonly scriptsRequired: boolean }): readonly GivenCoin[] {
  return value === null ? [] : asArray(value).map((coin) => givenCoin(coin, into, scriptsRequired));
}

/** The outputs that a transaction spends, by input, as they are known or were given. @throws RpcFailure where both differ */
export function mergeCoins(tx: Transaction, known: readonly (TxOut | undefined)[], given: readonly GivenCoin[]): readonly (TxOut | undefined)[] {
  const byOutpoint = new Map(given.map((coin) => [outpointKey(coin.outpoint), coin.output]));
  return tx.inputs.map(({ prevout }, i) => {
    const mine = known[i];
    const told = byOutpoint.get(outpointKey(prevout));
    if (mine !== undefined && told !== undefined && !equalBytes(mine.scriptPubKey, told.scriptPubKey)) {
      const texts = `${scriptToAsm(mine.scriptPubKey)}\nvs:\n${scriptToAsm(told.scriptPubKey)}`;
      throw rpcError('deserialization', `Previous output scriptPubKey mismatch:\n${texts}`);
    }
    return told ?? mine;
  });
}

/** An output in Bitcoin Core's words. */
function outputText({ value, scriptPubKey }: TxOut): string {
  return `CTxOut(nValue=${String(amountJson(value).text)}, scriptPubKey=${toHex(scriptPubKey).slice(0, 30)})`;
}

/** The result of signing, as commands show it. @throws RpcFailure when an amount would have had to be told */
export function signingJson({ tx, complete, problems }: SigningOutcome): Jsonable {
  const errors = problems.flatMap(({ index, error, withoutAmount }) => {
    if (withoutAmount !== undefined) throw rpcError('type', `Missing amount for ${outputText(withoutAmount)}`);
    const input = tx.inputs[index];
    if (input === undefined) return [];
    return [
      {
        txid: hashToHex(input.prevout.txid),
        vout: input.prevout.index,
        witness: input.witness.map(toHex),
        scriptSig: toHex(input.scriptSig),
        sequence: input.sequence,
        error,
      },
    ];
  });
  return { hex: toHex(serializeTransaction(tx)), complete, ...(errors.length === 0 ? {} : { errors }) };
}
