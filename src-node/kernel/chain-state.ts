import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { blockHash, type Block } from '../../src-bitcoin/primitives/block.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import type { Logger } from '../../src-interfaces/logging.js';
import { blockValidity } from '../storage/block-records.js';
import { ActiveChain } from './active-chain.js';
import { scriptCheckReason } from './assume-valid.js';
import { BlockCoins } from './block-coins.js';
import type { BlockEntry } from './block-entry.js';
import { checkBlockAlone } from './block-rules.js';
import type { BlockTree } from './block-tree.js';
import { Candidates } from './candidates.js';
import type { ChainStore } from './chain-store.js';
import { connectBlock, type BlockPlace, type ConnectOutcome } from './connect-block.js';
import { disconnectBlock } from './disconnect-block.js';
import { EventHub } from './event-hub.js';
import { ChainFault, describeFailure } from './failure.js';
import type { ScriptChecker } from './script-check/script-checker.js';
import { scriptFailure } from './script-failure.js';
import type { ValidationFailure } from './types.js';

/** What a chain state is told by whoever opens it, defaults filled in. Times in seconds. */
export interface ChainSettings {
  readonly params: ChainParams;
  readonly logger: Logger;
  readonly now: () => number;
  readonly scriptChecker: ScriptChecker;
  /** Internal byte order; undefined runs all scripts. */
  readonly assumeValid: Uint8Array | undefined;
  readonly minimumChainWork: bigint;
  readonly maxTipAge: number;
  /** Bytes of coins in memory. */
  readonly coinsMemory: number;
}

/**
 * The block tree, the active chain and its coins, with the steps that change them. Steps must not
 * overlap: see `NodeChainstate`, which queues what is asked of it.
 */
export class ChainState {
  readonly settings: ChainSettings;
  readonly tree: BlockTree;
  readonly store: ChainStore;
  readonly active: ActiveChain;
  readonly candidates = new Candidates();
  readonly events: EventHub;
  /** Number of imports under way: until they end the chain counts as being downloaded. */
  importing = 0;
  #initialDownload = true;
  #scriptReason: string | undefined = '';

  constructor(settings: ChainSettings, tree: BlockTree, store: ChainStore, tip: BlockEntry) {
    this.settings = settings;
    this.tree = tree;
    this.store = store;
    this.active = new ActiveChain(tip);
    this.events = new EventHub(settings.logger);
    // The tip was there first, whatever the order in the database.
    tip.sequence = 0;
    this.findCandidates();
    this.updateInitialDownload();
  }

  get params(): ChainParams {
    return this.settings.params;
  }

  get tip(): BlockEntry {
    return this.active.tip;
  }

  get bestHeader(): BlockEntry {
    return this.tree.bestHeader ?? this.tip;
  }

  get initialDownload(): boolean {
    return this.#initialDownload;
  }

  /** Ends the initial download, for good, when the tip is recent and has the work it should. */
  updateInitialDownload(): void {
    const { minimumChainWork, maxTipAge, now } = this.settings;
    if (!this.#initialDownload || this.importing > 0) return;
    if (this.tip.chainWork < minimumChainWork || this.tip.header.time < now() - maxTipAge) return;
    this.#initialDownload = false;
    this.settings.logger.info('Leaving InitialBlockDownload (latching to false)');
  }

  /** Looks through the whole tree for blocks that could be the tip. */
  findCandidates(): void {
    const candidates: BlockEntry[] = [];
    for (const entry of this.tree.entries()) {
      const isComplete = entry.isLinked && entry.isValid(blockValidity.transactions);
      if (isComplete && (entry === this.tip || entry.chainWork >= this.tip.chainWork)) candidates.push(entry);
    }
    this.candidates.replace(candidates);
  }

  /** Remembers a block as invalid, unless it may only be a bad copy of a valid one. */
  markInvalid(entry: BlockEntry, bad: ValidationFailure): void {
    if (bad.kind === 'mutated') return;
    this.tree.markFailed(entry);
    this.settings.logger.info(
      `InvalidChainFound: invalid block=${hashToHex(entry.hash)}  height=${entry.height}  ${describeFailure(bad)}`,
    );
  }

  #needsScripts(entry: BlockPlace): boolean {
    const { assumeValid, minimumChainWork, params, logger } = this.settings;
    const place = this.tree.lookup(entry.hash);
    const spacing = params.consensus.powTargetSpacing;
    const reason =
      place === undefined ? 'block is not in the index' : scriptCheckReason(place, this.tree, { assumeValid, minimumChainWork, spacing });
    if (place !== undefined && reason !== this.#scriptReason) {
      const block = `script verification at block #${entry.height} (${hashToHex(entry.hash)})`;
      logger.info(reason === undefined ? `Disabling ${block}.` : `Enabling ${block}: ${reason}.`);
      this.#scriptReason = reason;
    }
    return reason !== undefined;
  }

