import { JsonNumber, type Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { flagNames, mutableFlags, WalletFlag } from '../keys/wallet-flags.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';
import { lastProcessedBlock, onWallet } from './wallet-command.js';

/** Shown as the version since wallets have only descriptors. */
const walletVersion = 169900;

function flagsJson(flags: bigint): readonly string[] {
  const names = new Map(flagNames.map(([name, flag]) => [flag, name]));
  const set: string[] = [];
  for (let bit = 0n; bit < 64n; bit++) {
    if ((flags & (1n << bit)) !== 0n) set.push(names.get(1n << bit) ?? `unknown_flag_${bit}`);
  }
  return set;
}

function scanningJson({ scan }: LoadedWallet): Jsonable {
  if (scan === undefined) return false;
  return { duration: Math.floor((Date.now() - scan.startedAt) / 1000), progress: scan.progress };
}

function keypoolSizes({ keyring }: LoadedWallet): { readonly external: number; readonly internal: number } {
  const sizes = { external: 0, internal: 0 };
  for (const descriptor of keyring.activeDescriptors) {
    sizes[keyring.activity(descriptor)?.internal === true ? 'internal' : 'external'] += descriptor.available;
  }
  return sizes;
}

function walletInfo(wallet: LoadedWallet): Jsonable {
  const keypool = keypoolSizes(wallet);
  const birth = wallet.birthTime;
  return {
    walletname: wallet.name,
    walletversion: walletVersion,
    format: 'sqlite',
    txcount: wallet.history.size,
    keypoolsize: keypool.external,
    keypoolsize_hd_internal: keypool.internal,
    ...(wallet.keyring.vault.encrypted ? { unlocked_until: wallet.unlockedUntil } : {}),
    private_keys_enabled: wallet.canSign,
    avoid_reuse: wallet.hasFlag(WalletFlag.avoidReuse),
    scanning: scanningJson(wallet),
    descriptors: wallet.hasFlag(WalletFlag.descriptors),
    external_signer: wallet.hasFlag(WalletFlag.externalSigner),
    blank: wallet.hasFlag(WalletFlag.blank),
    ...(birth === undefined ? {} : { birthtime: new JsonNumber(birth.toString()) }),
    flags: flagsJson(wallet.flags),
    lastprocessedblock: lastProcessedBlock(wallet),
  };
}

function setFlag(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const name = call.string('flag');
  const on = call.boolean('value');
  const flag = flagNames.find(([each]) => each === name)?.[1];
  if (flag === undefined) throw rpcError('invalidParameter', `Unknown wallet flag: ${name}`);
  if ((flag & mutableFlags) === 0n) throw rpcError('invalidParameter', `Wallet flag is immutable: ${name}`);
  if (wallet.hasFlag(flag) === on) throw rpcError('invalidParameter', `Wallet flag is already set to ${on}: ${name}`);
  wallet.change(() => wallet.setFlag(flag, on));
  const caveat =
    'You need to rescan the blockchain in order to correctly mark used destinations in the past. Until this is done, some destinations may be considered unused, even if the opposite is the case.';
  return { flag_name: name, flag_state: on, ...(on ? { warnings: caveat } : {}) };
}

/** Commands about the state of a wallet as a whole. */
export function infoCommands(registry: WalletRegistry): readonly CommandSpec[] {
  return [
    onWallet(registry, {
      name: 'getwalletinfo',
      description: 'Returns the state of the wallet: its name, how many transactions and unused addresses it has, whether it is locked or being scanned.',
      args: [],
      result: `{                                (json object)
  "walletname" : "str",             (string)
  "walletversion" : n,              (numeric) No longer of use
  "format" : "str",                 (string) Of its file
  "txcount" : n,                    (numeric)
  "keypoolsize" : n,                (numeric) Receive addresses made ahead
  "keypoolsize_hd_internal" : n,    (numeric) Change addresses made ahead
  "unlocked_until" : xxx,           (numeric, optional) Seconds since 1970, 0 while locked; of encrypted wallets
  "private_keys_enabled" : bool,
  "avoid_reuse" : bool,
  "scanning" : {                    (json object, or false)
    "duration" : n,                 (numeric) Seconds so far
    "progress" : n                  (numeric) 0 to 1
  },
  "descriptors" : bool,
  "external_signer" : bool,
  "blank" : bool,
  "birthtime" : xxx,                (numeric, optional) Seconds since 1970; no older block concerns the wallet
  "flags" : [ "str", ... ],
  "lastprocessedblock" : { "hash" : "hex", "height" : n }
}`,
      synced: true,
      run: walletInfo,
    }),
    onWallet(registry, {
      name: 'setwalletflag',
      description: 'Switches a property of the wallet.',
      args: [
        { names: 'flag', kind: 'string', required: true, help: 'The property. There is one that can be changed: avoid_reuse' },
        { names: 'value', kind: 'boolean', default: true, help: 'On or off.' },
      ],
      result: '{                          (json object)\n  "flag_name" : "str",\n  "flag_state" : bool,\n  "warnings" : "str"        (string, optional)\n}',
      run: setFlag,
    }),
  ];
}
