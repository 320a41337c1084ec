import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { txidOf, wtxidOf } from '../../src-bitcoin/primitives/transaction.js';
import { scriptErrorText } from '../../src-bitcoin/script/script-error.js';
import { failure } from './failure.js';
import type { ScriptFailure, Spend } from './script-check/script-checker.js';
import type { ValidationFailure } from './types.js';

/** Why a block is invalid one of whose inputs may not spend what it spends. */
export function scriptFailure(spends: readonly Spend[], { spendIndex, inputIndex, error }: ScriptFailure): ValidationFailure {
  const reason = `block-script-verify-flag-failed (${scriptErrorText(error)})`;
  const tx = spends[spendIndex]?.tx;
  const prevout = tx?.inputs[inputIndex]?.prevout;
  if (tx === undefined || prevout === undefined) return failure('consensus', reason);
  const where = `input ${inputIndex} of ${hashToHex(txidOf(tx))} (wtxid ${hashToHex(wtxidOf(tx))})`;
  return failure('consensus', reason, `${where}, spending ${hashToHex(prevout.txid)}:${prevout.index}`);
}
