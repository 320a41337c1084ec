/** The wallets of the fake bridge. */
import type { FacadeHandlers } from '../../src-interfaces/facade.js';
import { later, withWallet } from './fake-answers.js';
import { bad, good, type FakeWallet } from './fake-wallet.js';
import { oldWallet, type FakeWorld } from './fake-world.js';

const RATES: Readonly<Record<number, number>> = { 2: 14.2, 6: 6.1, 144: 1.2 };

export function fakeWalletsHandlers(world: FakeWorld): FacadeHandlers['wallets'] {
  const slow = world.options.delay ?? 0;
  return {
    directory: () => Promise.resolve(good(world.files)),
    create: ({ name, passphrase }) => {
      if (world.files.some((file) => file.name === name)) return Promise.resolve(bad('already-exists', 'There is already a wallet by this name.', 'name'));
      if (name.includes('/')) return Promise.resolve(bad('invalid-argument', 'A name cannot contain a slash.', 'name'));
      return later(slow, () => {
        const wallet = world.addWallet(name);
        wallet.passphrase = passphrase;
        wallet.locked = passphrase !== '';
        world.pushWallets();
        return good({ name, warnings: [] });
      });
    },
    open: ({ name }) => {
      if (!world.files.some((file) => file.name === name)) return Promise.resolve(bad('not-found', 'There is no wallet by this name.', 'name'));
      return later(slow, () => {
        world.addWallet(name);
        world.pushWallets();
        return good({ name, warnings: [] });
      });
    },
    isEncrypted: ({ name }) => Promise.resolve(good(name === oldWallet.name || world.wallets.get(name)?.passphrase !== '')),
    migrate: ({ name, passphrase }) => {
      if (passphrase !== oldWallet.passphrase) return Promise.resolve(bad('wrong-passphrase', 'The passphrase is wrong.', 'passphrase'));
      return later(slow, () => {
        const watchonly = `${name}_watchonly`;
        for (const made of [name, watchonly]) world.addWallet(made);
        world.pushWallets();
        return good({ name, watchonly, solvables: null, backup: `/home/ada/.bulkhead/wallets/${name}_1700000000.legacy.bak` });
      });
    },
    close: ({ name }) =>
      withWallet(world, name, () => {
        world.wallets.delete(name);
        world.files = world.files.map((file) => (file.name === name ? { ...file, loaded: false } : file));
        world.pushWallets();
        return good(null);
      }),
    encrypt: ({ name, passphrase }) =>
      withWallet(world, name, (wallet) => {
        wallet.passphrase = passphrase;
        wallet.locked = true;
        world.push('wallets.state', wallet.state);
        return good(null);
      }),
    unlock: ({ name, passphrase }) =>
      withWallet(world, name, (wallet) => {
        if (wallet.passphrase !== passphrase) return bad('wrong-passphrase', 'This is not the passphrase of the wallet.', 'passphrase');
        wallet.locked = false;
        world.push('wallets.state', wallet.state);
        return good(null);
      }),
    lock: ({ name }) =>
      withWallet(world, name, (wallet) => {
        wallet.locked = true;
        world.push('wallets.state', wallet.state);
        return good(null);
      }),
    changePassphrase: (args) =>
      withWallet(world, args.name, (wallet) => {
        if (wallet.passphrase !== args.old) return bad('wrong-passphrase', 'This is not the passphrase of the wallet.', 'old');
        wallet.passphrase = args.new;
        return good(null);
      }),
    backup: ({ name }) => withWallet(world, name, () => good({ path: `/home/ada/${name}.dat` })),
    restore: ({ name }) => {
      world.addWallet(name);
      world.pushWallets();
      return Promise.resolve(good({ name, warnings: [], isOld: false }));
    },
  };
}

