import type { Jsonable } from '../../src-interfaces/json/json.js';
import type { Argument } from '../../src-interfaces/rpc/argument.js';
import { rpcError, type RpcErrorName } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { WalletFlag } from '../keys/wallet-flags.js';
import type { WalletFailureKind } from '../wallet-failure.js';
import type { LoadOutcome, WalletRegistry } from '../wallet-registry.js';
import { isScanReserved } from './scan-reservation.js';
import { givenWalletName, namedWallet, onWallet, walletCategory, warningsJson } from './wallet-command.js';

const failureCodes: Readonly<Record<WalletFailureKind, RpcErrorName>> = {
  'not-found': 'walletNotFound',
  'bad-format': 'walletNotFound',
  legacy: 'walletNotFound',
  'already-loaded': 'walletAlreadyLoaded',
  'already-exists': 'walletAlreadyExists',
  unnamed: 'invalidParameter',
  'invalid-backup': 'invalidParameter',
  encrypt: 'walletEncryptionFailed',
  'bad-path': 'wallet',
  create: 'wallet',
  migrate: 'wallet',
  load: 'wallet',
  verify: 'wallet',
};

const loadOnStartup: Argument = {
  names: 'load_on_startup',
  kind: 'boolean',
  help: 'Whether the node loads the wallet at its next start; null leaves that as it is.',
};

const loadedShape = `{                 (json object)
  "name" : "str",    (string) Name of the wallet
  "warnings" : [     (json array, optional)
    "str", ...
  ]
}`;

const loadOnStartupOf = (call: RpcCall): boolean | undefined => (call.has('load_on_startup') ? call.boolean('load_on_startup') : undefined);

function loadedJson(outcome: LoadOutcome, warnings: readonly string[] = []): Jsonable {
  if (!outcome.ok) throw rpcError(failureCodes[outcome.failure.kind], outcome.failure.message);
  return { name: outcome.wallet.name, ...warningsJson([...warnings, ...outcome.warnings]) };
}

async function createWallet(registry: WalletRegistry, call: RpcCall): Promise<Jsonable> {
  const passphrase = call.has('passphrase') ? call.string('passphrase') : '';
  const warnings = call.has('passphrase') && passphrase === '' ? ['Empty string given as passphrase, wallet will not be encrypted.'] : [];
  if (!call.boolean('descriptors')) {
    throw rpcError('wallet', 'descriptors argument must be set to "true"; it is no longer possible to create a legacy wallet.');
  }
  if (call.boolean('external_signer')) {
    throw rpcError('wallet', 'Compiled without external signing support (required for external signing)');
  }
  let flags: bigint = WalletFlag.descriptors;
  if (call.boolean('disable_private_keys')) flags |= WalletFlag.disablePrivateKeys;
  if (call.boolean('blank')) flags |= WalletFlag.blank;
  if (call.boolean('avoid_reuse')) flags |= WalletFlag.avoidReuse;
  const outcome = await registry.create(call.string('wallet_name'), { flags, passphrase }, loadOnStartupOf(call));
  // The file was looked at before anything was made: that counts as a failure to create, not as a file in the way.
  if (!outcome.ok && outcome.failure.kind === 'already-exists') throw rpcError('wallet', outcome.failure.message);
  return loadedJson(outcome, warnings);
}

async function unloadWallet(registry: WalletRegistry, call: RpcCall): Promise<Jsonable> {
  const wallet = namedWallet(registry, call.request, call.has('wallet_name') ? call.string('wallet_name') : undefined);
  if (isScanReserved(wallet)) throw rpcError('wallet', 'Wallet is currently rescanning. Abort existing rescan or wait.');
  const warnings = await registry.unload(wallet.name, loadOnStartupOf(call));
  if (warnings === undefined) throw rpcError('misc', 'Requested wallet already unloaded');
  return warningsJson(warnings);
}

async function migrateWallet(registry: WalletRegistry, call: RpcCall): Promise<Jsonable> {
  const name = givenWalletName(call.request, call.has('wallet_name') ? call.string('wallet_name') : undefined);
  const outcome = await registry.migrate(name, call.has('passphrase') ? call.string('passphrase') : '');
  if (!outcome.ok) throw rpcError(failureCodes[outcome.failure.kind], outcome.failure.message);
  const { wallet, watchonly, solvables, backup } = outcome;
  return {
    wallet_name: wallet.name,
    ...(watchonly === undefined ? {} : { watchonly_name: watchonly }),
    ...(solvables === undefined ? {} : { solvables_name: solvables }),
    backup_path: backup,
  };
}

function directoryJson(registry: WalletRegistry): Jsonable {
  const legacy = 'This wallet is a legacy wallet and will need to be migrated with migratewallet before it can be loaded';
  return { wallets: registry.directory().map(({ path, format }) => ({ name: path, warnings: format === 'bdb' ? [legacy] : [] })) };
}

