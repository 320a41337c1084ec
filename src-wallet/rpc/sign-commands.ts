import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { MAX_MONEY } from '../../src-bitcoin/amount.js';
import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { hash160, sha256 } from '../../src-bitcoin/crypto/hash.js';
import { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import { outpointKey, serializeTransaction, type Outpoint, type Transaction, type TxOut } from '../../src-bitcoin/primitives/transaction.js';
import { scriptToAsm } from '../../src-bitcoin/script/asm.js';
import { isPayToScriptHash, isPayToWitnessScriptHash } from '../../src-bitcoin/script/script.js';
import { isJsonObject, type Jsonable, type JsonObject, type JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { decodeTransactionHex } from '../../src-interfaces/rpc/decode-transaction.js';
import { hashTypeArgument, hashTypeOf } from '../../src-interfaces/rpc/hash-type.js';
import { asAmount, asArray, asHash, asHex, asInteger, checkMembers } from '../../src-interfaces/rpc/values.js';
import { signTransaction, type SigningOutcome } from '../spend/sign.js';
import { coinsOf } from '../spend/spent-coins.js';
import type { WalletRegistry } from '../wallet-registry.js';
import type { LoadedWallet } from '../wallet.js';
import { ensureUnlocked, needsPassphrase, onWallet, type WalletCommandSpec } from './wallet-command.js';

interface GivenCoin {
  readonly outpoint: Outpoint;
  readonly output: TxOut;
}

const mismatch = 'redeemScript/witnessScript does not match scriptPubKey';

/** Adds the scripts that a request gives for an output, if they fit it. */
function addGivenScripts(coin: JsonObject, script: Uint8Array, into: SolvingData): void {
  const isNested = isPayToScriptHash(script);
  if (!isNested && !isPayToWitnessScriptHash(script)) return;
  const redeem = coin['redeemScript'] === undefined ? undefined : asHex(coin['redeemScript'], 'redeemScript');
  const witness = coin['witnessScript'] === undefined ? undefined : asHex(coin['witnessScript'], 'witnessScript');
  const inner = witness ?? redeem;
  if (inner === undefined) return;
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

function givenCoin(value: JsonValue, into: SolvingData): GivenCoin {
  if (!isJsonObject(value)) throw rpcError('deserialization', 'expected object with {"txid\'","vout","scriptPubKey"}');
  checkMembers(value, { txid: 'string', vout: 'number', scriptPubKey: 'string' });
  const txid = asHash(value['txid'] ?? null, 'txid');
  const index = asInteger(value['vout'] ?? null);
  if (index < 0) throw rpcError('deserialization', 'vout cannot be negative');
  const scriptPubKey = asHex(value['scriptPubKey'] ?? null, 'scriptPubKey');
  addGivenScripts(value, scriptPubKey, into);
  const amount = value['amount'] === undefined ? MAX_MONEY : asAmount(value['amount']);
  return { outpoint: { txid, index }, output: { value: amount, scriptPubKey } };
}

function mergeCoins(tx: Transaction, known: readonly (TxOut | undefined)[], given: readonly GivenCoin[]): readonly (TxOut | undefined)[] {
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

/** The result of signing, as commands show it. */
export function signingJson({ tx, complete, problems }: SigningOutcome): Jsonable {
  const errors = problems.flatMap(({ index, error }) => {
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

async function signRaw(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  const tx = decodeTransactionHex(call.string('hexstring'));
  if (tx === undefined) throw rpcError('deserialization', 'TX decode failed. Make sure the tx has at least one input.');
  ensureUnlocked(wallet);
  const extra = new SolvingData();
  const given = call.has('prevtxs') ? asArray(call.value('prevtxs')).map((coin) => givenCoin(coin, extra)) : [];
  const spent = mergeCoins(tx, await coinsOf(wallet, tx), given);
  const hashType = hashTypeOf(call.value('sighashtype'));
  return signingJson(signTransaction(wallet, tx, spent, { extra, ...(hashType === undefined ? {} : { hashType }) }));
}

/** Commands that sign. */
export function signCommands(registry: WalletRegistry): readonly CommandSpec[] {
  const specs: readonly WalletCommandSpec[] = [
    {
      name: 'signrawtransactionwithwallet',
      description: `Signs the inputs of a transaction that the wallet has keys for.${needsPassphrase}`,
      args: [
        { names: 'hexstring', kind: 'string', required: true, help: 'The transaction.' },
        {
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
        },
        hashTypeArgument,
      ],
      run: signRaw,
    },
  ];
  return specs.map((spec) => onWallet(registry, spec));
}
