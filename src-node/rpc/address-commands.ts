import { decodeAddress, encodeAddress, encodeDestination } from '../../src-bitcoin/address/address.js';
import { destinationOf } from '../../src-bitcoin/address/destination.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { isRanged, isSolvable, type Descriptor } from '../../src-bitcoin/descriptor/descriptor.js';
import { descriptorChecksum } from '../../src-bitcoin/descriptor/checksum.js';
import { expandDescriptor } from '../../src-bitcoin/descriptor/expand.js';
import { parseDescriptor, type ParsedDescriptor } from '../../src-bitcoin/descriptor/parse.js';
import { printDescriptor } from '../../src-bitcoin/descriptor/print.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { parseDescriptorRange } from '../../src-interfaces/rpc/descriptor-range.js';
import { describeDestination } from '../../src-interfaces/rpc/destination-json.js';
import type { RpcContext } from './context.js';
import { Turns } from './turns.js';

const category = 'util';

/** What addresses and descriptors need to be read: nothing of the chain but its parameters. */
type AddressContext = Pick<RpcContext, 'stopping'> & { readonly chainstate: Pick<RpcContext['chainstate'], 'params'> };

function validateAddress(params: ChainParams, call: RpcCall): Jsonable {
  const decoded = decodeAddress(call.string('address'), params);
  if (!decoded.ok) return { isvalid: false, error_locations: decoded.locations, error: decoded.error };
  return {
    isvalid: true,
    address: encodeDestination(decoded.destination, params),
    scriptPubKey: toHex(decoded.scriptPubKey),
    ...describeDestination(decoded.destination),
  };
}

function parsedDescriptor(text: string, params: ChainParams, requireChecksum: boolean): ParsedDescriptor & { ok: true } {
  const parsed = parseDescriptor(text, params, { requireChecksum });
  if (!parsed.ok) throw rpcError('invalidAddressOrKey', parsed.error);
  return parsed;
}

function descriptorInfo(params: ChainParams, call: RpcCall): Jsonable {
  const text = call.string('descriptor');
  const parsed = parsedDescriptor(text, params, false);
  const [first] = parsed.descriptors;
  const printed = parsed.descriptors.map((descriptor) => printDescriptor(descriptor, params));
  return {
    descriptor: printed[0],
    multipath_expansion: printed.length > 1 ? printed : undefined,
    checksum: descriptorChecksum(text.split('#')[0] ?? '') ?? '',
    isrange: isRanged(first),
    issolvable: isSolvable(first),
    hasprivatekeys: parsed.secrets.size > 0,
  };
}

async function derive(descriptor: Descriptor, low: bigint, high: bigint, parsed: ParsedDescriptor & { ok: true }, params: ChainParams, turns: Turns): Promise<readonly string[]> {
  const addresses: string[] = [];
  for (let i = Number(low); i <= Number(high); i++) {
    await turns.pause();
    const scripts = expandDescriptor(descriptor, i, { secrets: parsed.secrets });
    if (scripts === undefined) throw rpcError('invalidAddressOrKey', 'Cannot derive script without private keys');
    for (const script of scripts) {
      const address = encodeAddress(script, params);
      if (address !== undefined) addresses.push(address);
      // combo() holds a bare key too, which has no address.
      else if (scripts.length === 1 || destinationOf(script)?.kind !== 'pubkey') {
        throw rpcError('invalidAddressOrKey', 'Descriptor does not have a corresponding address');
      }
    }
  }
  return addresses;
}

async function deriveAddresses({ chainstate: { params }, stopping }: AddressContext, call: RpcCall): Promise<Jsonable> {
  const range = call.has('range') ? parseDescriptorRange(call.value('range')) : undefined;
  const parsed = parsedDescriptor(call.string('descriptor'), params, true);
  const [first] = parsed.descriptors;
  if (!isRanged(first) && range !== undefined) {
    throw rpcError('invalidParameter', 'Range should not be specified for an un-ranged descriptor');
  }
  if (isRanged(first) && range === undefined) {
    throw rpcError('invalidParameter', 'Range must be specified for a ranged descriptor');
  }
  const { low, high } = range ?? { low: 0n, high: 0n };
  const turns = new Turns(stopping);
  const lists: (readonly string[])[] = [];
  for (const descriptor of parsed.descriptors) lists.push(await derive(descriptor, low, high, parsed, params, turns));
  return lists.length === 1 ? (lists[0] ?? []) : lists;
}

/** Commands about addresses and descriptors that need neither chain nor wallet. */
export function addressCommands(context: AddressContext): readonly CommandSpec[] {
  const { params } = context.chainstate;
  const descriptorArgument = { names: 'descriptor', kind: 'string', required: true, help: 'The descriptor' } as const;
  return [
    {
      name: 'validateaddress',
      category,
      description: 'Tells whether an address is one of this network, and what kind.',
      args: [{ names: 'address', kind: 'string', required: true, help: 'The address' }],
      run: (call) => validateAddress(params, call),
    },
    {
      name: 'getdescriptorinfo',
      category,
      description: 'Returns a descriptor in canonical form, its checksum, and what it is.',
      args: [descriptorArgument],
      run: (call) => descriptorInfo(params, call),
    },
    {
      name: 'deriveaddresses',
      category,
      description: 'Returns the addresses of a descriptor.',
      args: [
        descriptorArgument,
        { names: 'range', kind: 'range', help: 'Of a ranged descriptor: the last index, or the first and the last.' },
      ],
      run: (call) => deriveAddresses(context, call),
    },
  ];
}
