/** Telling the two generations of programs apart that use one slot of Init for different things. */
import { ifImplemented } from '../src-interfaces/errors.js';
import type { Init } from '../src-interfaces/generated/init.js';

/**
 * Whether a program answers JSON-RPC over its socket. Those of Bitcoin Core's multiprocess branch do not: the slot of
 * Init that makes an Rpc makes a Chain there, which knows none of its methods. Harms no program, starting or not.
 */
export async function answersJsonRpc(init: Init): Promise<boolean> {
  const rpc = await ifImplemented(init.makeRpc());
  return rpc !== undefined && (await ifImplemented(rpc.executeRpc('[]', '/', ''))) !== undefined;
}
