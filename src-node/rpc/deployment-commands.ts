import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { DeploymentStates, neverActive } from '../../src-bitcoin/consensus/versionbits.js';
import type { Deployment } from '../../src-bitcoin/params/chain-params.js';
import { scriptFlagNames } from '../../src-bitcoin/script/flags.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import type { CommandSpec } from '../../src-interfaces/rpc/command.js';
import { blockScriptFlags } from '../kernel/deployments.js';
import type { BlockIndex } from '../kernel/types.js';
import { namedBlock } from './chain-commands.js';
import type { RpcContext } from './context.js';

/** A rule that holds from a height on; reported as active when the block after it must follow it. */
function buriedJson(height: number, block: BlockIndex): Jsonable {
  return { type: 'buried', active: block.height + 1 >= height, height };
}

function versionBitsJson(deployment: Deployment, states: DeploymentStates, block: BlockIndex): Jsonable {
  const state = states.stateAfter(block.prev);
  const next = states.stateAfter(block);
  const since = states.sinceHeight(block.prev);
  const signalling = state === 'started' || state === 'locked_in';
  const { period, elapsed, count, threshold, possible, signalling: blocks } = states.statistics(block);
  const activeSince = state === 'active' ? since : next === 'active' ? block.height + 1 : undefined;
  return {
    type: 'bip9',
    height: activeSince,
    active: activeSince !== undefined && activeSince <= block.height + 1,
    bip9: {
      bit: signalling ? deployment.bit : undefined,
      start_time: deployment.startTime,
      timeout: deployment.timeout,
      min_activation_height: deployment.minActivationHeight,
      status: state,
      since,
      status_next: next,
      statistics: signalling
        ? { period, elapsed, count, ...(state === 'started' ? { threshold, possible } : {}) }
        : undefined,
      signalling: signalling ? blocks.map((signals) => (signals ? '#' : '-')).join('') : undefined,
    },
  };
}

/** Commands about changes of the consensus rules. */
export function deploymentCommands({ chainstate }: RpcContext): readonly CommandSpec[] {
  const { consensus } = chainstate.params;
  const voted = Object.entries(consensus.deployments)
    .filter(([, deployment]) => deployment.startTime !== neverActive)
    .map(([name, deployment]) => ({ name, deployment, states: new DeploymentStates(deployment) }));
  return [
    {
      name: 'getdeploymentinfo',
      category: 'blockchain',
      description: 'Returns which changes of the consensus rules hold at a block, and how far others are.',
      args: [{ names: 'blockhash', kind: 'hex', defaultHint: 'hash of current chain tip', help: 'The block' }],
      run: (call) => {
        const block = call.has('blockhash') ? namedBlock(chainstate, call.hash('blockhash')) : chainstate.tip;
        return {
          hash: hashToHex(block.hash),
          height: block.height,
          script_flags: scriptFlagNames(blockScriptFlags(block.hash, block.height, consensus)).sort(),
          deployments: {
            bip34: buriedJson(consensus.bip34Height, block),
            bip66: buriedJson(consensus.bip66Height, block),
            bip65: buriedJson(consensus.bip65Height, block),
            csv: buriedJson(consensus.csvHeight, block),
            segwit: buriedJson(consensus.segwitHeight, block),
            ...Object.fromEntries(voted.map(({ name, deployment, states }) => [name, versionBitsJson(deployment, states, block)])),
          },
        };
      },
    },
  ];
}
