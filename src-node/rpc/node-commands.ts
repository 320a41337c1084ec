import { addressCommands } from './address-commands.js';
import { blockCommands } from './block-commands.js';
import { chainCommands } from './chain-commands.js';
import type { CommandTable } from './command-table.js';
import type { RpcContext } from './context.js';
import { controlCommands } from './control-commands.js';
import { feeCommands } from './fee-commands.js';
import { mempoolCommands } from './mempool-commands.js';
import { miningCommands } from './mining-commands.js';
import { networkCommands } from './network-commands.js';
import { transactionCommands } from './transaction-commands.js';

/** Adds all commands of the node to a table. */
export function addNodeCommands(table: CommandTable, context: RpcContext): void {
  table.add(chainCommands(context));
  table.add(blockCommands(context));
  table.add(mempoolCommands(context));
  table.add(transactionCommands(context));
  table.add(networkCommands(context));
  table.add(miningCommands(context));
  table.add(addressCommands(context.chainstate.params));
  table.add(feeCommands(context));
  table.add(controlCommands(context, table));
}
