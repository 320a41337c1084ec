import { outputTypes } from '../../src-bitcoin/descriptor/output-types.js';
import { descriptorId } from '../../src-bitcoin/descriptor/print.js';
import { decodeExtendedPublicKey, encodeExtendedPrivateKey, encodeExtendedPublicKey, type ExtendedPublicKey } from '../../src-bitcoin/keys/bip32.js';
import type { Jsonable, JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { asBoolean, asString } from '../../src-interfaces/rpc/values.js';
import { defaultDescriptor } from '../keys/default-descriptors.js';
import { hdKeysOf, holdsKeyOf, privateNode } from '../keys/hd-keys.js';
import type { WalletDescriptor } from '../keys/wallet-descriptor.js';
import { WalletFlag } from '../keys/wallet-flags.js';
import type { WalletRegistry } from '../wallet-registry.js';
import type { LoadedWallet } from '../wallet.js';
import { outputTypeOf } from './request.js';
import { compareText, ensureUnlocked, needsPassphrase, onWallet, publicText, type WalletCommandSpec } from './wallet-command.js';

function switchedOn(value: JsonValue | undefined): boolean {
  return value !== undefined && asBoolean(value);
}

function hdKeys(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const options = call.has('options') ? call.object('options') : {};
  const activeOnly = switchedOn(options['active_only']);
  const showPrivate = switchedOn(options['private']);
  if (showPrivate) ensureUnlocked(wallet);
  const { keyring, context } = wallet;
  return hdKeysOf(activeOnly ? keyring.activeDescriptors : keyring.descriptors).map(({ node, descriptors }) => {
    const secret = showPrivate ? privateNode(keyring, node) : undefined;
    const listed = [...descriptors].map((descriptor) => ({ desc: publicText(wallet, descriptor), active: keyring.activity(descriptor) !== undefined }));
    return {
      xpub: encodeExtendedPublicKey(node, context.params),
      has_private: [...descriptors].some((descriptor) => holdsKeyOf(descriptor, node)),
      ...(secret === undefined ? {} : { xprv: encodeExtendedPrivateKey(secret, context.params) }),
      descriptors: listed.sort((a, b) => compareText(a.desc, b.desc)),
    };
  });
}

/** The key that new descriptors are made from: the one asked for, or the only one that active descriptors have. */
function chosenNode(wallet: LoadedWallet, value: JsonValue): ExtendedPublicKey {
  if (value !== null) {
    const node = decodeExtendedPublicKey(asString(value), wallet.context.params);
    if (node === undefined) throw rpcError('invalidAddressOrKey', 'Unable to parse HD key. Please provide a valid xpub');
    return node;
  }
  const [key, ...others] = hdKeysOf(wallet.keyring.activeDescriptors);
  if (key === undefined || others.length > 0) {
    throw rpcError('invalidAddressOrKey', "Unable to determine which HD key to use from active descriptors. Please specify with 'hdkey'");
  }
  return key.node;
}

function createDescriptors(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const type = outputTypeOf(call.string('type'));
  const options = call.has('options') ? call.object('options') : {};
  const internal = options['internal'] ?? null;
  const sides = internal === null ? [false, true] : [asBoolean(internal)];
  ensureUnlocked(wallet);
  const { keyring, context } = wallet;
  const node = chosenNode(wallet, options['hdkey'] ?? null);
  const root = privateNode(keyring, node);
  if (root === undefined) {
    throw rpcError('invalidAddressOrKey', `Private key for ${encodeExtendedPublicKey(node, context.params)} is not known`);
  }
  const missing = sides
    .map((side) => defaultDescriptor(root, type, side, context.params))
    .filter(({ descriptor }) => keyring.find(descriptorId(descriptor, context.params)) === undefined);
  if (missing.length === 0) throw rpcError('wallet', 'Descriptor already exists');
  const made: WalletDescriptor[] = wallet.change(() => {
    wallet.setFlag(WalletFlag.blank, false);
    const added = missing.map((each) => keyring.setUpDefault(each, BigInt(context.clock.now())));
    wallet.history.refreshOwned();
    return added;
  });
  wallet.events.canGetAddresses.emit();
  return { descs: made.map((descriptor) => publicText(wallet, descriptor)) };
}

/** Commands about the keys (BIP32) that a wallet's descriptors are made from. */
export function hdKeyCommands(registry: WalletRegistry): readonly CommandSpec[] {
  const specs: readonly WalletCommandSpec[] = [
    {
      name: 'gethdkeys',
      description: 'Lists the extended keys (BIP32) of the wallet, and which descriptors use them.',
      args: [
        {
          names: 'options',
          kind: 'named-options',
          help: '',
          inner: [
            { names: 'active_only', kind: 'boolean', default: false, help: 'Only keys of descriptors that new addresses come from.' },
            { names: 'private', kind: 'boolean', default: false, help: 'Show private keys.' },
          ],
        },
      ],
      result: `[                                (json array)
  {
    "xpub" : "str",
    "has_private" : true|false,    (boolean) Whether the wallet has its private key
    "xprv" : "str",                (string, optional)
    "descriptors" : [
      { "desc" : "str", "active" : true|false },
      ...
    ]
  },
  ...
]`,
      run: hdKeys,
    },
    {
      name: 'createwalletdescriptor',
      description: `Makes the descriptors for a kind of address that the wallet has none for yet.${needsPassphrase}`,
      args: [
        { names: 'type', kind: 'string', required: true, help: `One of ${outputTypes.map((type) => `"${type}"`).join(', ')}.` },
        {
          names: 'options',
          kind: 'named-options',
          help: '',
          inner: [
            { names: 'internal', kind: 'boolean', defaultHint: 'both', help: 'Only the one for change (true) or the one to be paid at (false).' },
            { names: 'hdkey', kind: 'string', defaultHint: 'the one that all active descriptors share', help: 'The extended public key, of those that gethdkeys lists, to make them from.' },
          ],
        },
      ],
      result: '{                         (json object)\n  "descs" : [ "str", ... ]    (json array) The new descriptors, without private keys\n}',
      run: createDescriptors,
    },
  ];
  return specs.map((spec) => onWallet(registry, spec));
}
