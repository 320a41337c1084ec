/** The node of the fake bridge. */
import type { FacadeHandlers } from '../../src-interfaces/facade.js';
import { done, later } from './fake-answers.js';
import { bad, good } from './fake-wallet.js';
import type { FakeWorld } from './fake-world.js';

const COMMANDS = ['echo', 'estimatesmartfee', 'getbalance', 'getbalances', 'getbestblockhash', 'getblock', 'getblockchaininfo', 'getblockcount', 'getblockhash', 'getblockheader', 'getmempoolinfo', 'getnetworkinfo', 'getnewaddress', 'getpeerinfo', 'getrawmempool', 'gettransaction', 'getwalletinfo', 'help', 'listtransactions', 'listunspent', 'sendtoaddress', 'uptime', 'validateaddress', 'walletpassphrase'];

export function fakeNodeHandlers(world: FakeWorld): FacadeHandlers['node'] {
  const slow = world.options.delay ?? 0;
  let sampler: ReturnType<typeof setInterval> | undefined;
  return {
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
  };
}
