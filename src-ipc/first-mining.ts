/** Mining of Bitcoin Core 30: the first release that served it made it in another slot of Init than all later ones. */
import type { Init } from '../src-interfaces/generated/init.js';
import type { Mining } from '../src-interfaces/generated/mining.js';
import { miningInterface } from './generated/mining.js';
import { at, capability, nothing, nullable, only } from './proxy/codec.js';
import { method } from './proxy/interface.js';
import { remoteOf } from './proxy/remote.js';

const makeMining = method({ id: 0x8838c700ba5cba65n, name: 'Init' }, 2, 'makeMining', {
  params: nothing(0, 1),
  results: only(0, 1, 'result', at(0, nullable(capability(() => miningInterface)))),
  context: 0,
});

/**
 * Asks a node of that release for its Mining, whose tips and waits are those of later ones. Undefined when `init` is
 * not an object of another process. Others than Bitcoin Core 30 fail the call.
 */
export async function makeFirstMining(init: Init): Promise<Mining | undefined> {
  return remoteOf(init)?.call(makeMining, undefined);
}
