/**
 * How long the node takes to check and connect the measuring chain, every script included.
 *
 *   node --import tsx bench/chain-import.ts [--threads N]
 *
 * With BITCOIN_REFERENCE_BIN naming a folder that has Bitcoin Core's bitcoin-node (or bitcoind), that
 * does the same work in the same run. In any case the time of the signature checks alone is measured,
 * below which nobody can get. Only ratios of one run mean anything.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { hashToHex } from '../src-bitcoin/bytes/hex.js';
import { sha256 } from '../src-bitcoin/crypto/hash.js';
import { secp256k1 } from '../src-bitcoin/crypto/secp256k1.js';
import { chainParams } from '../src-bitcoin/params/networks.js';
import { silentLogger } from '../src-interfaces/logging.js';
import { openChainstate } from '../src-node/kernel/open-chainstate.js';
import { ScriptChecker, scriptThreads } from '../src-node/kernel/script-check/script-checker.js';

const tipHeight = 367;
const setHash = 'bf25a93f9f03c376432daf81d924ad85f09d6be1fc3d6265354aba8189b4d9ce';
/** Inputs of the chain, each with one signature. */
const signatureCount = 88_000;

const archive = fileURLToPath(new URL('../../shared/bench/regtest-367.blk.xz', import.meta.url));

function seconds(since: number): number {
  return (performance.now() - since) / 1000;
}

async function ours(directory: string, blockFile: string, threads: number): Promise<number> {
  const started = performance.now();
  const scriptChecker = new ScriptChecker({ threads });
  const chain = await openChainstate({
    params: chainParams('regtest'),
    dataDirectory: directory,
    logger: silentLogger,
    now: () => Date.now() / 1000,
    scriptChecker,
  });
  await chain.start();
  await chain.importBlockFile(blockFile);
  await chain.flush();
  const taken = seconds(started);
  const { height, hash } = await chain.utxoSetStatistics('muhash');
  await chain.close();
  await scriptChecker.close();
  if (height !== tipHeight || hashToHex(hash ?? new Uint8Array()) !== setHash) throw new Error(`wrong result at height ${height}`);
  return taken;
}

function referenceProgram(): string | undefined {
  const folder = process.env['BITCOIN_REFERENCE_BIN'];
  if (folder === undefined) return undefined;
  return [join(folder, 'bitcoin-node'), join(folder, 'bitcoind')].find((path) => existsSync(path));
}

function reference(program: string, directory: string, blockFile: string, threads: number): number {
  const started = performance.now();
  const options = [`-datadir=${directory}`, `-loadblock=${blockFile}`, `-stopatheight=${tipHeight}`, `-par=${threads}`];
  const quiet = ['-regtest', '-listen=0', '-connect=0', '-server=0', '-printtoconsole=0', '-daemon=0'];
  const { status, stderr } = spawnSync(program, [...quiet, ...options], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return seconds(started);
}

/** Seconds for all signatures of the chain on one thread, from a sample. */
function signatureFloor(): number {
  const secret = sha256(Uint8Array.of(1));
  const publicKey = secp256k1.createPublicKey(secret);
  const digest = sha256(Uint8Array.of(2));
  const signature = secp256k1.signEcdsa(digest, secret);
  const sample = 4000;
  const started = performance.now();
  for (let i = 0; i < sample; i++) {
    if (!secp256k1.verifyEcdsa(signature, digest, publicKey)) throw new Error('a valid signature is refused');
  }
  return (seconds(started) / sample) * signatureCount;
}

const { values } = parseArgs({ options: { threads: { type: 'string', default: '0' } } });
if (!existsSync(archive)) {
  console.log('skipped: no ../shared/bench');
} else {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));
  try {
    const blockFile = join(directory, 'chain.blk');
    writeFileSync(blockFile, execFileSync('xz', ['-dc', archive], { maxBuffer: 1 << 26 }));
    const threads = scriptThreads(Number(values.threads), cpus().length);
    const own = await ours(join(directory, 'own'), blockFile, threads);
    const floor = signatureFloor() / Math.min(threads, cpus().length);
    console.log(`${threads} thread(s) for scripts, ${cpus().length} cores`);
    console.log(`import of ${tipHeight} blocks     ${own.toFixed(2)} s`);
    console.log(`signatures alone         ${floor.toFixed(2)} s   ratio ${(own / floor).toFixed(2)}`);
    const program = referenceProgram();
    if (program !== undefined) {
      mkdirSync(join(directory, 'reference'));
      const theirs = reference(program, join(directory, 'reference'), blockFile, threads);
      console.log(`Bitcoin Core, same work  ${theirs.toFixed(2)} s   ratio ${(own / theirs).toFixed(2)}`);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}
