import { randomInt } from 'node:crypto';
import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { sigOpsCost } from '../../src-bitcoin/consensus/sigops.js';
import { hash160 } from '../../src-bitcoin/crypto/hash.js';
import { serializeTransaction, transactionWeight } from '../../src-bitcoin/primitives/transaction.js';
import { analyzePsbt, type PsbtAnalysis, type PsbtInputAnalysis } from '../../src-bitcoin/psbt/analyze-psbt.js';
import { combinePsbts, joinPsbts } from '../../src-bitcoin/psbt/merge-psbts.js';
import { extractTransaction, type Psbt } from '../../src-bitcoin/psbt/psbt.js';
import { psbtToText } from '../../src-bitcoin/psbt/psbt-text.js';
import { finishPsbt, PsbtSigner } from '../../src-bitcoin/psbt/sign-psbt.js';
import { standardScriptFlags } from '../../src-bitcoin/script/flags.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import type { Argument } from '../../src-interfaces/rpc/argument.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { hashTypeArgument, hashTypeOf } from '../../src-interfaces/rpc/hash-type.js';
import { psbtArgument, psbtOf } from '../../src-interfaces/rpc/psbt-argument.js';
import { amountJson, asString } from '../../src-interfaces/rpc/values.js';
import type { RpcContext } from './context.js';
import { psbtJson } from './psbt-json.js';
import { updatePsbt } from './psbt-update.js';
import { describedScripts, scanObjectArguments } from './scan-object.js';
import { Turns } from './turns.js';

const category = 'rawtransactions';

function psbtsOf(call: RpcCall): readonly Psbt[] {
  return call.array('txs').map((text) => psbtOf(asString(text)));
}

function combine(call: RpcCall): string {
  const [first, ...others] = psbtsOf(call);
  if (first === undefined) throw rpcError('invalidParameter', "Parameter 'txs' cannot be empty");
  const combined = combinePsbts(first, others);
  if (combined === undefined) throw rpcError('invalidParameter', 'PSBTs not compatible (different transactions)');
  return psbtToText(combined);
}

function shuffle<T>(list: readonly T[]): readonly T[] {
  const places = list.map((item) => ({ item, place: randomInt(2 ** 48 - 1) }));
  return places.sort((a, b) => a.place - b.place).map(({ item }) => item);
}

function join(call: RpcCall): string {
  if (call.array('txs').length < 2) throw rpcError('invalidParameter', 'At least two PSBTs are required to join PSBTs.');
  const joined = joinPsbts(psbtsOf(call), shuffle);
  if (joined.ok) return psbtToText(joined.psbt);
  const { txid, index } = joined.twice;
  throw rpcError('invalidParameter', `Input ${hashToHex(txid)}:${index} exists in multiple PSBTs`);
}

function finalize(call: RpcCall): Jsonable {
  const psbt = psbtOf(call.string('psbt'));
  const complete = finishPsbt(psbt);
  const text = complete && call.boolean('extract') ? { hex: toHex(serializeTransaction(extractTransaction(psbt))) } : { psbt: psbtToText(psbt) };
  return { ...text, complete };
}

function inputAnalysisJson({ hasOutput, isFinal, next, missing }: PsbtInputAnalysis): Jsonable {
  const { pubkeys, signatures, redeemScript, witnessScript } = missing;
  const parts = {
    ...(pubkeys.length === 0 ? {} : { pubkeys: pubkeys.map(toHex) }),
    ...(redeemScript === undefined ? {} : { redeemscript: toHex(redeemScript) }),
    ...(witnessScript === undefined ? {} : { witnessscript: toHex(witnessScript) }),
    ...(signatures.length === 0 ? {} : { signatures: signatures.map((pubkey) => toHex(hash160(pubkey))) }),
  };
  return { has_utxo: hasOutput, is_final: isFinal, next, ...(Object.keys(parts).length === 0 ? {} : { missing: parts }) };
}

/** Satoshis per 1000 vbytes, rounded down also below zero. */
function feeRateOf(fee: bigint, virtualSize: number): bigint {
  const rate = (fee * 1000n) / BigInt(virtualSize);
  return fee < 0n && rate * BigInt(virtualSize) !== fee * 1000n ? rate - 1n : rate;
}

