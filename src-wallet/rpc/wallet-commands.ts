import type { CommandSpec } from '../../src-interfaces/rpc/command.js';
import type { WalletRegistry } from '../wallet-registry.js';
import { addressCommands } from './address-commands.js';
import { backupCommands } from './backup-commands.js';
import { balanceCommands } from './balance-commands.js';
import { bumpCommands } from './bump-commands.js';
import { coinCommands } from './coin-commands.js';
import { descriptorCommands } from './descriptor-commands.js';
import { encryptionCommands } from './encryption-commands.js';
import { historyCommands } from './history-commands.js';
import { labelCommands } from './label-commands.js';
import { loaderCommands } from './loader-commands.js';
import { rescanCommands } from './rescan-commands.js';
import { sendCommands } from './send-commands.js';
import { signCommands } from './sign-commands.js';

/** All JSON-RPC commands that the wallet answers. The node offers them under its own. */
export function walletCommands(registry: WalletRegistry): readonly CommandSpec[] {
  return [
    loaderCommands,
    addressCommands,
    labelCommands,
    balanceCommands,
    coinCommands,
    historyCommands,
    sendCommands,
    bumpCommands,
    signCommands,
    descriptorCommands,
    encryptionCommands,
    backupCommands,
    rescanCommands,
  ].flatMap((family) => family(registry));
}
