/**
 * A bridge without main: the same schema, the same argument checks, a small world in memory. UI tests
 * and the development page use it; production builds leave it out.
 */
import { bindFacade, facadeCalls, refusal } from '../../src-interfaces/facade-bind.js';
import type { Facade, FacadeHandlers, FacadeResult } from '../../src-interfaces/facade.js';
import { bad, good, type FakeWallet } from './fake-wallet.js';
import { FakeWorld, type FakeOptions } from './fake-world.js';

const COMMANDS = ['echo', 'estimatesmartfee', 'getbalance', 'getbalances', 'getbestblockhash', 'getblock', 'getblockchaininfo', 'getblockcount', 'getblockhash', 'getblockheader', 'getmempoolinfo', 'getnetworkinfo', 'getnewaddress', 'getpeerinfo', 'getrawmempool', 'gettransaction', 'getwalletinfo', 'help', 'listtransactions', 'listunspent', 'sendtoaddress', 'uptime', 'validateaddress', 'walletpassphrase'];
const RATES: Readonly<Record<number, number>> = { 2: 14.2, 6: 6.1, 144: 1.2 };

function handlersOf(world: FakeWorld): FacadeHandlers {
  const done = () => Promise.resolve(good(null));
  const withWallet = <T>(name: string, act: (wallet: FakeWallet) => ReturnType<typeof bad> | { readonly ok: true; readonly value: T }): FacadeResult<T> => {
    const wallet = world.walletsGone ? undefined : world.wallets.get(name);
    if (world.walletsGone) return Promise.resolve(bad('disconnected', 'The wallet is not running.'));
    return Promise.resolve(wallet === undefined ? bad('not-found', 'This wallet is not open.') : act(wallet));
  };
  const later = <T>(milliseconds: number, act: () => T): Promise<T> => new Promise((resolve) => setTimeout(() => resolve(act()), milliseconds));
  const slow = world.options.delay ?? 0;
  const pushRequests = (wallet: FakeWallet): void => world.push('wallet.requests', { wallet: wallet.name, requests: wallet.requests });
  let sampler: ReturnType<typeof setInterval> | undefined;

  return {
    app: {
      snapshot: () => Promise.resolve(good(world.snapshot())),
      configure: (args) => {
        if (!args.datadir.startsWith('/')) return Promise.resolve(bad('invalid-argument', 'Give the whole path, starting with a slash.', 'datadir'));
        if (args.attachAddress !== '' && !/^(unix:|ssh:\/\/)/.test(args.attachAddress)) return Promise.resolve(bad('invalid-argument', 'An attach address looks like unix:/path/to/node.sock or ssh://user@host.', 'attachAddress'));
        return later(slow, () => {
          const fresh = new FakeWorld({ scenario: 'new' });
          world.node = fresh.node;
          world.setApp({ phase: 'ready', network: args.network, datadir: args.datadir, attachAddress: args.attachAddress, firstRun: null, settings: { ...world.app.settings, keepRunning: args.keepRunning, page: 'overview' } });
          world.push('node.state', world.node);
          world.pushWallets();
          return good(null);
        });
      },
      pickDirectory: () => Promise.resolve(good({ path: '/media/ada/Archive/bulkhead', freeBytes: 1_900_000_000_000 })),
      setSettings: (args) => {
        world.setApp({ settings: { ...world.app.settings, ...args } });
        return done();
      },
      answer: ({ accept, text }) => {
        world.answers.push(text ?? accept ?? null);
        world.setApp({ question: null });
        return done();
      },
      openLog: done,
      quit: () => {
        world.setApp({ phase: 'stopping' });
        return done();
      },
    },
    compartments: {
      restart: ({ compartment }) => {
        world.restart(compartment, Math.max(200, slow));
        return done();
      },
      watch: done,
    },
    node: {
      watch: ({ on }) => {
        clearInterval(sampler);
        if (on && world.app.network === 'main') {
          sampler = setInterval(() => {
            const last = world.node?.traffic.at(-1);
            if (world.node === null || last === undefined) return;
            const sample = { timeMilliseconds: Date.now(), receivedBytes: last.receivedBytes + 8_000 + world.dice.below(40_000), sentBytes: last.sentBytes + 5_000 + world.dice.below(20_000) };
            world.node = { ...world.node, traffic: [...world.node.traffic, sample].slice(-600) };
            world.push('node.traffic', sample);
          }, 1000);
        }
        return done();
      },
      mine: ({ wallet, blocks }) => (world.app.network === 'regtest' ? later(slow, () => good({ hashes: world.mine(blocks, wallet) })) : Promise.resolve(bad('unsupported', 'Only on the practice network.'))),
      setNetworkActive: ({ active }) => {
        if (world.node !== null) {
          world.node = { ...world.node, network: { ...world.node.network, active, ...(active ? {} : { inbound: 0, outbound: 0 }) }, peers: active ? world.node.peers : [] };
          world.push('node.network', world.node.network);
          world.push('node.peers', world.node.peers);
        }
        return done();
      },
      disconnect: ({ peer }) => {
        if (world.node !== null) {
          world.node = { ...world.node, peers: world.node.peers.filter((one) => one.id !== peer) };
          world.push('node.peers', world.node.peers);
        }
        return done();
      },
      ban: ({ address, seconds }) => {
        if (world.node !== null) {
          const bans = [...world.node.bans, { subnet: `${address.replace(/:\d+$/, '')}/32`, until: Math.floor(world.now + seconds) }];
          world.node = { ...world.node, bans, peers: world.node.peers.filter((one) => one.address !== address) };
          world.push('node.bans', bans);
          world.push('node.peers', world.node.peers);
        }
        return done();
      },
      unban: ({ subnet }) => {
        if (world.node !== null) {
          world.node = { ...world.node, bans: world.node.bans.filter((ban) => ban.subnet !== subnet) };
          world.push('node.bans', world.node.bans);
        }
        return done();
      },
      execute: ({ line }) => {
        const [command = '', first] = line.trim().split(/[\s(]+/);
        const sync = world.node?.sync;
        if (command === 'getblockcount') return Promise.resolve(good({ json: String(sync?.height ?? 0) }));
        if (command === 'getbalance') return Promise.resolve(good({ json: '1.28340021' }));
        if (command === 'help') return Promise.resolve(good({ json: JSON.stringify(`== Blockchain ==\n${COMMANDS.join('\n')}`) }));
        if (command === 'echo') return Promise.resolve(good({ json: JSON.stringify([first]) }));
        if (command === 'getblockchaininfo') {
          return Promise.resolve(good({ json: `{"chain":"${world.app.network ?? ''}","blocks":${sync?.height ?? 0},"headers":${sync?.headers ?? 0},"bestblockhash":"${sync?.tipHash ?? ''}","difficulty":4.656542373906925e-10,"verificationprogress":${sync?.progress ?? 0},"initialblockdownload":false,"size_on_disk":110342,"pruned":false,"warnings":[]}` }));
        }
        if (COMMANDS.includes(command)) return Promise.resolve(good({ json: '{}' }));
        const error = { code: 'rpc' as const, message: 'Method not found', details: '{"code":-32601,"message":"Method not found"}' };
        return Promise.resolve({ ok: false, error });
      },
      commands: () => Promise.resolve(good(COMMANDS)),
    },
    wallets: {
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
      close: ({ name }) =>
        withWallet(name, () => {
          world.wallets.delete(name);
          world.files = world.files.map((file) => (file.name === name ? { ...file, loaded: false } : file));
          world.pushWallets();
          return good(null);
        }),
      encrypt: ({ name, passphrase }) =>
        withWallet(name, (wallet) => {
          wallet.passphrase = passphrase;
          wallet.locked = true;
          world.push('wallets.state', wallet.state);
          return good(null);
        }),
      unlock: ({ name, passphrase }) =>
        withWallet(name, (wallet) => {
          if (wallet.passphrase !== passphrase) return bad('wrong-passphrase', 'This is not the passphrase of the wallet.', 'passphrase');
          wallet.locked = false;
          world.push('wallets.state', wallet.state);
          return good(null);
        }),
      lock: ({ name }) =>
        withWallet(name, (wallet) => {
          wallet.locked = true;
          world.push('wallets.state', wallet.state);
          return good(null);
        }),
      changePassphrase: (args) =>
        withWallet(args.name, (wallet) => {
          if (wallet.passphrase !== args.old) return bad('wrong-passphrase', 'This is not the passphrase of the wallet.', 'old');
          wallet.passphrase = args.new;
          return good(null);
        }),
      backup: ({ name }) => withWallet(name, () => good({ path: `/home/ada/${name}.dat` })),
      restore: ({ name }) => {
        world.addWallet(name);
        world.pushWallets();
        return Promise.resolve(good({ name, warnings: [] }));
      },
    },
    wallet: {
      transactions: (args) => withWallet(args.wallet, (wallet) => good(wallet.page(args, world.snapshot().sequence))),
      transaction: ({ wallet: name, txid }) =>
        withWallet(name, (wallet) => {
          const details = wallet.details(txid);
          return details === undefined ? bad('not-found', 'This transaction is not in the wallet.') : good(details);
        }),
      exportCsv: (args) => withWallet(args.wallet, (wallet) => good({ path: `/home/ada/${wallet.name}.csv`, rows: wallet.matching(args).length })),
      setLabel: ({ wallet: name, address, label }) =>
        withWallet(name, (wallet) => {
          world.push('wallet.transactions', { wallet: name, rows: wallet.setLabel(address, label), removed: [] });
          return good(null);
        }),
      addresses: ({ wallet: name }) => withWallet(name, (wallet) => good(wallet.requests.map((one) => ({ address: one.address, label: one.label, purpose: 'receive' as const })))),
      freshRequest: ({ wallet: name }) =>
        withWallet(name, (wallet) => {
          const known = wallet.requests.find((one) => one.received === 0n && one.label === '' && one.amount === null && one.message === '');
          if (known !== undefined) return good(known);
          const made = wallet.request('bech32', world.now);
          wallet.requests = [made, ...wallet.requests];
          return good(made);
        }),
      requests: ({ wallet: name }) => withWallet(name, (wallet) => good(wallet.requests)),
      createRequest: (args) =>
        withWallet(args.wallet, (wallet) => {
          const made = wallet.request(args.type, world.now);
          wallet.requests = [made, ...wallet.requests];
          pushRequests(wallet);
          return good(made);
        }),
      updateRequest: (args) =>
        withWallet(args.wallet, (wallet) => {
          const changed = wallet.change(args.id, { label: args.label, message: args.message, amount: args.amount ?? null });
          pushRequests(wallet);
          return changed === undefined ? bad('not-found', 'This request is gone.') : good(changed);
        }),
      removeRequest: (args) =>
        withWallet(args.wallet, (wallet) => {
          wallet.requests = wallet.requests.filter((one) => one.id !== args.id);
          pushRequests(wallet);
          return good(null);
        }),
      parseRecipient: ({ wallet: name, text }) =>
        withWallet(name, (wallet) => {
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
      coins: ({ wallet: name }) => withWallet(name, (wallet) => good(wallet.coins)),
      lockCoin: (args) =>
        withWallet(args.wallet, (wallet) => {
          wallet.coins = wallet.coins.map((coin) => (coin.txid === args.txid && coin.vout === args.vout ? { ...coin, locked: args.locked } : coin));
          world.push('wallet.coins', { wallet: wallet.name });
          return good(null);
        }),
      prepare: async (args) => {
        await later(slow, () => null);
        return withWallet(args.wallet, (wallet) => wallet.prepare(args));
      },
      prepareBump: (args) =>
        withWallet(args.wallet, (wallet) => {
          const row = wallet.rows.find((one) => one.txid === args.txid);
          return row === undefined ? bad('not-found', 'This transaction is not in the wallet.') : wallet.prepareBump(row, args.feeRate ?? 10);
        }),
      confirm: async (args) => {
        await later(slow, () => null);
        return withWallet(args.wallet, (wallet) => {
          const sent = wallet.confirm(args.draft, args.passphrase, world.now);
          if (!sent.ok) return sent;
          world.push('wallet.transactions', { wallet: wallet.name, rows: [sent.value], removed: [] });
          world.push('wallets.state', wallet.state);
          world.push('wallet.coins', { wallet: wallet.name });
          return good({ txid: sent.value.txid });
        });
      },
      discard: (args) =>
        withWallet(args.wallet, (wallet) => {
          wallet.discard(args.draft);
          return good(null);
        }),
      abandon: (args) =>
        withWallet(args.wallet, (wallet) => {
          wallet.rows = wallet.rows.map((row) => (row.txid === args.txid ? { ...row, status: 'abandoned' } : row));
          world.push('wallet.transactions', { wallet: wallet.name, rows: wallet.rows.filter((row) => row.txid === args.txid), removed: [] });
          return good(null);
        }),
    },
  };
}

export interface FakeBridge {
  readonly facade: Facade;
  /** The world behind it, for tests that crash something or mine. */
  readonly world: FakeWorld;
}

/** A bridge over a fresh world. Values cross a structured clone, as they do between processes. */
export function createFakeFacade(options: FakeOptions): FakeBridge {
  const world = new FakeWorld(options);
  const handlers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = handlersOf(world);
  const entries = new Map(facadeCalls().map((entry) => [entry.channel, entry]));
  const invoke = async (channel: string, args: unknown): Promise<unknown> => {
    const entry = entries.get(channel);
    if (entry === undefined) throw new Error(`no such call: ${channel}`);
    world.calls.push(channel);
    const copy: unknown = structuredClone(args);
    const refused = refusal(entry, copy);
    if (refused !== undefined) {
      console.error(channel, refused);
      return refused;
    }
    const handler = handlers[entry.group]?.[entry.name];
    if (typeof handler !== 'function') throw new Error(`no handler: ${channel}`);
    const answer: unknown = await handler(copy);
    return structuredClone(answer);
  };
  const facade = bindFacade(invoke, (listener) => world.subscribe((event) => queueMicrotask(() => listener(structuredClone(event)))));
  return { facade, world };
}
