/**
 * A process for tests that kill it: opens or creates a wallet on a chain of its own, and goes on receiving,
 * paying and mining until it is gone. Tells each thing on standard output at the moment it counts: a block
 * when the node has it, a payment or an address when the wallet has announced it.
 */
import { readFileSync, writeSync } from 'node:fs';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { fromHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { parseBlock, serializeBlock } from '../../src-bitcoin/primitives/block.js';
import { silentLogger } from '../../src-interfaces/logging.js';
import { WalletClock } from '../context.js';
import { createWallet, openWallet } from '../init/open-wallet.js';
import { buildTransaction } from '../spend/build.js';
import { commitTransaction } from '../spend/commit.js';
import { syncMempool } from '../sync/attach.js';
import { regtest, testSettings } from './fixtures.js';
import { MemoryChain } from './memory-chain.js';

const [directory = '', blocksFile = ''] = process.argv.slice(2);
const elsewhere = scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash: new Uint8Array(20).fill(7) });

function tell(kind: string, text: string): void {
  writeSync(1, `${kind} ${text}\n`);
}

class TellingChain extends MemoryChain {
  telling = false;

  override async connect(block: Parameters<MemoryChain['connect']>[0]): Promise<void> {
    if (this.telling) tell('block', toHex(serializeBlock(block)));
    await super.connect(block);
  }
}

const chain = new TellingChain(regtest.genesis);
for (const line of readFileSync(blocksFile, 'utf8').split('\n')) if (line !== '') await chain.connect(parseBlock(fromHex(line)));
chain.telling = true;
const settings = testSettings(directory, { keypoolSize: 5, unsafeSync: false });
const context = { chain, params: regtest, settings, logger: silentLogger, clock: new WalletClock(), ending: new AbortController().signal };
const opened = await openWallet(context, 'w');
const outcome = opened.ok ? opened : await createWallet(context, 'w', { flags: 0n, passphrase: '' });
if (!outcome.ok) throw new Error(outcome.failure.message);
const { wallet, attachment } = outcome;
wallet.events.transaction.listen((txid) => tell('transaction', txid));
await syncMempool(wallet, attachment.follower);
tell('ready', `${wallet.balances().trusted}`);
for (let round = 0; ; round++) {
  const next = wallet.newReceiveAddress(round % 2 === 0 ? 'bech32' : 'bech32m', `round ${round}`);
  if (!next.ok) throw new Error(next.error);
  tell('address', next.address);
  await chain.mine(next.script, { time: Math.floor(Date.now() / 1000) });
  const payment = await buildTransaction(wallet, [{ script: elsewhere, amount: 1_000_000n, subtractFee: false }], {}, { sign: true });
  if (payment.ok) {
    await commitTransaction(wallet, payment.built.tx);
    tell('paid', toHex(payment.built.tx.inputs[0]?.prevout.txid ?? new Uint8Array(0)));
  }
}