/** Commands that make, load, unload, copy and list wallets. */
export function walletFileCommands(registry: WalletRegistry): readonly CommandSpec[] {
  return [
    {
      name: 'createwallet',
      category: walletCategory,
      description: 'Creates a wallet and loads it.',
      args: [
        { names: 'wallet_name', kind: 'string', required: true, help: 'Name of the new wallet, or the path of its directory.' },
        { names: 'disable_private_keys', kind: 'boolean', default: false, help: 'Hold no private keys: the wallet can only watch.' },
        { names: 'blank', kind: 'boolean', default: false, help: 'Make no keys.' },
        { names: 'passphrase', kind: 'string', help: 'Encrypt the wallet with this passphrase.' },
        { names: 'avoid_reuse', kind: 'boolean', default: false, help: 'Keep coins of addresses that were spent from apart from the others.' },
        { names: 'descriptors', kind: 'boolean', default: true, help: 'Must be true.' },
        loadOnStartup,
        { names: 'external_signer', kind: 'boolean', default: false, help: 'Not available.' },
      ],
      result: loadedShape,
      run: (call) => createWallet(registry, call),
    },
    {
      name: 'loadwallet',
      category: walletCategory,
      description: 'Loads a wallet from its directory or file. Options given to the node at its start apply to it.',
      args: [
        { names: 'filename', kind: 'string', required: true, help: 'Directory of the wallet, absolute or below the wallet directory.' },
        loadOnStartup,
      ],
      result: loadedShape,
      run: async (call) => loadedJson(await registry.load(call.string('filename'), loadOnStartupOf(call))),
    },
    {
      name: 'restorewallet',
      category: walletCategory,
      description: 'Makes a wallet from a backup file and loads it.',
      args: [
        { names: 'wallet_name', kind: 'string', required: true, help: 'Name of the restored wallet.' },
        { names: 'backup_file', kind: 'string', required: true, help: 'The backup.' },
        loadOnStartup,
      ],
      result: loadedShape,
      run: async (call) => loadedJson(await registry.restore(call.string('backup_file'), call.string('wallet_name'), loadOnStartupOf(call))),
    },
    {
      name: 'unloadwallet',
      category: walletCategory,
      description: 'Unloads the wallet that the path of the request or the argument names; if both do, they must agree.',
      args: [
        { names: 'wallet_name', kind: 'string', defaultHint: 'the wallet name from the RPC endpoint', help: 'Name of the wallet.' },
        loadOnStartup,
      ],
      result: '{                 (json object)\n  "warnings" : [     (json array, optional)\n    "str", ...\n  ]\n}',
      run: (call) => unloadWallet(registry, call),
    },
    {
      name: 'migratewallet',
      category: walletCategory,
      description:
        'Makes a descriptor wallet of a legacy wallet (Berkeley DB) and loads it. What the old wallet only watched, and what it could help to sign without watching it, goes to wallets of their own. A copy of the old file is kept as <wallet name>_<time>.legacy.bak in the wallet directory. When anything fails, the old wallet is as it was.\nThis can take long.',
      args: [
        { names: 'wallet_name', kind: 'string', defaultHint: 'the wallet name from the RPC endpoint', help: 'Name of the wallet.' },
        { names: 'passphrase', kind: 'string', help: 'Passphrase of the wallet, if it is encrypted.' },
      ],
      result: `{                           (json object)
  "wallet_name" : "str",       (string) Name of the wallet that took over
  "watchonly_name" : "str",    (string, optional) Name of the wallet with what was only watched
  "solvables_name" : "str",    (string, optional) Name of the wallet with what was not watched, but can be helped to sign
  "backup_path" : "str"        (string) The copy of the old file
}`,
      run: (call) => migrateWallet(registry, call),
    },
    {
      name: 'listwallets',
      category: walletCategory,
      description: 'Returns the names of the loaded wallets. See getwalletinfo for more about one of them.',
      args: [],
      result: '[           (json array)\n  "str",    (string) Name of a wallet\n  ...\n]',
      run: () => registry.list().map(({ name }) => name),
    },
    {
      name: 'listwalletdir',
      category: walletCategory,
      description: 'Returns the wallets in the wallet directory, loaded or not.',
      args: [],
      result: '{                        (json object)\n  "wallets" : [           (json array)\n    {\n      "name" : "str",     (string) Name of a wallet\n      "warnings" : [ ... ]\n    },\n    ...\n  ]\n}',
      run: () => directoryJson(registry),
    },
    onWallet(registry, {
      name: 'backupwallet',
      description: 'Copies the wallet, as it is now, to a file.',
      args: [{ names: 'destination', kind: 'string', required: true, help: 'File to write to.' }],
      result: 'null    (json null)',
      synced: true,
      run: async (wallet, call) => {
        const destination = call.string('destination');
        try {
          await wallet.backup(destination);
        } catch (error) {
          wallet.log(`Backup to ${destination} failed: ${error instanceof Error ? error.message : String(error)}`);
          throw rpcError('wallet', 'Error: Wallet backup failed!');
        }
        return null;
      },
    }),
  ];
}
