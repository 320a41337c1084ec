import type { CommandSpec } from '../../src-interfaces/rpc/command.js';
import type { WalletRegistry } from '../wallet-registry.js';
import { addressCommands } from './address-commands.js';
import { balanceCommands } from './balance-commands.js';
import { bumpCommands } from './bump-commands.js';
import { coinCommands } from './coin-commands.js';
import { descriptorCommands } from './descriptor-commands.js';
import { groupingCommands } from './grouping-commands.js';
import { hdKeyCommands } from './hd-key-commands.js';
import { infoCommands } from './info-commands.js';
import { encryptionCommands } from './encryption-commands.js';
import { historyCommands } from './history-commands.js';
import { labelCommands } from './label-commands.js';
import { messageCommands } from './message-commands.js';
import { prunedFundsCommands } from './pruned-funds-commands.js';
import { psbtCommands } from './psbt-commands.js';
import { receivedCommands } from './received-commands.js';
import { rescanCommands } from './rescan-commands.js';
import { sendCommands } from './send-commands.js';
import { signCommands } from './sign-commands.js';
import { simulateCommands } from './simulate-commands.js';
import { walletFileCommands } from './wallet-file-commands.js';

/** All JSON-RPC commands that the wallet answers. The node offers them under its own. */
export function walletCommands(registry: WalletRegistry): readonly CommandSpec[] {
  return [
    walletFileCommands,
    infoCommands,
    addressCommands,
    labelCommands,
    balanceCommands,
    coinCommands,
    receivedCommands,
    historyCommands,
    sendCommands,
    bumpCommands,
    psbtCommands,
    signCommands,
    simulateCommands,
    descriptorCommands,
    encryptionCommands,
    rescanCommands,
    messageCommands,
    hdKeyCommands,
    groupingCommands,
    prunedFundsCommands,
  ].flatMap((family) => family(registry));
}
