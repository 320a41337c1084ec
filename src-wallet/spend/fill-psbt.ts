import { randomBytes } from 'node:crypto';
import type { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import { serializeTransaction } from '../../src-bitcoin/primitives/transaction.js';
import { inputField } from '../../src-bitcoin/psbt/fields.js';
import { listedPubkeys } from '../../src-bitcoin/psbt/input-knowledge.js';
import { isFinished, spentOutput, type Psbt } from '../../src-bitcoin/psbt/psbt.js';
import type { PsbtMap } from '../../src-bitcoin/psbt/psbt-map.js';
import { describeOutput, dropPreviousTransactions, PsbtSigner } from '../../src-bitcoin/psbt/sign-psbt.js';
import type { LoadedWallet } from '../wallet.js';

export interface FillOptions {
  readonly sign: boolean;
  /** Say where keys come from. */
  readonly derivations: boolean;
  /** Put what unlocks an input in place of its signatures, once there are enough. */
  readonly finish: boolean;
  /** What the signatures cover; see `PsbtSignOptions`. */
  readonly hashType?: number;
}

export type FillOutcome =
  /** Complete: all inputs are unlocked. */
  | { readonly ok: true; readonly complete: boolean }
  /** Another hash type is wanted than asked for; or a previous transaction has no such output. */
  | { readonly ok: false; readonly problem: 'hash-type-mismatch' | 'missing-output' };

function addPreviousTransactions(wallet: LoadedWallet, { tx, inputs }: Psbt): void {
  inputs.forEach((map, i) => {
    const prevout = tx.inputs[i]?.prevout;
    if (prevout === undefined || isFinished(map)) return;
    const previous = wallet.history.find(prevout.txid)?.tx;
    if (previous !== undefined) map.setIfMissing(inputField.nonWitnessUtxo, new Uint8Array(0), serializeTransaction(previous, false));
  });
}

/** What the wallet knows about an input: by its script and, as far as that does not give private keys, by the keys it names. */
function knowledgeOf(wallet: LoadedWallet, map: PsbtMap, script: Uint8Array, sign: boolean): SolvingData {
  const { keyring } = wallet;
  const known = keyring.solve(script, { secrets: sign });
  const named = listedPubkeys(map, script);
  const pubkeys = keyring.isMine(script) ? (sign ? [...named, ...[...known.keys()].map(({ pubkey }) => pubkey)] : []) : named;
  for (const pubkey of pubkeys) {
    const more = known.secret(pubkey) === undefined ? keyring.solveKey(pubkey, { secrets: sign }) : undefined;
    if (more !== undefined) known.merge(more);
  }
  return known;
}

/**
 * Fills a PSBT with all that the wallet knows of its inputs and outputs and, if asked to, signs what it
 * has keys for. Inputs that are finished are left alone.
 */
export function fillPsbt(wallet: LoadedWallet, psbt: Psbt, options: FillOptions): FillOutcome {
  const { sign, derivations, finish, hashType } = options;
  addPreviousTransactions(wallet, psbt);
  const signer = new PsbtSigner(psbt);
  const hasKeys = [...wallet.keyring.descriptors].length > 0;
  for (const [i, map] of hasKeys ? psbt.inputs.entries() : []) {
    const script = spentOutput(psbt, i)?.scriptPubKey;
    if (isFinished(map)) continue;
    if (script === undefined) {
      if (map.has(inputField.nonWitnessUtxo)) return { ok: false, problem: 'missing-output' };
      continue;
    }
    const { result } = signer.sign(i, knowledgeOf(wallet, map, script, sign), {
      origins: derivations,
      finish,
      aux: new Uint8Array(randomBytes(32)),
      ...(hashType === undefined ? {} : { hashType }),
    });
    if (result === 'hash-type-mismatch') return { ok: false, problem: result };
  }
  psbt.tx.outputs.forEach(({ scriptPubKey }, i) => {
    if (wallet.keyring.isMine(scriptPubKey)) describeOutput(psbt, i, wallet.keyring.solve(scriptPubKey), { origins: derivations });
  });
  dropPreviousTransactions(psbt);
  return { ok: true, complete: signer.isComplete };
}
