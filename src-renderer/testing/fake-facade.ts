/**
 * A bridge without main: the same schema, the same argument checks, a small world in memory. UI tests
 * and the development page use it; production builds leave it out.
 */
import { bindFacade, facadeCalls, refusal } from '../../src-interfaces/facade-bind.js';
import type { Facade, FacadeHandlers } from '../../src-interfaces/facade.js';
import { done, later } from './fake-answers.js';
import { fakeNodeHandlers } from './fake-node-handlers.js';
import { bad, good } from './fake-wallet.js';
import { fakeWalletHandlers, fakeWalletsHandlers } from './fake-wallet-handlers.js';
import { FakeWorld, type FakeOptions } from './fake-world.js';

function handlersOf(world: FakeWorld): FacadeHandlers {
  const slow = world.options.delay ?? 0;
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
    node: fakeNodeHandlers(world),
    wallets: fakeWalletsHandlers(world),
    wallet: fakeWalletHandlers(world),
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
