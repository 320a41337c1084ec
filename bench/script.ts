// How fast signatures and scripts are checked, against pure TypeScript arithmetic in the same run.
// Usage: node --import tsx bench/script.ts [threads]
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { ByteReader } from '../src-bitcoin/bytes/reader.js';
import { loadNativeBackend } from '../src-bitcoin/crypto/curve-native.js';
import { nobleBackend } from '../src-bitcoin/crypto/curve-noble.js';
import { sha256 } from '../src-bitcoin/crypto/hash.js';
import { Secp256k1 } from '../src-bitcoin/crypto/secp256k1.js';
import { readBlock, type Block } from '../src-bitcoin/primitives/block.js';
import { outpointKey, txidOf, type TxOut } from '../src-bitcoin/primitives/transaction.js';
import { mandatoryScriptFlags } from '../src-bitcoin/script/flags.js';
import { ScriptChecker, type Spend } from '../src-node/kernel/script-check/script-checker.js';

const chainFile = fileURLToPath(new URL('../../shared/bench/regtest-367.blk.xz', import.meta.url));

/** Operations per second of `operation`, run over and over for about half a second. */
function rate(operation: () => void): number {
  operation();
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < 500) {
    operation();
    count++;
  }
  return (count * 1000) / (performance.now() - start);
}

function show(name: string, native: number, noble: number): void {
  const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`;
  console.log(`${name.padEnd(24)} ${perSecond(native).padStart(10)}   noble ${perSecond(noble).padStart(8)}   ratio ${(native / noble).toFixed(1)}`);
}

function benchSignatures(): void {
  const native = new Secp256k1(loadNativeBackend());
  const noble = new Secp256k1(nobleBackend);
  const secret = sha256(Uint8Array.of(1));
  const hash = sha256(Uint8Array.of(2));
  const aux = new Uint8Array(32);
  const ecdsa = native.signEcdsa(hash, secret);
  const schnorr = native.signSchnorr(hash, secret, aux);
  const key = native.createPublicKey(secret);
  const xOnly = native.xOnlyPublicKey(secret);
  const compare = (name: string, operation: (curve: Secp256k1) => unknown): void => {
    show(
      name,
      rate(() => operation(native)),
      rate(() => operation(noble)),
    );
  };
  compare('ECDSA verify', (curve) => curve.verifyEcdsa(ecdsa, hash, key));
  compare('Schnorr verify', (curve) => curve.verifySchnorr(schnorr, hash, xOnly));
  compare('ECDSA sign and verify', (curve) => curve.signEcdsa(hash, secret));
  compare('Schnorr sign and verify', (curve) => curve.signSchnorr(hash, secret, aux));
  compare('taproot tweak check', (curve) => curve.checkXOnlyTweak(xOnly, 0, xOnly, hash));
}

function readChain(): Block[] {
  const bytes = execFileSync('xz', ['-dc', chainFile], { maxBuffer: 1 << 26 });
  const reader = new ByteReader(bytes);
  const blocks: Block[] = [];
  while (reader.remaining >= 8) {
    reader.skip(8);
    blocks.push(readBlock(reader));
  }
  return blocks;
}

/** Per block, its transactions with what they spend. */
function collectSpends(blocks: readonly Block[]): Spend[][] {
  const outputs = new Map<string, TxOut>();
  return blocks.map(({ transactions }) => {
    const spends: Spend[] = [];
    for (const [i, tx] of transactions.entries()) {
      if (i > 0) {
        const spentOutputs = tx.inputs.map(({ prevout }) => {
          const output = outputs.get(outpointKey(prevout));
          if (output === undefined) throw new Error('the chain spends an output it does not have');
          return output;
        });
        spends.push({ tx, spentOutputs });
      }
      for (const [index, output] of tx.outputs.entries()) outputs.set(outpointKey({ txid: txidOf(tx), index }), output);
    }
    return spends;
  });
}

async function benchChain(threads: number, spends: readonly Spend[][]): Promise<number> {
  const checker = new ScriptChecker({ threads });
  // The threads start and warm up outside the measurement.
  for (const block of spends.slice(-20)) await checker.checkBlock(block, mandatoryScriptFlags);
  const start = performance.now();
  for (const block of spends) {
    const failure = await checker.checkBlock(block, mandatoryScriptFlags);
    if (failure !== undefined) throw new Error(`an input does not verify: ${JSON.stringify(failure)}`);
  }
  const seconds = (performance.now() - start) / 1000;
  await checker.close();
  return seconds;
}

benchSignatures();
if (existsSync(chainFile)) {
  const spends = collectSpends(readChain());
  const inputs = spends.flat().reduce((sum, { tx }) => sum + tx.inputs.length, 0);
  const threads = Number(process.argv[2] ?? availableParallelism());
  const alone = await benchChain(1, spends);
  const together = await benchChain(threads, spends);
  const text = (seconds: number): string => `${seconds.toFixed(2)} s, ${Math.round(inputs / seconds).toLocaleString('en')}/s`;
  console.log(`${inputs.toLocaleString('en')} inputs: 1 thread ${text(alone)}; ${threads} threads ${text(together)}; ratio ${(alone / together).toFixed(2)}`);
} else {
  console.log('scripts of the bench chain: skipped: no ../shared/bench');
}
