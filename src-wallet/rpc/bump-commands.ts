import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import type { TxOut } from '../../src-bitcoin/primitives/transaction.js';
import { psbtToText } from '../../src-bitcoin/psbt/psbt-text.js';
import { createPsbt } from '../../src-bitcoin/psbt/psbt.js';
import { isJsonObject, type Jsonable, type JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { outputInner, outputPairs } from '../../src-interfaces/rpc/output-arguments.js';
import { amountJson, asBoolean, asInteger, checkMembers } from '../../src-interfaces/rpc/values.js';
import { commitBump, createBump, signBump, type BumpFailureKind } from '../spend/bump.js';
import type { WalletRegistry } from '../wallet-registry.js';
import type { LoadedWallet } from '../wallet.js';
import { confirmTargetArgument, estimateModeArgument, feeControl, feeRateArgument } from './fee-arguments.js';
import { fillOrRefuse } from './fill-or-refuse.js';
import { isEmptyArray, optionsOf, recipientsOf } from './recipients.js';
import { ensureUnlocked, needsPassphrase, onWallet, type WalletCommandSpec } from './wallet-command.js';

const errorNames = { parameter: 'invalidParameter', wallet: 'wallet', 'unknown-transaction': 'invalidAddressOrKey', other: 'misc' } as const;

function fail(kind: BumpFailureKind, errors: readonly string[]): never {
  throw rpcError(errorNames[kind], errors[0] ?? '');
}

function newOutputs(wallet: LoadedWallet, value: JsonValue): readonly TxOut[] {
  if (isEmptyArray(value)) throw rpcError('invalidParameter', 'Invalid parameter, output argument cannot be an empty array');
  return recipientsOf(wallet, outputPairs(value), new Set()).map(({ script, amount }) => ({ value: amount, scriptPubKey: script }));
}

async function bump(wallet: LoadedWallet, call: RpcCall, asPsbt: boolean): Promise<Jsonable> {
  if (!wallet.canSign && !asPsbt) {
    throw rpcError('wallet', 'bumpfee is not available with wallets that have private keys disabled. Use psbtbumpfee instead.');
  }
  const txid = hashToHex(call.hash('txid'));
  const options = optionsOf(call.value('options'));
  if (isJsonObject(options)) {
    checkMembers(
      options,
      { confTarget: 'number', conf_target: 'number', fee_rate: 'any', replaceable: 'bool', estimate_mode: 'string', outputs: 'any', original_change_index: 'number' },
      { allowNull: true, strict: true },
    );
  }
  if (options['confTarget'] !== undefined && options['conf_target'] !== undefined) {
    throw rpcError('invalidParameter', 'confTarget and conf_target options should not both be set. Use conf_target (confTarget is deprecated).');
  }
  const wishes = {
    confirmTarget: options['confTarget'] ?? options['conf_target'] ?? null,
    estimateMode: options['estimate_mode'] ?? null,
    feeRate: options['fee_rate'] ?? null,
  };
  const replaceable = options['replaceable'] === undefined ? true : asBoolean(options['replaceable']);
  const control = await feeControl(wallet, wishes, replaceable);
  const outputs = (options['outputs'] ?? null) === null ? undefined : newOutputs(wallet, options['outputs'] ?? null);
  const changeIndex = options['original_change_index'] === undefined ? undefined : asInteger(options['original_change_index'], 0, 0xffffffff);
  ensureUnlocked(wallet);
  return wallet.spendTurns.run(async () => {
    const created = await createBump(wallet, txid, control, {
      requireMine: !asPsbt,
      ...(outputs === undefined ? {} : { outputs }),
      ...(changeIndex === undefined ? {} : { originalChangeIndex: changeIndex }),
    });
    if (!created.ok) fail(created.kind, created.errors);
    const fees = { origfee: amountJson(created.oldFee), fee: amountJson(created.newFee) };
    if (asPsbt) {
      const psbt = createPsbt(created.tx);
      fillOrRefuse(wallet, psbt, { sign: false, derivations: true, finish: true });
      return { psbt: psbtToText(psbt), ...fees, errors: [] };
    }
    const signed = await signBump(wallet, created.tx);
    if (signed === undefined) throw rpcError('wallet', "Can't sign transaction.");
    const done = await commitBump(wallet, txid, signed);
    if (!done.ok) throw rpcError('wallet', done.errors[0] ?? '');
    return { txid: done.txid, ...fees, errors: done.errors };
  });
}

function spec(name: 'bumpfee' | 'psbtbumpfee', description: string): WalletCommandSpec {
  return {
    name,
    description,
    synced: true,
    args: [
      { names: 'txid', kind: 'hex', required: true, help: 'The transaction to replace.' },
      {
        names: 'options',
        kind: 'named-options',
        help: '',
        oneLine: 'options',
        inner: [
          confirmTargetArgument,
          feeRateArgument,
          { names: 'replaceable', kind: 'boolean', default: true, help: 'Signal that the new transaction may be replaced in turn (BIP125).' },
          estimateModeArgument,
          { names: 'outputs', kind: 'array', default: [], anyType: true, help: 'Outputs instead of the old ones. Not together with original_change_index.', inner: outputInner },
          {
            names: 'original_change_index',
            kind: 'number',
            defaultHint: 'not set, detect change automatically',
            help: 'Index of the old output that is change. Not together with outputs.',
          },
        ],
      },
    ],
    run: (wallet, call) => bump(wallet, call, name === 'psbtbumpfee'),
  };
}

/** Commands that replace transactions by ones with higher fees. */
export function bumpCommands(registry: WalletRegistry): readonly CommandSpec[] {
  return [
    spec('bumpfee', `Replaces an unconfirmed transaction of the wallet by one with a higher fee, which is sent at once.${needsPassphrase}`),
    spec('psbtbumpfee', 'Prepares the replacement of an unconfirmed transaction by one with a higher fee, as PSBT, unsigned.'),
  ].map((each) => onWallet(registry, each));
}
