import { splitHostPort } from '../../src-bitcoin/address/net-address.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import type { BanList } from '../interfaces/node-program.js';
import { covers, normalizeSubnet } from '../net/ban-list.js';
import type { RpcContext } from './context.js';

const category = 'network';

function requireBans({ bans }: RpcContext): BanList {
  if (bans === undefined) throw rpcError('database', 'Error: Ban database not loaded');
  return bans;
}

function setBan(context: RpcContext, call: RpcCall): Jsonable {
  const bans = requireBans(context);
  const command = call.string('command');
  if (command !== 'add' && command !== 'remove') throw rpcError('misc', 'setban: the command is "add" or "remove"');
  const subnet = normalizeSubnet(call.string('subnet'));
  if (subnet === undefined) throw rpcError('clientInvalidIpOrSubnet', 'Error: Invalid IP/Subnet');
  if (command === 'remove') {
    if (bans.unban(subnet)) return null;
    const message = 'Error: Unban failed. Requested address/subnet was not previously manually banned.';
    throw rpcError('clientInvalidIpOrSubnet', message);
  }
  if (bans.list().some((ban) => ban.subnet === subnet)) {
    throw rpcError('clientNodeAlreadyAdded', 'Error: IP/Subnet already banned');
  }
  const time = Number(call.bigint('bantime'));
  const absolute = call.boolean('absolute');
  const now = context.clock.now();
  if (absolute && time < now) throw rpcError('invalidParameter', 'Error: Absolute timestamp is in the past');
  bans.ban(subnet, absolute ? time - now : time);
  for (const peer of context.network?.peers() ?? []) {
    if (covers(subnet, splitHostPort(peer.address).host)) context.network?.disconnectById(peer.id);
  }
  return null;
}

/** Commands about addresses that are not let in. */
export function banCommands(context: RpcContext): readonly CommandSpec[] {
  return [
    {
      name: 'listbanned',
      category,
      description: 'Returns the addresses and networks that are banned.',
      args: [],
      run: () => {
        const now = context.clock.now();
        return requireBans(context)
          .list()
          .map(({ subnet, created, until }) => ({
            address: subnet,
            ban_created: created,
            banned_until: until,
            ban_duration: until - created,
            time_remaining: until - now,
          }));
      },
    },
    {
      name: 'setban',
      category,
      description: 'Bans an address or network, or takes that back.',
      args: [
        { names: 'subnet', kind: 'string', required: true, help: 'The address, or IP network with the length of its prefix' },
        { names: 'command', kind: 'string', required: true, help: "'add' or 'remove'" },
        { names: 'bantime', kind: 'number', default: 0, help: 'Seconds, or with absolute the time of its end; 0 for the time of -bantime' },
        { names: 'absolute', kind: 'boolean', default: false, help: 'bantime is in seconds since 1970' },
      ],
      run: (call) => setBan(context, call),
    },
    {
      name: 'clearbanned',
      category,
      description: 'Takes all bans back.',
      args: [],
      run: () => {
        const bans = requireBans(context);
        for (const { subnet } of bans.list()) bans.unban(subnet);
        return null;
      },
    },
  ];
}
