import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { shownTransactions, type MerkleBlock, type ShownTransaction } from '../../src-bitcoin/consensus/merkle-block.js';
import { blockHash } from '../../src-bitcoin/primitives/block.js';
import { txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { Jsonable, JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { decodeTransactionHex } from '../../src-interfaces/rpc/decode-transaction.js';
import { txOutProofOf } from '../../src-interfaces/rpc/tx-out-proof.js';
import { applyTransaction } from '../sync/apply.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';
import { onWallet, type WalletCommandSpec } from './wallet-command.js';

interface Proof {
  readonly block: MerkleBlock;
  readonly shown: readonly ShownTransaction[];
}

function proofOf(value: JsonValue): Proof {
  const block = txOutProofOf(value);
  const shown = shownTransactions(block);
  if (shown === undefined) throw rpcError('invalidAddressOrKey', 'Something wrong with merkleblock');
  return { block, shown };
}

async function takeIn(wallet: LoadedWallet, tx: Transaction, { block, shown }: Proof): Promise<void> {
  const hash = blockHash(block.header);
  const { ancestor, result } = await wallet.context.chain.findAncestorByHash(wallet.lastBlock.hash, hash, {
    wantHeight: true,
    wantTime: true,
    wantMaxTime: true,
  });
  if (!result) throw rpcError('invalidAddressOrKey', 'Block not found in chain');
  const place = shown.find(({ txid }) => equalBytes(txid, txidOf(tx)));
  if (place === undefined) throw rpcError('invalidAddressOrKey', "Transaction given doesn't exist in proof");
  if (!tx.outputs.some(({ scriptPubKey }) => wallet.keyring.isMine(scriptPubKey))) {
    throw rpcError('invalidAddressOrKey', 'No addresses in wallet correspond to included transaction');
  }
  const times = { blockTime: Number(ancestor.time ?? 0n), maxTime: Number(ancestor.maxTime ?? 0n) };
  wallet.change(() => applyTransaction(wallet, tx, { kind: 'confirmed', blockHash: hash, height: ancestor.height ?? 0, index: place.index }, times));
}

async function importFunds(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  const tx = decodeTransactionHex(call.string('rawtransaction'));
  if (tx === undefined) throw rpcError('deserialization', 'TX decode failed. Make sure the tx has at least one input.');
  const proof = proofOf(call.value('txoutproof'));
  await wallet.chainTurns.run(() => takeIn(wallet, tx, proof));
  return null;
}

function removeFunds(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const transaction = wallet.history.find(call.hash('txid'));
  if (transaction === undefined) throw rpcError('wallet', `Transaction ${call.string('txid').toLowerCase()} does not belong to this wallet`);
  wallet.change(() => wallet.history.remove(transaction));
  return null;
}

/** Commands that make a wallet know a transaction, or forget it, without looking through blocks. */
export function prunedFundsCommands(registry: WalletRegistry): readonly CommandSpec[] {
  const specs: readonly WalletCommandSpec[] = [
    {
      name: 'importprunedfunds',
      description: 'Takes in a transaction that pays the wallet, without a scan, so that a node that has pruned its block will do. The address must be in the wallet already. Transactions that spend the money later must be imported too, or found by a scan.',
      args: [
        { names: 'rawtransaction', kind: 'hex', required: true, help: 'The transaction.' },
        { names: 'txoutproof', kind: 'hex', required: true, help: 'What gettxoutproof returned for it.' },
      ],
      result: 'null    (json null)',
      run: importFunds,
    },
    {
      name: 'removeprunedfunds',
      description: 'Makes the wallet forget a transaction. This changes its balance.',
      args: [{ names: 'txid', kind: 'hex', required: true, help: 'The transaction.' }],
      result: 'null    (json null)',
      run: removeFunds,
    },
  ];
  return specs.map((spec) => onWallet(registry, spec));
}
