import type { FacadeHandlers } from '../../../src-interfaces/facade.js';
import { RpcFailure } from '../../../src-interfaces/errors.js';
import { serializeNetAddress, splitHostPort } from '../../../src-bitcoin/address/net-address.js';
import { OutputType } from '../../../src-interfaces/enums.js';
import { chainParams } from '../../../src-bitcoin/params/networks.js';
import type { Application } from '../../application.js';
import { addressText } from '../../session/destinations.js';
import { runConsoleLine } from '../console.js';
import { FacadeFailure, ok } from '../facade-failure.js';

/** The path that makes a command act on one wallet. */
const walletPath = (wallet: string | undefined): string => (wallet === undefined ? '' : `/wallet/${encodeURIComponent(wallet)}`);

export function nodeHandlers(application: Application): FacadeHandlers['node'] {
  const node = (): Application['node']['node'] => application.node.node;
  return {
    async watch({ on }) {
      application.node.watch(on);
      return ok(null);
    },
    async mine({ wallet, blocks }) {
      if (application.network !== 'regtest') throw new FacadeFailure('unsupported', 'Blocks can be mined at will on the practice network only.');
      const made = await application.wallets.get(wallet).wallet.getNewDestination(OutputType.bech32, '');
      if (made.error !== undefined) throw new FacadeFailure('rejected', made.error.translated || made.error.original);
      const address = addressText(made.value, chainParams(application.network));
      const hashes: unknown = JSON.parse(await node().executeRpc('generatetoaddress', JSON.stringify([blocks, address]), ''));
      return ok({ hashes: Array.isArray(hashes) ? hashes.map(String) : [] });
    },
    async setNetworkActive({ active }) {
      await node().setNetworkActive(active);
      return ok(null);
    },
    async disconnect({ peer }) {
      if (!(await node().disconnectById(BigInt(peer)))) throw new FacadeFailure('not-found', 'That peer is no longer connected.', { field: 'peer' });
      return ok(null);
    },
    async ban({ address, seconds }) {
      const { host } = splitHostPort(address);
      const bytes = serializeNetAddress(host);
      if (!(await node().ban(bytes, BigInt(seconds)))) throw new FacadeFailure('rejected', 'The node could not ban that address.', { field: 'address' });
      await node().disconnectByAddress(bytes);
      return ok(null);
    },
    async unban({ subnet }) {
      if (!(await node().unban(new TextEncoder().encode(subnet)))) throw new FacadeFailure('not-found', 'That address is not banned.', { field: 'subnet' });
      return ok(null);
    },
    async execute({ line, wallet }) {
      const uri = walletPath(wallet === undefined ? undefined : application.walletTitle(wallet));
      try {
        return ok({ json: await runConsoleLine(line, (method, params) => application.node.command(method, params, uri)) });
      } catch (error) {
        if (error instanceof RpcFailure) throw new FacadeFailure('rpc', error.message, { details: error.json, cause: error });
        throw error;
      }
    },
    commands: async () => ok([...(await node().listRpcCommands())].sort()),
  };
}