  /** Checks a block on top of the tip and applies it to `coins`, scripts included. */
  async checkOnTip(block: Block, place: BlockPlace, coins: BlockCoins): Promise<ConnectOutcome> {
    const { consensus } = this.params;
    await this.store.coins.prefetch(spentElsewhere(block));
    const outcome = connectBlock(block, place, coins, consensus);
    if (!outcome.valid || !this.#needsScripts(place)) return outcome;
    const spends = block.transactions.slice(1).map((tx, i) => ({ tx, spentOutputs: outcome.undo[i] ?? [] }));
    const bad = await this.settings.scriptChecker.checkBlock(spends, outcome.flags);
    return bad === undefined ? outcome : { valid: false, failure: scriptFailure(spends, bad) };
  }

  /**
   * Connects a block to the tip.
   * @param block its contents, when at hand; else they are read from disk.
   * @returns why it is invalid, in which case it is marked so and nothing else changes.
   */
  async connectTip(entry: BlockEntry, block: Block | undefined): Promise<ValidationFailure | undefined> {
    const { prev } = entry;
    if (prev !== this.tip) throw new ChainFault(`block ${entry.height} does not build on the tip`);
    const contents = block ?? (await this.store.readBlock(entry));
    const coins = new BlockCoins(this.store.coins);
    const bad = checkBlockAlone(contents, this.params);
    const place = { height: entry.height, prev, hash: entry.hash };
    const outcome: ConnectOutcome = bad === undefined ? await this.checkOnTip(contents, place, coins) : { valid: false, failure: bad };
    if (!outcome.valid) {
      this.settings.logger.error(`ConnectTip: ConnectBlock ${hashToHex(entry.hash)} failed, ${describeFailure(outcome.failure)}`);
      this.markInvalid(entry, outcome.failure);
      this.events.emit((to) => to.blockChecked?.({ hash: entry.hash, failure: outcome.failure }));
      return outcome.failure;
    }
    this.store.writeUndo(entry, outcome.undo);
    entry.raiseValidity(blockValidity.scripts);
    this.tree.touch(entry);
    this.store.coins.apply(coins.edits);
    this.#moveTip(entry);
    this.events.emit((to) => to.blockChecked?.({ hash: entry.hash, failure: undefined }));
    this.events.emit((to) => to.blockConnected?.({ block: contents, index: entry }));
    return undefined;
  }

  /**
   * Goes back by one block.
   * @throws StorageError, ChainFault when what is needed for that is missing or damaged.
   */
  async disconnectTip(): Promise<void> {
    const entry = this.tip;
    const { prev } = entry;
    if (prev === undefined) throw new ChainFault('the genesis block cannot be disconnected');
    const block = await this.store.readBlock(entry);
    const undo = await this.store.readUndo(entry);
    const coins = new BlockCoins(this.store.coins);
    if (disconnectBlock(block, entry, undo, coins) !== 'clean') {
      throw new ChainFault(`DisconnectTip: DisconnectBlock ${hashToHex(entry.hash)} failed`);
    }
    this.store.coins.apply(coins.edits);
    this.#moveTip(prev);
    this.events.emit((to) => to.blockDisconnected?.({ block, index: entry }));
  }

  #moveTip(tip: BlockEntry): void {
    this.active.setTip(tip);
    this.updateInitialDownload();
    this.settings.logger.info(
      `UpdateTip: new best=${hashToHex(tip.hash)} height=${tip.height} version=0x${(tip.header.version >>> 0).toString(16).padStart(8, '0')} ` +
        `tx=${tip.chainTxCount} date='${new Date(tip.header.time * 1000).toISOString().replace('.000', '')}' ` +
        `cache=${(this.store.coins.usage / (1 << 20)).toFixed(1)}MiB(${this.store.coins.size}txo)`,
      'unlimited',
    );
  }

  /** True for the network's first block. */
  isGenesis(hash: Uint8Array): boolean {
    return hashToHex(hash) === hashToHex(blockHash(this.params.genesis.header));
  }
}

/** Outpoints a block spends that it does not make itself, as far as that is easily told. */
function* spentElsewhere(block: Block) {
  for (const tx of block.transactions.slice(1)) for (const { prevout } of tx.inputs) yield prevout;
}