export function fakeWalletHandlers(world: FakeWorld): FacadeHandlers['wallet'] {
  const slow = world.options.delay ?? 0;
  const pushRequests = (wallet: FakeWallet): void => world.push('wallet.requests', { wallet: wallet.name, requests: wallet.requests });
  return {
    transactions: (args) => withWallet(world, args.wallet, (wallet) => good(wallet.page(args, world.snapshot().sequence))),
    transaction: ({ wallet: name, txid }) =>
      withWallet(world, name, (wallet) => {
        const details = wallet.details(txid);
        return details === undefined ? bad('not-found', 'This transaction is not in the wallet.') : good(details);
      }),
    exportCsv: (args) => withWallet(world, args.wallet, (wallet) => good({ path: `/home/ada/${wallet.name}.csv`, rows: wallet.matching(args).length })),
    setLabel: ({ wallet: name, address, label }) =>
      withWallet(world, name, (wallet) => {
        world.push('wallet.transactions', { wallet: name, rows: wallet.setLabel(address, label), removed: [] });
        return good(null);
      }),
    addresses: ({ wallet: name }) => withWallet(world, name, (wallet) => good(wallet.requests.map((one) => ({ address: one.address, label: one.label, purpose: 'receive' as const })))),
    freshRequest: ({ wallet: name }) =>
      withWallet(world, name, (wallet) => {
        const known = wallet.requests.find((one) => one.received === 0n && one.label === '' && one.amount === null && one.message === '');
        if (known !== undefined) return good(known);
        const made = wallet.request('bech32', world.now);
        wallet.requests = [made, ...wallet.requests];
        return good(made);
      }),
    requests: ({ wallet: name }) => withWallet(world, name, (wallet) => good(wallet.requests)),
    createRequest: (args) =>
      withWallet(world, args.wallet, (wallet) => {
        const made = wallet.request(args.type, world.now);
        wallet.requests = [made, ...wallet.requests];
        pushRequests(wallet);
        return good(made);
      }),
    updateRequest: (args) =>
      withWallet(world, args.wallet, (wallet) => {
        const changed = wallet.change(args.id, { label: args.label, message: args.message, amount: args.amount ?? null });
        pushRequests(wallet);
        return changed === undefined ? bad('not-found', 'This request is gone.') : good(changed);
      }),
    removeRequest: (args) =>
      withWallet(world, args.wallet, (wallet) => {
        wallet.requests = wallet.requests.filter((one) => one.id !== args.id);
        pushRequests(wallet);
        return good(null);
      }),
    parseRecipient: ({ wallet: name, text }) =>
      withWallet(world, name, (wallet) => {
        const found = /(?:bitcoin:)?((?:bc1|tb1|bcrt1)[a-z0-9]{20,90}|[13mn2][a-km-zA-HJ-NP-Z1-9]{25,34})(?:\?([^\s]*))?/i.exec(text);
        const address = found?.[1];
        if (address === undefined) return bad('invalid-address', 'No Bitcoin address was found in this text.', 'text');
        const lower = address.toLowerCase();
        const prefix = wallet.network === 'main' ? 'bc1' : wallet.network === 'regtest' ? 'bcrt1' : 'tb1';
        if (/^(bc1|tb1|bcrt1)/.test(lower) && !lower.startsWith(prefix)) return bad('wrong-network', 'This address belongs to another network.', 'text');
        const parameters = new URLSearchParams(found?.[2] ?? '');
        const amount = parameters.get('amount');
        return good({
          address,
          amount: amount === null ? null : BigInt(Math.round(Number(amount) * 1e8)),
          label: parameters.get('label') ?? '',
          message: parameters.get('message') ?? '',
          mine: wallet.requests.some((one) => one.address === address),
        });
      }),
    feeEstimates: ({ targets }) => Promise.resolve(good(targets.map((blocks) => ({ blocks, rate: RATES[blocks] ?? 3, source: world.app.network === 'regtest' ? ('fallback' as const) : ('estimate' as const) })))),
    coins: ({ wallet: name }) => withWallet(world, name, (wallet) => good(wallet.coins)),
    lockCoin: (args) =>
      withWallet(world, args.wallet, (wallet) => {
        wallet.coins = wallet.coins.map((coin) => (coin.txid === args.txid && coin.vout === args.vout ? { ...coin, locked: args.locked } : coin));
        world.push('wallet.coins', { wallet: wallet.name });
        return good(null);
      }),
    prepare: async (args) => {
      await later(slow, () => null);
      return withWallet(world, args.wallet, (wallet) => wallet.prepare(args));
    },
    prepareBump: (args) =>
      withWallet(world, args.wallet, (wallet) => {
        const row = wallet.rows.find((one) => one.txid === args.txid);
        return row === undefined ? bad('not-found', 'This transaction is not in the wallet.') : wallet.prepareBump(row, args.feeRate ?? 10);
      }),
    confirm: async (args) => {
      await later(slow, () => null);
      return withWallet(world, args.wallet, (wallet) => {
        const sent = wallet.confirm(args.draft, args.passphrase, world.now);
        if (!sent.ok) return sent;
        world.push('wallet.transactions', { wallet: wallet.name, rows: [sent.value], removed: [] });
        world.push('wallets.state', wallet.state);
        world.push('wallet.coins', { wallet: wallet.name });
        return good({ txid: sent.value.txid });
      });
    },
    discard: (args) =>
      withWallet(world, args.wallet, (wallet) => {
        wallet.discard(args.draft);
        return good(null);
      }),
    abandon: (args) =>
      withWallet(world, args.wallet, (wallet) => {
        wallet.rows = wallet.rows.map((row) => (row.txid === args.txid ? { ...row, status: 'abandoned' } : row));
        world.push('wallet.transactions', { wallet: wallet.name, rows: wallet.rows.filter((row) => row.txid === args.txid), removed: [] });
        return good(null);
      }),
  };
}
