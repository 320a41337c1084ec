import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { hashKey } from '../../src-bitcoin/bytes/hash-key.js';
import { fromHex, hashToHex, isHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { maxBlockSigOpsCost, maxBlockWeight, witnessScaleFactor } from '../../src-bitcoin/consensus/limits.js';
import { DeploymentStates } from '../../src-bitcoin/consensus/versionbits.js';
import { witnessCommitmentIndex } from '../../src-bitcoin/consensus/witness-commitment.js';
import { blockHash, parseBlock, type Block } from '../../src-bitcoin/primitives/block.js';
import { serializeTransaction, transactionWeight, txidOf, wtxidOf } from '../../src-bitcoin/primitives/transaction.js';
import type { Jsonable, JsonValue } from '../../src-interfaces/json/json.js';
import { isJsonArray } from '../../src-interfaces/json/json.js';
import { productName } from '../../src-interfaces/product.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall, RpcRequest } from '../../src-interfaces/rpc/command.js';
import { asHash, asString } from '../../src-interfaces/rpc/values.js';
import type { BlockIndex } from '../kernel/types.js';
import { earliestBlockTime } from '../mining/block-assembly.js';
import type { BlockTemplate } from '../mining/miner.js';
import { testedTemplate } from '../mining/tested-template.js';
import { hex32, targetHex } from './block-json.js';
import { waitForTip } from './chain-commands.js';
import type { Miner, RpcContext } from './context.js';

/** Milliseconds until new transactions end a long poll, and between looks for more. */
const firstLook = 60_000;
const nextLooks = 10_000;
/** Seconds that a template is good for while transactions come in. */
const templateLife = 5;

interface MadeTemplate {
  readonly template: BlockTemplate;
  readonly prev: BlockIndex;
  readonly madeAt: number;
  readonly mempoolSequence: bigint;
}

type TemplateContext = Pick<RpcContext, 'chainstate' | 'mempool' | 'network' | 'clock' | 'stopping'>;
type TemplateMaker = Pick<Miner, 'template' | 'nextBits'>;

/** Templates of blocks for miners (BIP22, BIP23, BIP145). */
class BlockTemplates {
  readonly #context: TemplateContext;
  readonly #miner: TemplateMaker;
  readonly #deployments: readonly { readonly name: string; readonly bit: number; readonly states: DeploymentStates }[];
  #made: MadeTemplate | undefined;
  /** What is being made, and on which block: those who ask meanwhile get the same. */
  #making: { readonly on: BlockIndex; readonly made: Promise<MadeTemplate> } | undefined;

  constructor(context: TemplateContext, miner: TemplateMaker) {
    this.#context = context;
    this.#miner = miner;
    this.#deployments = Object.entries(context.chainstate.params.consensus.deployments)
      .map(([name, deployment]) => ({ name, bit: deployment.bit, states: new DeploymentStates(deployment) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async run(call: RpcCall): Promise<Jsonable> {
    const request = call.object('template_request');
    const mode = request['mode'] ?? null;
    if (mode !== null && typeof mode !== 'string') throw rpcError('invalidParameter', 'Invalid mode');
    if (mode === 'proposal') return this.#judge(request['data'] ?? null);
    const given = request['rules'] ?? null;
    const rules = new Set(isJsonArray(given) ? given.map(asString) : []);
    if (mode !== null && mode !== 'template') throw rpcError('invalidParameter', 'Invalid mode');
    this.#refuseUnlessReady();
    if ((request['longpollid'] ?? null) !== null) await this.#waitForNews(request['longpollid'] ?? null, call.request);
    const isSignet = this.#context.chainstate.params.consensus.signetChallenge !== undefined;
    if (isSignet && !rules.has('signet')) {
      throw rpcError('invalidParameter', 'getblocktemplate must be called with the signet rule set (call with {"rules": ["segwit", "signet"]})');
    }
    if (!rules.has('segwit')) {
      throw rpcError('invalidParameter', 'getblocktemplate must be called with the segwit rule set (call with {"rules": ["segwit"]})');
    }
    return this.#templateJson(await this.#template());
  }

  /** Says in a word what is wrong with a block that still lacks its proof of work; null when nothing is. */
  async #judge(data: JsonValue): Promise<Jsonable> {
    if (typeof data !== 'string') throw rpcError('type', 'Missing data String key for proposal');
    let block: Block;
    try {
      block = parseBlock(fromHex(isHex(data) ? data : ''));
    } catch {
      throw rpcError('deserialization', 'Block decode failed');
    }
    const known = this.#context.chainstate.lookup(blockHash(block.header));
    if (known !== undefined) return known.validScripts && !known.failed ? 'duplicate' : known.failed ? 'duplicate-invalid' : 'duplicate-inconclusive';
    const failure = await this.#context.chainstate.testBlock(block, { merkleRoot: true });
    return failure === undefined ? null : failure.reason === '' ? 'rejected' : failure.reason;
  }

  #refuseUnlessReady(): void {
    const { chainstate, network } = this.#context;
    if (chainstate.params.isTestChain) return;
    if (network === undefined || network.connectionCount() === 0) throw rpcError('clientNotConnected', `${productName} is not connected!`);
    if (chainstate.initialDownload) throw rpcError('clientInInitialDownload', `${productName} is in initial sync and waiting for blocks...`);
  }

  /** Waits until a template would differ from that of a long poll id: its tip, then what the mempool had come to. */
  async #waitForNews(id: JsonValue, request: RpcRequest): Promise<void> {
    const { chainstate, mempool, stopping } = this.#context;
    const text = typeof id === 'string' ? id : undefined;
    const tip = text === undefined ? chainstate.tip.hash : asHash(text.slice(0, 64), 'longpollid');
    const sequence = text === undefined ? (this.#made?.mempoolSequence ?? 0n) : BigInt(/^\d{1,20}/.exec(text.slice(64))?.[0] ?? 0);
    const isNew = (block: BlockIndex): boolean => !equalBytes(block.hash, tip);
    for (let patience = firstLook; !isNew(chainstate.tip) && !stopping.aborted; patience = nextLooks) {
      await waitForTip(this.#context, request, patience, isNew);
      if (request.abandoned?.aborted === true) throw rpcError('clientNotConnected', 'Nobody waits for the template any more');
      if (mempool.sequence !== sequence) break;
    }
    if (stopping.aborted) throw rpcError('clientNotConnected', 'Shutting down');
  }

  async #template(): Promise<MadeTemplate> {
    const { chainstate, mempool, clock } = this.#context;
    const made = this.#made;
    const isStale = made === undefined || (made.mempoolSequence !== mempool.sequence && clock.now() - made.madeAt > templateLife);
    if (made !== undefined && !isStale && made.prev === chainstate.tip) return made;
    if (this.#making?.on === chainstate.tip) return this.#making.made;
    const making = { on: chainstate.tip, made: this.#make() };
    this.#making = making;
    try {
      return await making.made;
    } finally {
      if (this.#making === making) this.#making = undefined;
    }
  }

  async #make(): Promise<MadeTemplate> {
    const { chainstate, mempool, clock } = this.#context;
    const [madeAt, mempoolSequence] = [clock.now(), mempool.sequence];
    const template = await testedTemplate(this.#miner, chainstate, {});
    const prev = chainstate.lookup(template.block.header.prevHash) ?? chainstate.tip;
    this.#made = { template, prev, madeAt, mempoolSequence };
    return this.#made;
  }

  #templateJson({ template, prev, mempoolSequence }: MadeTemplate): Jsonable {
    const { chainstate, clock } = this.#context;
    const { consensus } = chainstate.params;
    const { block, height } = template;
    const segwit = height >= consensus.segwitHeight;
    // Before segwit what counts is a fourth of what counts since.
    const scale = segwit ? 1 : witnessScaleFactor;
    const [coinbase] = block.transactions;
    const commitment = coinbase && segwit ? witnessCommitmentIndex(coinbase) : undefined;
    const states = this.#deployments.map((deployment) => ({ ...deployment, state: deployment.states.stateAfter(prev) }));
    const bits = prev === chainstate.tip ? this.#miner.nextBits() : block.header.bits;
    const minTime = earliestBlockTime(prev, consensus);
    const challenge = consensus.signetChallenge;
    return {
      capabilities: ['proposal'],
      version: block.header.version,
      rules: ['csv', ...(segwit ? ['!segwit'] : []), ...(challenge === undefined ? [] : ['!signet']), ...states.filter(({ state }) => state === 'active').map(({ name }) => name)],
      vbavailable: Object.fromEntries(states.filter(({ state }) => state === 'started' || state === 'locked_in').map(({ name, bit }) => [name, bit])),
      vbrequired: 0,
      previousblockhash: hashToHex(block.header.prevHash),
      transactions: transactionsJson(template, scale),
      coinbaseaux: {},
      coinbasevalue: coinbase?.outputs[0]?.value ?? 0n,
      // Of what the template is for: where the tip has moved since, a long poll has news at once.
      longpollid: `${hashToHex(prev.hash)}${mempoolSequence}`,
      target: targetHex(bits),
      mintime: minTime,
      mutable: ['time', 'transactions', 'prevblock'],
      noncerange: '00000000ffffffff',
      sigoplimit: maxBlockSigOpsCost / scale,
      sizelimit: maxBlockWeight / scale,
      ...(segwit ? { weightlimit: maxBlockWeight } : {}),
      curtime: Math.max(minTime, clock.now()),
      bits: hex32(bits),
      height,
      ...(challenge === undefined ? {} : { signet_challenge: toHex(challenge) }),
      ...(commitment === undefined ? {} : { default_witness_commitment: toHex(coinbase?.outputs[commitment]?.scriptPubKey ?? new Uint8Array(0)) }),
    };
  }
}

function transactionsJson({ selection }: BlockTemplate, scale: number): Jsonable {
  const places = new Map(selection.entries.map((entry, i) => [hashKey(entry.txid), i + 1]));
  return selection.entries.map(({ tx, fee, sigopCost }, i) => ({
    data: toHex(serializeTransaction(tx)),
    txid: hashToHex(txidOf(tx)),
    hash: hashToHex(wtxidOf(tx)),
    // Counted from 1: the coinbase comes first.
    depends: tx.inputs.flatMap(({ prevout }) => places.get(hashKey(prevout.txid)) ?? []).filter((place) => place <= i),
    fee,
    sigops: sigopCost / scale,
    weight: transactionWeight(tx),
  }));
}

/** What miners ask for work with. */
export function blockTemplateCommand(context: TemplateContext, miner: () => TemplateMaker): CommandSpec {
  let templates: BlockTemplates | undefined;
  return {
    name: 'getblocktemplate',
    category: 'mining',
    description: 'Returns what a miner needs to make a block (BIP22, BIP23, BIP145), or says what is wrong with a block that lacks its proof of work.',
    args: [
      {
        names: 'template_request',
        kind: 'object',
        required: true,
        help: 'What is asked for',
        inner: [
          { names: 'mode', kind: 'string', help: '"template", which is the default, or "proposal"' },
          { names: 'capabilities', kind: 'array', help: 'What the miner can do; not looked at', inner: [{ names: 'str', kind: 'string', help: 'A capability' }] },
          {
            names: 'rules',
            kind: 'array',
            required: true,
            help: 'Rules that the miner knows',
            inner: [
              { names: 'segwit', kind: 'string', required: true, help: 'Segwit' },
              { names: 'str', kind: 'string', help: 'Another rule' },
            ],
          },
          { names: 'longpollid', kind: 'string', help: 'Of an earlier template: wait until there is a better one' },
          { names: 'data', kind: 'hex', help: 'The block of a proposal' },
        ],
      },
    ],
    run: (call: RpcCall) => (templates ??= new BlockTemplates(context, miner())).run(call),
  };
}
