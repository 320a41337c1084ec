import { outpointKey, txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { decodeTransactionHex } from '../../src-interfaces/rpc/decode-transaction.js';
import { amountJson, asString } from '../../src-interfaces/rpc/values.js';
import { unspentCoinsOf } from '../spend/spent-coins.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';
import { onWallet } from './wallet-command.js';

/** What the wallet would gain, in satoshis, if transactions were sent one after another. */
class Simulation {
  readonly #wallet: LoadedWallet;
  readonly #spent = new Set<string>();
  /** What the outputs of the transactions so far bring the wallet. */
  readonly #made = new Map<string, bigint>();
  change = 0n;

  constructor(wallet: LoadedWallet) {
    this.#wallet = wallet;
  }

  /** @throws RpcFailure when an input is gone */
  async add(tx: Transaction): Promise<void> {
    const unspent = await unspentCoinsOf(this.#wallet, tx);
    tx.inputs.forEach(({ prevout }, i) => {
      const key = outpointKey(prevout);
      if (this.#spent.has(key)) throw rpcError('invalidParameter', 'Transaction(s) are spending the same output more than once');
      const made = this.#made.get(key);
      if (made === undefined && unspent[i] === undefined) {
        throw rpcError('invalidParameter', 'One or more transaction inputs are missing or have been spent already');
      }
      this.change -= made ?? this.#wallet.history.owned(prevout)?.output.value ?? 0n;
      this.#made.delete(key);
      this.#spent.add(key);
    });
    const txid = txidOf(tx);
    tx.outputs.forEach(({ scriptPubKey, value }, index) => {
      const gain = this.#wallet.keyring.isMine(scriptPubKey) ? value : 0n;
      this.#made.set(outpointKey({ txid, index }), gain);
      this.change += gain;
    });
  }
}

async function simulate(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  const simulation = new Simulation(wallet);
  for (const value of call.array('rawtxs')) {
    const tx = decodeTransactionHex(asString(value));
    if (tx === undefined) throw rpcError('deserialization', 'Transaction hex string decoding failure.');
    await simulation.add(tx);
  }
  return { balance_change: amountJson(simulation.change) };
}

/** The command that tells what transactions would do to the balance. */
export function simulateCommands(registry: WalletRegistry): readonly CommandSpec[] {
  return [
    onWallet(registry, {
      name: 'simulaterawtransaction',
      description: 'Tells how the balance would change if transactions were signed and sent.',
      args: [
        { names: 'rawtxs', kind: 'array', help: 'The transactions.', inner: [{ names: 'rawtx', kind: 'hex', help: 'A transaction in hex' }] },
        {
          names: 'options',
          kind: 'named-options',
          help: '',
          inner: [{ names: 'include_watchonly', kind: 'boolean', default: false, help: 'No longer used.' }],
        },
      ],
      result: '{                        (json object)\n  "balance_change" : n    (numeric) BTC, negative for less\n}',
      run: simulate,
    }),
  ];
}
