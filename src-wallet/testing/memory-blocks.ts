import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { merkleRoot } from '../../src-bitcoin/consensus/merkle.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { blockHash, serializeBlock, type Block } from '../../src-bitcoin/primitives/block.js';
import {
  nullOutpoint,
  outpointKey,
  sequenceFinal,
  serializeTransaction,
  txidOf,
  type Transaction,
  type TxOut,
} from '../../src-bitcoin/primitives/transaction.js';
import { MemPoolRemovalReason } from '../../src-interfaces/enums.js';
import type { BlockInfo, ChainNotifications, FoundBlockParam, FoundBlockResult } from '../../src-interfaces/generated/chain.js';

interface Entry {
  readonly block: Block;
  readonly hash: Uint8Array;
  readonly height: number;
  readonly maxTime: number;
}

/** Blocks and a mempool in memory, for tests, believed without checking; and those who are told of them. */
export class MemoryBlocks {
  protected readonly active: Entry[] = [];
  readonly #known = new Map<string, Entry>();
  protected readonly mempoolByTxid = new Map<string, Transaction>();
  protected readonly listeners = new Set<ChainNotifications>();

  constructor(genesis: Block) {
    this.#push(genesis);
  }

  #push(block: Block): Entry {
    const before = this.active.at(-1)?.maxTime ?? 0;
    const entry = { block, hash: blockHash(block.header), height: this.active.length, maxTime: Math.max(before, block.header.time) };
    this.active.push(entry);
    this.#known.set(toHex(entry.hash), entry);
    return entry;
  }

  get tip(): Entry {
    const tip = this.active.at(-1);
    if (tip === undefined) throw new RangeError('no blocks');
    return tip;
  }

  get mempool(): readonly Transaction[] {
    return [...this.mempoolByTxid.values()];
  }

  #info(entry: Entry): BlockInfo {
    const prevHash = this.active[entry.height - 1]?.hash;
    return { hash: entry.hash, prevHash, height: entry.height, data: serializeBlock(entry.block), chainTimeMax: entry.maxTime };
  }

  async #tell(call: (listener: ChainNotifications) => Promise<void>): Promise<void> {
    for (const listener of [...this.listeners]) await call(listener);
  }

  /** Adds a finished block to the tip. */
  async connect(block: Block): Promise<void> {
    const entry = this.#push(block);
    const spent = new Set(block.transactions.flatMap((tx) => tx.inputs.map((input) => outpointKey(input.prevout))));
    const lost = new Set<string>();
    for (const [key, tx] of [...this.mempoolByTxid]) {
      const inBlock = block.transactions.some((each) => equalBytes(txidOf(each), txidOf(tx)));
      const rival = !inBlock && tx.inputs.some((input) => spent.has(outpointKey(input.prevout)) || lost.has(toHex(input.prevout.txid)));
      if (rival) lost.add(key);
      if (inBlock || rival) this.mempoolByTxid.delete(key);
      if (rival) await this.#tell((each) => each.transactionRemovedFromMempool(serializeTransaction(tx), MemPoolRemovalReason.conflict));
    }
    await this.#tell((each) => each.blockConnected({ validated: true, historical: false }, this.#info(entry)));
    await this.#tell((each) => each.updatedBlockTip());
  }

  /** Makes a block with a coinbase that pays to `script` and these transactions (or the mempool's). */
  async mine(script: Uint8Array, options: { readonly transactions?: readonly Transaction[]; readonly time?: number; readonly value?: bigint } = {}): Promise<Block> {
    const height = this.active.length;
    const coinbase: Transaction = {
      version: 2,
      inputs: [{ prevout: nullOutpoint, scriptSig: new ByteWriter(8).u8(3).u16(height).u8(0).finish(), sequence: sequenceFinal, witness: [] }],
      outputs: [{ value: options.value ?? 5_000_000_000n, scriptPubKey: script }],
      locktime: 0,
    };
    const transactions = [coinbase, ...(options.transactions ?? this.mempool)];
    const time = options.time ?? this.tip.block.header.time + 600;
    const header = { version: 4, prevHash: this.tip.hash, merkleRoot: merkleRoot(transactions.map(txidOf)).root, time, bits: 0x207fffff, nonce: height };
    const block = { header, transactions };
    await this.connect(block);
    return block;
  }

  /** Takes the tip off. Its transactions do not come back to the mempool by themselves. */
  async disconnect(): Promise<Block> {
    const entry = this.tip;
    const info = this.#info(entry);
    this.active.pop();
    await this.#tell((each) => each.blockDisconnected(info));
    return entry.block;
  }

  async addToMempool(tx: Transaction): Promise<void> {
    const taken = new Set(tx.inputs.map((input) => outpointKey(input.prevout)));
    for (const [key, other] of [...this.mempoolByTxid]) {
      if (key !== toHex(txidOf(tx)) && other.inputs.some((input) => taken.has(outpointKey(input.prevout)))) {
        await this.removeFromMempool(other, MemPoolRemovalReason.replaced);
      }
    }
    this.mempoolByTxid.set(toHex(txidOf(tx)), tx);
    await this.#tell((each) => each.transactionAddedToMempool(serializeTransaction(tx)));
  }

  async removeFromMempool(tx: Transaction, reason: number = MemPoolRemovalReason.expiry): Promise<void> {
    this.mempoolByTxid.delete(toHex(txidOf(tx)));
    await this.#tell((each) => each.transactionRemovedFromMempool(serializeTransaction(tx), reason));
  }

  /** An output of the chain or mempool, spent or not. */
  output(txid: Uint8Array, index: number): TxOut | undefined {
    const all = [...this.mempoolByTxid.values(), ...this.active.flatMap(({ block }) => block.transactions)];
    return all.find((tx) => equalBytes(txidOf(tx), txid))?.outputs[index];
  }

  protected found(entry: Entry | undefined, want: FoundBlockParam): FoundBlockResult {
    if (entry === undefined) return { found: false };
    const active = this.active[entry.height] === entry;
    const next = active ? this.active[entry.height + 1] : undefined;
    return {
      found: true,
      ...(want.wantHash === true ? { hash: entry.hash } : {}),
      ...(want.wantHeight === true ? { height: entry.height } : {}),
      ...(want.wantTime === true ? { time: BigInt(entry.block.header.time) } : {}),
      ...(want.wantMaxTime === true ? { maxTime: BigInt(entry.maxTime) } : {}),
      ...(want.wantMtpTime === true ? { mtpTime: BigInt(entry.block.header.time) } : {}),
      ...(want.wantInActiveChain === true ? { inActiveChain: active } : {}),
      ...(want.wantLocator === true ? { locator: this.#locator(entry) } : {}),
      ...(want.wantData === true ? { data: serializeBlock(entry.block) } : {}),
      ...(want.nextBlock === undefined ? {} : { nextBlock: this.found(next, want.nextBlock) }),
    };
  }

  #locator(entry: Entry): Uint8Array {
    const hashes = this.active.slice(0, entry.height + 1).toReversed().map(({ hash }) => hash);
    const writer = new ByteWriter(1024).i32(70016).compactSize(hashes.length);
    for (const hash of hashes) writer.bytes(hash);
    return writer.finish();
  }

  protected lookup(hash: Uint8Array): Entry | undefined {
    return this.#known.get(toHex(hash));
  }
}
