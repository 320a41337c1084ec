import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { parseAddressPurpose } from '../coins/address-book.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';
import { addressOf, labelOf } from './request.js';
import { onWallet, type WalletCommandSpec } from './wallet-command.js';

function setLabel(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const { scriptPubKey } = addressOf(wallet, call.string('address'));
  const label = labelOf(call.value('label'));
  const address = wallet.addressOf(scriptPubKey) ?? call.string('address');
  wallet.change(() => wallet.addressBook.set(address, label, wallet.keyring.isMine(scriptPubKey) ? 'receive' : 'send'));
  return null;
}

function listLabels(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const text = call.has('purpose') ? call.string('purpose') : undefined;
  const purpose = parseAddressPurpose(text);
  if (text !== undefined && text !== '' && purpose === undefined) {
    throw rpcError('invalidParameter', "Invalid 'purpose' argument, must be a known purpose string, typically 'send', or 'receive'.");
  }
  const labels = new Set<string>();
  for (const [, entry] of wallet.addressBook.entries()) {
    if (entry.label !== undefined && (purpose === undefined || entry.purpose === purpose)) labels.add(entry.label);
  }
  return [...labels].sort((a, b) => (a < b ? -1 : 1));
}

function addressesByLabel(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const label = labelOf(call.value('label'));
  const found = wallet.addressBook.entries().filter(([, entry]) => entry.label === label);
  if (found.length === 0) throw rpcError('walletInvalidLabelName', `No addresses with label ${label}`);
  return Object.fromEntries(found.map(([address, entry]) => [address, { purpose: entry.purpose ?? 'unknown' }]));
}

/** Commands about the labels of addresses. */
export function labelCommands(registry: WalletRegistry): readonly CommandSpec[] {
  const specs: readonly WalletCommandSpec[] = [
    {
      name: 'setlabel',
      description: 'Sets the label of an address.',
      args: [
        { names: 'address', kind: 'string', required: true, help: 'The address.' },
        { names: 'label', kind: 'string', required: true, help: 'The label.' },
      ],
      run: setLabel,
    },
    {
      name: 'listlabels',
      description: 'Lists all labels, or those of addresses with a purpose.',
      args: [{ names: 'purpose', kind: 'string', help: 'The purpose: "send" or "receive". Left out: any.' }],
      result: '[ "str", ... ]    (array of strings) The labels',
      run: listLabels,
    },
    {
      name: 'getaddressesbylabel',
      description: 'Lists the addresses under a label.',
      args: [{ names: 'label', kind: 'string', required: true, help: 'The label.' }],
      result: '{ "address": { "purpose": "str" }, ... }    (json object) Addresses with what they are for',
      run: addressesByLabel,
    },
  ];
  return specs.map((spec) => onWallet(registry, spec));
}
