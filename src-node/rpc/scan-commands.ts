import { compareBytes } from '../../src-bitcoin/bytes/bytes.js';
import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { inferDescriptor } from '../../src-bitcoin/descriptor/infer.js';
import { printDescriptor } from '../../src-bitcoin/descriptor/print.js';
import type { Outpoint } from '../../src-bitcoin/primitives/transaction.js';
import type { Jsonable, JsonValue } from '../../src-interfaces/json/json.js';
import type { Argument } from '../../src-interfaces/rpc/argument.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { amountJson } from '../../src-interfaces/rpc/values.js';
import type { BlockIndex, Coin } from '../kernel/types.js';
import type { RpcContext } from './context.js';
import { describedScripts, scanObjectArguments } from './scan-object.js';
import { Turns } from './turns.js';

interface FoundCoin {
  readonly outpoint: Outpoint;
  readonly coin: Coin;
}

/** A scan of all unspent outputs. One is enough for the disk. */
class CoinScan {
  readonly #context: RpcContext;
  #running = false;
  #aborted = false;
  /** Percent. */
  #progress = 0;

  constructor(context: RpcContext) {
    this.#context = context;
  }

  run(call: RpcCall): Promise<Jsonable> | Jsonable {
    switch (call.string('action')) {
      case 'start':
        return this.#start(call);
      case 'status':
        return this.#running ? { progress: this.#progress } : null;
      case 'abort':
        this.#aborted ||= this.#running;
        return this.#running;
      default:
        throw rpcError('invalidParameter', `Invalid action '${call.string('action')}'`);
    }
  }

  async #start(call: RpcCall): Promise<Jsonable> {
    if (this.#running) throw rpcError('invalidParameter', 'Scan already in progress, use action "abort" or "status"');
    if (call.request.params.length < 2) throw rpcError('misc', 'scanobjects argument is required for the start action');
    this.#running = true;
    this.#aborted = false;
    this.#progress = 0;
    try {
      return await this.#scan(await this.#descriptorsOf(call.array('scanobjects')));
    } finally {
      this.#running = false;
    }
  }

  /** Descriptors by the scripts that are looked for, in hex; not all of them when the scan is given up. */
  async #descriptorsOf(scanObjects: readonly JsonValue[]): Promise<ReadonlyMap<string, string>> {
    const { params } = this.#context.chainstate;
    const turns = new Turns(this.#context.stopping);
    const descriptors = new Map<string, string>();
    for (const scanObject of scanObjects) {
      const { scripts, solving } = await describedScripts([scanObject], params, turns, () => this.#aborted);
      for (const script of scripts) {
        await turns.pause();
        if (this.#aborted) return descriptors;
        const key = toHex(script);
        if (!descriptors.has(key)) descriptors.set(key, printDescriptor(inferDescriptor(script, solving), params));
      }
    }
    return descriptors;
  }

  async #scan(descriptors: ReadonlyMap<string, string>): Promise<Jsonable> {
    const found: FoundCoin[] = [];
    let count = 0;
    let isComplete = !this.#aborted;
    const tip = await this.#context.chainstate.scanCoins((outpoint, coin) => {
      if (this.#aborted || this.#context.stopping.aborted) {
        isComplete = false;
        return false;
      }
      count++;
      // They come in the order of their txids, whose first bytes tell how far it has come.
      this.#progress = Math.round((((outpoint.txid[0] ?? 0) * 0x100 + (outpoint.txid[1] ?? 0)) * 100) / 0x10000);
      if (descriptors.has(toHex(coin.scriptPubKey))) found.push({ outpoint, coin });
      return true;
    });
    found.sort((a, b) => compareBytes(a.outpoint.txid, b.outpoint.txid) || a.outpoint.index - b.outpoint.index);
    return {
      success: isComplete,
      txouts: count,
      height: tip.height,
      bestblock: hashToHex(tip.hash),
      unspents: found.map((each) => foundJson(each, descriptors, tip)),
      total_amount: amountJson(found.reduce((sum, { coin }) => sum + coin.value, 0n)),
    };
  }
}

function foundJson({ outpoint, coin }: FoundCoin, descriptors: ReadonlyMap<string, string>, tip: BlockIndex): Jsonable {
  const script = toHex(coin.scriptPubKey);
  const block = tip.ancestor(coin.height);
  return {
    txid: hashToHex(outpoint.txid),
    vout: outpoint.index,
    scriptPubKey: script,
    desc: descriptors.get(script) ?? '',
    amount: amountJson(coin.value),
    coinbase: coin.coinbase,
    height: coin.height,
    blockhash: block === undefined ? '' : hashToHex(block.hash),
    confirmations: tip.height - coin.height + 1,
  };
}

const scanObjectsArgument: Argument = {
  names: 'scanobjects',
  kind: 'array',
  help: 'Descriptors of the scripts to look for. Needed to start.',
  oneLine: '[scanobjects,...]',
  inner: scanObjectArguments.map((argument) => (argument.kind === 'string' ? { ...argument, names: 'descriptor' } : argument)),
};

/** Commands that look through all unspent outputs. */
export function scanCommands(context: RpcContext): readonly CommandSpec[] {
  const scan = new CoinScan(context);
  return [
    {
      name: 'scantxoutset',
      category: 'blockchain',
      description: 'Looks through all unspent outputs for those of descriptors.',
      args: [
        { names: 'action', kind: 'string', required: true, help: '"start", which answers when it is done; "abort", which tells whether one was running; or "status"' },
        scanObjectsArgument,
      ],
      result: `Result (for start):
{  (json object)
  "success" : true|false,  (boolean) Whether it came to the end
  "txouts" : n,  (numeric) Outputs looked at
  "height" : n,  (numeric)
  "bestblock" : "hex",  (string)
  "unspents" : [  (json array)
    {  (json object)
      "txid" : "hex",  (string)
      "vout" : n,  (numeric)
      "scriptPubKey" : "hex",  (string)
      "desc" : "str",  (string)
      "amount" : n,  (numeric) BTC
      "coinbase" : true|false,  (boolean)
      "height" : n,  (numeric)
      "blockhash" : "hex",  (string)
      "confirmations" : n  (numeric)
    },
    ...
  ],
  "total_amount" : n  (numeric) BTC
}

Result (for abort):
true|false  (boolean)

Result (for status, while one is running; otherwise null):
{  (json object)
  "progress" : n  (numeric) Percent
}`,
      run: (call) => scan.run(call),
    },
  ];
}
