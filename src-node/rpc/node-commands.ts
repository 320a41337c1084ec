import type { CommandSpec } from '../../src-interfaces/rpc/command.js';
import { addressCommands } from './address-commands.js';
import { banCommands } from './ban-commands.js';
import { blockCommands } from './block-commands.js';
import { chainCommands } from './chain-commands.js';
import type { CommandTable } from './command-table.js';
import type { RpcContext } from './context.js';
import { controlCommands } from './control-commands.js';
import { deploymentCommands } from './deployment-commands.js';
import { draftCommands } from './draft-commands.js';
import { feeCommands } from './fee-commands.js';
import { keyCommands } from './key-commands.js';
import { mempoolCommands } from './mempool-commands.js';
import { miningCommands } from './mining-commands.js';
import { networkCommands } from './network-commands.js';
import { proofCommands } from './proof-commands.js';
import { psbtCommands } from './psbt-commands.js';
import { commandResults } from './results/index.js';
import { scanCommands } from './scan-commands.js';
import { signCommands } from './sign-commands.js';
import { statisticsCommands } from './statistics-commands.js';
import { transactionCommands } from './transaction-commands.js';

function withResult(spec: CommandSpec): CommandSpec {
  const result = spec.result ?? commandResults.get(spec.name);
  return result === undefined ? spec : { ...spec, result };
}

/** All commands of the node. */
export function nodeCommands(context: RpcContext, table: CommandTable): readonly CommandSpec[] {
  return [
    ...chainCommands(context),
    ...blockCommands(context),
    ...proofCommands(context),
    ...scanCommands(context),
    ...deploymentCommands(context),
    ...statisticsCommands(context),
    ...mempoolCommands(context),
    ...transactionCommands(context),
    ...draftCommands(context.chainstate.params),
    ...signCommands(context),
    ...psbtCommands(context),
    ...networkCommands(context),
    ...banCommands(context),
    ...miningCommands(context),
    ...addressCommands(context),
    ...keyCommands(context.chainstate.params),
    ...feeCommands(context),
    ...controlCommands(context, table),
  ].map(withResult);
}
