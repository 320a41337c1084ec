import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { signWithKeyOf } from '../spend/sign-message.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';
import { addressOf } from './request.js';
import { ensureUnlocked, needsPassphrase, onWallet } from './wallet-command.js';

function signMessage(wallet: LoadedWallet, call: RpcCall): Jsonable {
  ensureUnlocked(wallet);
  const { destination } = addressOf(wallet, call.string('address'), 'Invalid address');
  if (destination.kind !== 'pubkeyhash') throw rpcError('type', 'Address does not refer to key');
  const signature = signWithKeyOf(wallet, destination.hash, call.string('message'));
  if (signature === undefined) throw rpcError('wallet', 'Private key not available');
  return signature;
}

/** Commands that sign texts. */
export function messageCommands(registry: WalletRegistry): readonly CommandSpec[] {
  return [
    onWallet(registry, {
      name: 'signmessage',
      description: `Signs a text with the key of a legacy address, to show that whoever wrote it owns the address.${needsPassphrase}`,
      args: [
        { names: 'address', kind: 'string', required: true, help: 'The address.' },
        { names: 'message', kind: 'string', required: true, help: 'The text.' },
      ],
      result: '"str"    (string) The signature, base64',
      run: signMessage,
    }),
  ];
}
