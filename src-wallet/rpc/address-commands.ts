import { encodeDestination } from '../../src-bitcoin/address/address.js';
import { destinationOf, type Destination } from '../../src-bitcoin/address/destination.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { ripemd160 } from '../../src-bitcoin/crypto/hash.js';
import { isSolvable, type OutputType } from '../../src-bitcoin/descriptor/descriptor.js';
import { inferDescriptor } from '../../src-bitcoin/descriptor/infer.js';
import { printDescriptor } from '../../src-bitcoin/descriptor/print.js';
import type { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import { formatPath } from '../../src-bitcoin/keys/path.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { solve } from '../../src-bitcoin/script/solver.js';
import type { Jsonable, JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { describeDestination } from '../../src-interfaces/rpc/destination-json.js';
import { asString } from '../../src-interfaces/rpc/values.js';
import { parseOutputType } from '../keys/output-types.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';
import { addressOf, labelOf, walletOf } from './request.js';

const category = 'wallet';

function outputTypeOf(value: JsonValue, fallback: OutputType): OutputType {
  if (value === null) return fallback;
  const name = asString(value);
  const type = parseOutputType(name);
  if (type === undefined) throw rpcError('invalidAddressOrKey', `Unknown address type '${name}'`);
  return type;
}

function requireAddresses(wallet: LoadedWallet, internal: boolean): void {
  if (!wallet.canGetAddresses(internal)) throw rpcError('wallet', 'Error: This wallet has no available keys');
}

function newAddress(wallet: LoadedWallet, call: RpcCall): string {
  requireAddresses(wallet, false);
  const label = labelOf(call.value('label'));
  const next = wallet.newReceiveAddress(outputTypeOf(call.value('address_type'), wallet.context.settings.addressType), label);
  if (!next.ok) throw rpcError('walletKeypoolRanOut', next.error);
  return next.address;
}

function newChangeAddress(wallet: LoadedWallet, call: RpcCall): string {
  requireAddresses(wallet, true);
  const { changeType, addressType } = wallet.context.settings;
  const next = wallet.newChangeAddress(outputTypeOf(call.value('address_type'), changeType ?? addressType));
  if (!next.ok) throw rpcError('walletKeypoolRanOut', next.error);
  return next.address;
}

/** What the wallet knows about the script behind a hash. */
function describeScript(script: Uint8Array | undefined, known: SolvingData, params: ChainParams): Record<string, Jsonable> {
  if (script === undefined) return {};
  const solution = solve(script);
  const result: Record<string, Jsonable> = { script: solution.type, hex: toHex(script) };
  const embedded = destinationOf(script);
  if (embedded !== undefined && embedded.kind !== 'pubkey') {
    const inner = { ...describeDestination(embedded), ...describeKnown(embedded, known, params) };
    const pubkey = inner['pubkey'];
    return {
      ...result,
      // Shown on the outside too, so that it is in the same place for every kind of address.
      ...(pubkey === undefined ? {} : { pubkey }),
      embedded: { ...inner, address: encodeDestination(embedded, params) ?? '', scriptPubKey: toHex(script) },
    };
  }
  if (solution.type !== 'multisig') return result;
  return { ...result, sigsrequired: solution.required, pubkeys: solution.publicKeys.map(toHex) };
}

/** What the wallet knows about a destination beyond what its address says. */
function describeKnown(destination: Destination, known: SolvingData, params: ChainParams): Record<string, Jsonable> {
  switch (destination.kind) {
    case 'pubkeyhash': {
      const pubkey = known.pubkey(destination.hash);
      return pubkey === undefined ? {} : { pubkey: toHex(pubkey), iscompressed: pubkey.length === 33 };
    }
    case 'witness_v0_keyhash': {
      const pubkey = known.pubkey(destination.hash);
      return pubkey === undefined ? {} : { pubkey: toHex(pubkey) };
    }
    case 'scripthash':
      return describeScript(known.script(destination.hash), known, params);
    case 'witness_v0_scripthash':
      return describeScript(known.script(ripemd160(destination.hash)), known, params);
    default:
      return {};
  }
}

/** Where the key of a script comes from; nothing when the wallet does not have it. */
function describeOrigin(wallet: LoadedWallet, script: Uint8Array, known: SolvingData): Record<string, Jsonable> {
  const [owner] = wallet.keyring.owners(script);
  if (owner === undefined) return {};
  const timestamp = owner.descriptor.creationTime;
  const [key] = known.keys();
  if (key?.origin === undefined) return { timestamp };
  return {
    timestamp,
    hdkeypath: `m${formatPath(key.origin.path)}`,
    hdseedid: '00'.repeat(20),
    hdmasterfingerprint: toHex(key.origin.fingerprint),
  };
}

function addressInfo(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const { params } = wallet.context;
  const text = call.string('address');
  const { destination, scriptPubKey } = decodedAddress(wallet, text);
  const known = wallet.keyring.solve(scriptPubKey);
  const mine = wallet.keyring.isMine(scriptPubKey);
  const inferred = mine ? inferDescriptor(scriptPubKey, known) : undefined;
  const solvable = inferred !== undefined && isSolvable(inferred);
  const [owner] = wallet.keyring.owners(scriptPubKey);
  const parent = owner && wallet.publicDescriptor(owner.descriptor);
  const address = encodeDestination(destination, params) ?? text;
  const entry = wallet.addressBook.get(address);
  return {
    address,
    scriptPubKey: toHex(scriptPubKey),
    ismine: mine,
    solvable,
    ...(solvable ? { desc: printDescriptor(inferred, params) } : {}),
    ...(parent === undefined ? {} : { parent_desc: parent }),
    iswatchonly: false,
    ...describeDestination(destination),
    ...describeKnown(destination, known, params),
    ischange: mine && entry === undefined,
    ...describeOrigin(wallet, scriptPubKey, known),
    labels: entry?.label === undefined ? [] : [entry.label],
  };
}

function decodedAddress(wallet: LoadedWallet, text: string): ReturnType<typeof addressOf> {
  const decoded = wallet.decode(text);
  if (!decoded.ok) throw rpcError('invalidAddressOrKey', decoded.error === '' ? 'Invalid address' : decoded.error);
  return decoded;
}

function refillKeypool(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const size = call.has('newsize') ? call.integer('newsize') : 0;
  if (size < 0) throw rpcError('invalidParameter', 'Invalid parameter, expected valid size.');
  const complete = wallet.change(() => wallet.keyring.topUpAll(size === 0 ? undefined : size));
  if (!complete) throw rpcError('wallet', 'Error refreshing keypool.');
  return null;
}

/** Commands about the wallet's addresses. */
export function addressCommands(registry: WalletRegistry): readonly CommandSpec[] {
  const typeArgument = (what: string): CommandSpec['args'][number] => ({
    names: 'address_type',
    kind: 'string',
    help: 'The kind of address: "legacy", "p2sh-segwit", "bech32" or "bech32m".',
    defaultHint: `set by -${what}`,
  });
  return [
    {
      name: 'getnewaddress',
      category,
      description: 'Gives a new address to receive payments with, and puts it into the address book under a label.',
      args: [{ names: 'label', kind: 'string', help: 'The label of the address; the one that is empty if left out.', default: '' }, typeArgument('addresstype')],
      result: '"str"    (string) The new address',
      run: (call) => newAddress(walletOf(registry, call.request), call),
    },
    {
      name: 'getrawchangeaddress',
      category,
      description: 'Gives a new address for change, for use in raw transactions. Not for receiving payments.',
      args: [typeArgument('changetype')],
      result: '"str"    (string) The new address',
      run: (call) => newChangeAddress(walletOf(registry, call.request), call),
    },
    {
      name: 'getaddressinfo',
      category,
      description: 'Tells what is known about an address; more so if it is the wallet’s own.',
      args: [{ names: 'address', kind: 'string', required: true, help: 'The address.' }],
      run: (call) => addressInfo(walletOf(registry, call.request), call),
    },
    {
      name: 'keypoolrefill',
      category,
      description: 'Makes addresses ahead, so that a backup made now holds those given out later. Needs the passphrase for hardened ones.',
      args: [{ names: 'newsize', kind: 'number', help: 'How many to have ready.', defaultHint: '1000, or as set by -keypool' }],
      run: (call) => refillKeypool(walletOf(registry, call.request), call),
    },
  ];
}
