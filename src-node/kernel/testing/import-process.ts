/** A process that imports a block file and writes to disk all the time, to be killed in the middle of it. */
import { silentLogger } from '../../../src-interfaces/logging.js';
import { openChainstate } from '../open-chainstate.js';
import { ScriptChecker } from '../script-check/script-checker.js';
import { regtest } from './regtest-chain.js';

const [dataDirectory, blockFile] = process.argv.slice(2);
if (dataDirectory === undefined || blockFile === undefined) throw new Error('data directory and block file wanted');

const chain = await openChainstate({
  params: regtest,
  dataDirectory,
  logger: silentLogger,
  now: () => Date.now() / 1000,
  scriptChecker: new ScriptChecker({ threads: 1 }),
  // Seldom enough that a write has many parts, and takes long enough to be hit.
  flushInterval: 0.04,
  batchSize: 100,
});
await chain.start();
// One byte for each write, by which the moment to die is chosen.
chain.subscribe({ flushed: () => process.stdout.write('.') });
for (;;) {
  await chain.importBlockFile(blockFile);
  // Go back and come again, so that there is always something to do.
  const block = chain.atHeight(Math.max(1, chain.tip.height - 60));
  if (block === undefined) break;
  await chain.invalidateBlock(block);
  await chain.reconsiderBlock(block);
}
