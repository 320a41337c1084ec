import { encodeDestination } from '../../src-bitcoin/address/address.js';
import { destinationOf, type Destination } from '../../src-bitcoin/address/destination.js';
import { ripemd160 } from '../../src-bitcoin/crypto/hash.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { isSolvable, type KeyOrigin } from '../../src-bitcoin/descriptor/descriptor.js';
import { inferDescriptor } from '../../src-bitcoin/descriptor/infer.js';
import { printDescriptor } from '../../src-bitcoin/descriptor/print.js';
import type { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import { formatPath } from '../../src-bitcoin/keys/path.js';
import { solve } from '../../src-bitcoin/script/solver.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { describeDestination } from '../../src-interfaces/rpc/destination-json.js';
import type { LoadedWallet } from '../wallet.js';
import { parentDescriptors } from './wallet-command.js';

type Members = Record<string, Jsonable>;

/** What is known about spending a script and the descriptor that says so; undefined for scripts of others. */
export function solvingOf(wallet: LoadedWallet, script: Uint8Array): { readonly solving: SolvingData; readonly descriptor: string | undefined } | undefined {
  if (!wallet.keyring.isMine(script)) return undefined;
  const solving = wallet.keyring.solve(script);
  const inferred = inferDescriptor(script, solving);
  return { solving, descriptor: isSolvable(inferred) ? printDescriptor(inferred, wallet.context.params) : undefined };
}

/** The script behind the hash of an address; undefined where it is not known or there is none. */
export function scriptBehind(destination: Destination, solving: SolvingData): Uint8Array | undefined {
  if (destination.kind === 'scripthash') return solving.script(destination.hash);
  if (destination.kind === 'witness_v0_scripthash') return solving.script(ripemd160(destination.hash));
  return undefined;
}

function innerScriptJson(wallet: LoadedWallet, script: Uint8Array, solving: SolvingData): Members {
  const solved = solve(script);
  const members: Members = { script: solved.type, hex: toHex(script) };
  const destination = destinationOf(script);
  if (destination !== undefined && destination.kind !== 'pubkey') {
    const embedded: Members = { ...describeDestination(destination), ...keysJson(wallet, destination, solving) };
    embedded['address'] = encodeDestination(destination, wallet.context.params) ?? '';
    embedded['scriptPubKey'] = toHex(script);
    // The public key of a nested address is shown at the top too.
    if (embedded['pubkey'] !== undefined) members['pubkey'] = embedded['pubkey'];
    members['embedded'] = embedded;
  } else if (solved.type === 'multisig') {
    members['sigsrequired'] = solved.required;
    members['pubkeys'] = solved.publicKeys.map(toHex);
  }
  return members;
}

/** Public key and inner script of an address, as far as known. */
function keysJson(wallet: LoadedWallet, destination: Destination, solving: SolvingData): Members {
  switch (destination.kind) {
    case 'pubkeyhash': {
      const pubkey = solving.pubkey(destination.hash);
      return pubkey === undefined ? {} : { pubkey: toHex(pubkey), iscompressed: pubkey.length === 33 };
    }
    case 'witness_v0_keyhash': {
      const pubkey = solving.pubkey(destination.hash);
      return pubkey === undefined ? {} : { pubkey: toHex(pubkey) };
    }
    case 'scripthash':
    case 'witness_v0_scripthash': {
      const script = scriptBehind(destination, solving);
      return script === undefined ? {} : innerScriptJson(wallet, script, solving);
    }
    default:
      return {};
  }
}

/** Where the one key of an address comes from. */
function originOf(destination: Destination, solving: SolvingData): KeyOrigin | undefined {
  switch (destination.kind) {
    case 'pubkeyhash':
    case 'witness_v0_keyhash': {
      const pubkey = solving.pubkey(destination.hash);
      return pubkey && solving.origin(pubkey);
    }
    case 'scripthash': {
      const script = solving.script(destination.hash);
      const inner = script && destinationOf(script);
      return inner?.kind === 'witness_v0_keyhash' ? originOf(inner, solving) : undefined;
    }
    case 'witness_v1_taproot': {
      const taproot = solving.taproot(destination.outputKey);
      return taproot?.merkleRoot === undefined && taproot !== undefined ? solving.originOfXOnly(taproot.internalKey) : undefined;
    }
    default:
      return undefined;
  }
}

function originJson(wallet: LoadedWallet, script: Uint8Array, destination: Destination, solving: SolvingData): Members {
  const origin = originOf(destination, solving);
  const [owner] = wallet.keyring.owners(script);
  if (origin === undefined || owner === undefined) return {};
  return {
    timestamp: owner.descriptor.creationTime,
    hdkeypath: `m${formatPath(origin.path)}`,
    // Descriptors have no seed of that kind.
    hdseedid: '0'.repeat(40),
    hdmasterfingerprint: toHex(origin.fingerprint),
  };
}

/** Everything the wallet knows about an address. */
export function addressInfo(wallet: LoadedWallet, destination: Destination, script: Uint8Array): Jsonable {
  const address = encodeDestination(destination, wallet.context.params) ?? '';
  const known = solvingOf(wallet, script);
  const [parent] = parentDescriptors(wallet, script);
  const entry = wallet.addressBook.get(address);
  return {
    address,
    scriptPubKey: toHex(script),
    ismine: known !== undefined,
    solvable: known?.descriptor !== undefined,
    ...(known?.descriptor === undefined ? {} : { desc: known.descriptor }),
    ...(parent === undefined ? {} : { parent_desc: parent }),
    iswatchonly: false,
    ...describeDestination(destination),
    ...(known === undefined ? {} : keysJson(wallet, destination, known.solving)),
    ischange: known !== undefined && wallet.isChangeScript(script),
    ...(known === undefined ? {} : originJson(wallet, script, destination, known.solving)),
    labels: entry?.label === undefined ? [] : [entry.label],
  };
}
