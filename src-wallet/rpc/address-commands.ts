import { decodeAddress } from '../../src-bitcoin/address/address.js';
import type { OutputType } from '../../src-bitcoin/descriptor/descriptor.js';
import { outputTypes } from '../../src-bitcoin/descriptor/output-types.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { noSigningDevice } from '../interfaces/messages.js';
import type { WalletRegistry } from '../wallet-registry.js';
import type { LoadedWallet, NewAddress } from '../wallet.js';
import { addressInfo } from './address-info.js';
import { addressOf, outputTypeOf } from './request.js';
import { checkedLabel, ensureUnlocked, needsPassphrase, onWallet } from './wallet-command.js';

const typeNames = outputTypes.map((type) => `"${type}"`).join(', ');

function outputTypeArgument(call: RpcCall, byDefault: OutputType): OutputType {
  if (!call.has('address_type')) return byDefault;
  return outputTypeOf(call.string('address_type'));
}

function ensureAddresses(wallet: LoadedWallet, internal: boolean): void {
  if (!wallet.canGetAddresses(internal)) throw rpcError('wallet', 'Error: This wallet has no available keys');
}

function handedOut(made: NewAddress): string {
  if (!made.ok) throw rpcError('walletKeypoolRanOut', made.error);
  return made.address;
}

function newAddress(wallet: LoadedWallet, call: RpcCall): Jsonable {
  ensureAddresses(wallet, false);
  const label = checkedLabel(call.string('label'));
  return handedOut(wallet.newReceiveAddress(outputTypeArgument(call, wallet.context.settings.addressType), label));
}

function newChangeAddress(wallet: LoadedWallet, call: RpcCall): Jsonable {
  ensureAddresses(wallet, true);
  const { addressType, changeType } = wallet.context.settings;
  return handedOut(wallet.newChangeAddress(outputTypeArgument(call, changeType ?? addressType)));
}

function refill(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const size = call.has('newsize') ? call.integer('newsize') : 0;
  if (size < 0) throw rpcError('invalidParameter', 'Invalid parameter, expected valid size.');
  ensureUnlocked(wallet);
  wallet.change(() => (size === 0 ? wallet.keyring.topUpAll() : wallet.keyring.topUpAll(size)));
  const available = [...wallet.keyring.activeDescriptors].reduce((sum, descriptor) => sum + descriptor.available, 0);
  if (available < size) throw rpcError('wallet', 'Error refreshing keypool.');
  wallet.history.refreshOwned();
  return null;
}

function describeAddress(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const decoded = decodeAddress(call.string('address'), wallet.context.params);
  if (!decoded.ok) throw rpcError('invalidAddressOrKey', decoded.error === '' ? 'Invalid address' : decoded.error);
  return addressInfo(wallet, decoded.destination, decoded.scriptPubKey);
}

function displayAddress(wallet: LoadedWallet, call: RpcCall): Jsonable {
  addressOf(wallet, call.string('address'), 'Invalid address');
  throw rpcError('misc', noSigningDevice);
}

/** Commands about the wallet's addresses. */
export function addressCommands(registry: WalletRegistry): readonly CommandSpec[] {
  return [
    onWallet(registry, {
      name: 'getnewaddress',
      description: 'Returns a new address to be paid at, and puts it in the address book.',
      args: [
        { names: 'label', kind: 'string', default: '', help: 'Label for the address.' },
        { names: 'address_type', kind: 'string', defaultHint: 'set by -addresstype', help: `One of ${typeNames}.` },
      ],
      result: '"str"    (string) The address',
      run: newAddress,
    }),
    onWallet(registry, {
      name: 'getrawchangeaddress',
      description: 'Returns a new address for change of transactions made elsewhere. It is not meant to be given to others.',
      args: [{ names: 'address_type', kind: 'string', defaultHint: 'set by -changetype', help: `One of ${typeNames}.` }],
      result: '"str"    (string) The address',
      run: newChangeAddress,
    }),
    onWallet(registry, {
      name: 'getaddressinfo',
      description: 'Returns what the wallet knows about an address.',
      args: [{ names: 'address', kind: 'string', required: true, help: 'The address.' }],
      result: `{                               (json object)
  "address" : "str",
  "scriptPubKey" : "hex",
  "ismine" : bool,
  "solvable" : bool,               (boolean) Whether all but the private keys is known that spending takes
  "desc" : "str",                  (string, optional)
  "parent_desc" : "str",           (string, optional) The descriptor it comes from
  "iswatchonly" : false,
  "isscript" : bool,               (boolean, optional)
  "iswitness" : bool,
  "witness_version" : n,           (numeric, optional)
  "witness_program" : "hex",       (string, optional)
  "script" : "str",                (string, optional) Kind of the script behind the hash
  "hex" : "hex",                   (string, optional) That script
  "pubkeys" : [ "hex", ... ],      (json array, optional)
  "sigsrequired" : n,              (numeric, optional)
  "pubkey" : "hex",                (string, optional)
  "embedded" : { ... },            (json object, optional) The address behind the hash
  "iscompressed" : bool,           (boolean, optional)
  "ischange" : bool,
  "timestamp" : xxx,               (numeric, optional) When its key was made, seconds since 1970
  "hdkeypath" : "str",             (string, optional)
  "hdseedid" : "hex",              (string, optional)
  "hdmasterfingerprint" : "hex",   (string, optional)
  "labels" : [ "str" ]
}`,
      run: describeAddress,
    }),
    onWallet(registry, {
      name: 'keypoolrefill',
      description: `Makes addresses ahead, for each kind of address.${needsPassphrase}`,
      args: [{ names: 'newsize', kind: 'number', defaultHint: '1000, or as set by -keypool', help: 'How many of each kind.' }],
      result: 'null    (json null)',
      run: refill,
    }),
    onWallet(registry, {
      name: 'walletdisplayaddress',
      description: 'Shows an address on the signing device that has its key, so that a person can compare it.',
      args: [{ names: 'address', kind: 'string', required: true, help: 'The address.' }],
      result: '{\n  "address" : "str"    (string) The address that the device shows\n}',
      run: displayAddress,
    }),
  ];
}
