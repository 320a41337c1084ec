import { toHex } from '../../src-bitcoin/bytes/hex.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import type { CommandSpec } from '../../src-interfaces/rpc/command.js';
import { amountJson } from '../../src-interfaces/rpc/values.js';
import { addressGroups, scriptBalances } from '../coins/address-groups.js';
import { amountContext } from '../interfaces/wallet-view.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';
import { onWallet } from './wallet-command.js';

function groupings(wallet: LoadedWallet): Jsonable {
  const balances = scriptBalances(wallet.coinContext);
  return addressGroups(amountContext(wallet)).map((group) =>
    group.map((script) => {
      const address = wallet.addressOf(script) ?? '';
      const label = wallet.addressBook.get(address)?.label;
      return [address, amountJson(balances.get(toHex(script)) ?? 0n), ...(label === undefined ? [] : [label])];
    }),
  );
}

/** Commands about which addresses others can tell belong together. */
export function groupingCommands(registry: WalletRegistry): readonly CommandSpec[] {
  return [
    onWallet(registry, {
      name: 'listaddressgroupings',
      description: 'Lists the addresses of the wallet that were paid, together those that others can tell have one owner: they were spent in one transaction, or got its change.',
      args: [],
      result: `[                  (json array)
  [                (json array) Addresses that belong together
    [
      "str",       (string) The address
      n,           (numeric) What it holds, BTC
      "str"        (string, optional) Its label
    ],
    ...
  ],
  ...
]`,
      synced: true,
      run: groupings,
    }),
  ];
}
