import { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { decodeTransactionHex } from '../../src-interfaces/rpc/decode-transaction.js';
import { givenCoinsArgument, givenCoinsOf, mergeCoins, signingJson } from '../../src-interfaces/rpc/given-coins.js';
import { hashTypeArgument, hashTypeOf } from '../../src-interfaces/rpc/hash-type.js';
import { signTransaction } from '../spend/sign.js';
import { coinsOf } from '../spend/spent-coins.js';
import type { WalletRegistry } from '../wallet-registry.js';
import type { LoadedWallet } from '../wallet.js';
import { ensureUnlocked, needsPassphrase, onWallet, type WalletCommandSpec } from './wallet-command.js';

async function signRaw(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  const tx = decodeTransactionHex(call.string('hexstring'));
  if (tx === undefined) throw rpcError('deserialization', 'TX decode failed. Make sure the tx has at least one input.');
  ensureUnlocked(wallet);
  const extra = new SolvingData();
  const given = givenCoinsOf(call.value('prevtxs'), extra, { scriptsRequired: false });
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
        givenCoinsArgument,
        hashTypeArgument,
      ],
      run: signRaw,
    },
  ];
  return specs.map((spec) => onWallet(registry, spec));
}
