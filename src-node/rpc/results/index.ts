import { blockResults } from './block.js';
import { chainResults } from './chain.js';
import { mempoolResults } from './mempool.js';
import { miningResults } from './mining.js';
import { networkResults } from './network.js';
import { psbtResults } from './psbt.js';
import { statisticsResults } from './statistics.js';
import { transactionResults } from './transaction.js';
import { utilityResults } from './utility.js';

/** Shape of each command's result, by the command's name. */
export const commandResults: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...chainResults,
    ...blockResults,
    ...statisticsResults,
    ...mempoolResults,
    ...transactionResults,
    ...psbtResults,
    ...networkResults,
    ...miningResults,
    ...utilityResults,
  }),
);
