import type { Destination } from '../../src-bitcoin/address/destination.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import type { Jsonable } from '../json/json.js';

/** What kind of address a destination has, as commands show it. */
export function describeDestination(destination: Destination): Record<string, Jsonable> {
  const witness = (version: number, program: Uint8Array): Record<string, Jsonable> => ({
    iswitness: true,
    witness_version: version,
    witness_program: toHex(program),
  });
  switch (destination.kind) {
    case 'pubkey':
      return {};
    case 'pubkeyhash':
      return { isscript: false, iswitness: false };
    case 'scripthash':
      return { isscript: true, iswitness: false };
    case 'witness_v0_keyhash':
      return { isscript: false, ...witness(0, destination.hash) };
    case 'witness_v0_scripthash':
      return { isscript: true, ...witness(0, destination.hash) };
    case 'witness_v1_taproot':
      return { isscript: true, ...witness(1, destination.outputKey) };
    case 'anchor':
      return { isscript: true, iswitness: true };
    case 'witness_unknown':
      return witness(destination.version, destination.program);
  }
}