function analysisJson(analysis: PsbtAnalysis, bytesPerSigOp: number): Jsonable {
  if (!analysis.ok) return { next: 'creator', error: analysis.error };
  const { inputs, next, fee, finished } = analysis;
  const estimate = (): Record<string, Jsonable> => {
    if (fee === undefined || finished === undefined) return {};
    const { tx, spent } = finished;
    const weight = Math.max(transactionWeight(tx), sigOpsCost(tx, spent, standardScriptFlags, false) * bytesPerSigOp);
    const virtualSize = Math.ceil(weight / 4);
    return { estimated_vsize: virtualSize, estimated_feerate: amountJson(feeRateOf(fee, virtualSize)) };
  };
  return {
    ...(inputs.length === 0 ? {} : { inputs: inputs.map(inputAnalysisJson) }),
    ...estimate(),
    ...(fee === undefined ? {} : { fee: amountJson(fee) }),
    next,
  };
}

async function update(context: RpcContext, call: RpcCall): Promise<string> {
  const { solving } = await describedScripts(call.has('descriptors') ? call.array('descriptors') : [], context.chainstate.params, new Turns(context.stopping));
  const psbt = psbtOf(call.string('psbt'));
  updatePsbt(context, psbt, { known: solving, origins: true, finish: false });
  return psbtToText(psbt);
}

async function processWithDescriptors(context: RpcContext, call: RpcCall): Promise<Jsonable> {
  const { solving, signing } = await describedScripts(call.array('descriptors'), context.chainstate.params, new Turns(context.stopping));
  const hashType = hashTypeOf(call.value('sighashtype'));
  const psbt = psbtOf(call.string('psbt'));
  const choices = { origins: call.boolean('bip32derivs'), finish: call.boolean('finalize'), ...(hashType === undefined ? {} : { hashType }) };
  updatePsbt(context, psbt, { known: solving, signing, ...choices });
  const complete = new PsbtSigner(psbt).isComplete;
  return { psbt: psbtToText(psbt), complete, ...(complete ? { hex: toHex(serializeTransaction(extractTransaction(psbt))) } : {}) };
}

const psbtsArgument = (required: boolean): Argument => ({
  names: 'txs',
  kind: 'array',
  required: true,
  help: 'PSBTs in Base64.',
  inner: [{ names: 'psbt', kind: 'string', required, help: 'A PSBT.' }],
});

const descriptorsArgument: Argument = { names: 'descriptors', kind: 'array', help: 'What is known of scripts and their keys.', inner: scanObjectArguments };

/** Commands about partially signed transactions that need no wallet. */
export function psbtCommands(context: RpcContext): readonly CommandSpec[] {
  const { params } = context.chainstate;
  return [
    {
      name: 'decodepsbt',
      category,
      description: 'Returns a PSBT as an object.',
      args: [psbtArgument],
      run: (call) => psbtJson(psbtOf(call.string('psbt')), params),
    },
    {
      name: 'analyzepsbt',
      category,
      description: 'Tells how far a PSBT has come, what its inputs lack, and who has to work on it next.',
      args: [psbtArgument],
      run: (call) => analysisJson(analyzePsbt(psbtOf(call.string('psbt'))), context.mempool.policy.bytesPerSigOp),
    },
    {
      name: 'combinepsbt',
      category,
      description: 'Puts together what several PSBTs say of the same transaction. Where they differ, the first is right.',
      args: [psbtsArgument(false)],
      run: combine,
    },
    {
      name: 'joinpsbts',
      category,
      description: 'Makes one PSBT with the inputs and outputs of several, in any order. None may spend what another spends. Signatures are left out.',
      args: [psbtsArgument(true)],
      run: join,
    },
    {
      name: 'finalizepsbt',
      category,
      description: 'Finishes the inputs of a PSBT that have all their signatures, and returns the transaction when all of them have.',
      args: [psbtArgument, { names: 'extract', kind: 'boolean', default: true, help: 'Return the transaction, once it is complete, and not the PSBT.' }],
      run: finalize,
    },
    {
      name: 'utxoupdatepsbt',
      category,
      description: 'Fills a PSBT with what mempool and chain know of the outputs it spends, and with what descriptors tell of its scripts.',
      args: [psbtArgument, descriptorsArgument],
      run: (call) => update(context, call),
    },
    {
      name: 'descriptorprocesspsbt',
      category,
      description: 'Fills a PSBT as utxoupdatepsbt does, and signs the inputs for which the descriptors have private keys.',
      args: [
        psbtArgument,
        { ...descriptorsArgument, required: true },
        hashTypeArgument,
        { names: 'bip32derivs', kind: 'boolean', default: true, help: 'Say which BIP32 paths public keys come from, where known.' },
        { names: 'finalize', kind: 'boolean', default: true, help: 'Finish inputs that have all their signatures.' },
      ],
      run: (call) => processWithDescriptors(context, call),
    },
  ];
}
