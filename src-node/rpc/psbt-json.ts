import { MAX_MONEY } from '../../src-bitcoin/amount.js';
import { encodeBase58Check } from '../../src-bitcoin/bytes/base58.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import type { KeyOrigin } from '../../src-bitcoin/descriptor/descriptor.js';
import { formatPath } from '../../src-bitcoin/keys/path.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { readTxOut } from '../../src-bitcoin/primitives/transaction.js';
import { readHashType, readOrigin, readTapOrigin, readTapTree, readWitness } from '../../src-bitcoin/psbt/field-values.js';
import { globalField, inputField, outputField } from '../../src-bitcoin/psbt/fields.js';
import { previousTransaction, spentOutput, type Psbt } from '../../src-bitcoin/psbt/psbt.js';
import type { PsbtField, PsbtMap } from '../../src-bitcoin/psbt/psbt-map.js';
import { hashTypeName, scriptToAsm } from '../../src-bitcoin/script/asm.js';
import { solve } from '../../src-bitcoin/script/solver.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { scriptJson, transactionJson } from '../../src-interfaces/rpc/transaction-json.js';
import { amountJson } from '../../src-interfaces/rpc/values.js';

type Members = Record<string, Jsonable>;

const pubkeySize = 33;

/** The member for a field that a map has once; none without the field. */
function one(map: PsbtMap, type: number, name: string, json: (value: Uint8Array) => Jsonable = toHex): Members {
  const value = map.get(type);
  return value === undefined ? {} : { [name]: json(value) };
}

/** The member for all fields of a type, as a list; none without such fields. */
function list(fields: readonly PsbtField[], name: string, json: (field: PsbtField) => Jsonable): Members {
  return fields.length === 0 ? {} : { [name]: fields.map(json) };
}

/** The same as an object: from key data to value, unless told otherwise. */
function dictionary(fields: readonly PsbtField[], name: string, key: (field: PsbtField) => Uint8Array = ({ keyData }) => keyData): Members {
  return fields.length === 0 ? {} : { [name]: dictionaryOf(fields, key) };
}

function dictionaryOf(fields: readonly PsbtField[], key: (field: PsbtField) => Uint8Array): Members {
  return Object.fromEntries(fields.map((field) => [toHex(key(field)), toHex(field.value)]));
}

const wholeKey = ({ key }: PsbtField): Uint8Array => key;

const originJson = ({ fingerprint, path }: KeyOrigin): Members => ({ master_fingerprint: toHex(fingerprint), path: `m${formatPath(path)}` });

const innerScriptJson = (script: Uint8Array): Jsonable => ({ asm: scriptToAsm(script), hex: toHex(script), type: solve(script).type });

function proprietaryJson({ key, keyData, value }: PsbtField): Jsonable {
  const reader = new ByteReader(keyData);
  return { identifier: toHex(reader.varBytes()), subtype: reader.compactSize64(), key: toHex(key), value: toHex(value) };
}

function tapDerivationJson({ keyData, value }: PsbtField): Jsonable {
  const { leafHashes, origin } = readTapOrigin(value);
  return { pubkey: toHex(keyData), ...originJson(origin), leaf_hashes: leafHashes.map(toHex) };
}

function participantsJson({ keyData, value }: PsbtField): Jsonable {
  const keys = Array.from({ length: value.length / pubkeySize }, (_, i) => value.subarray(i * pubkeySize, (i + 1) * pubkeySize));
  return { aggregate_pubkey: toHex(keyData), participant_pubkeys: keys.map(toHex) };
}

const participantFieldJson =
  (name: string) =>
  ({ keyData, value }: PsbtField): Jsonable => {
    const leafHash = keyData.subarray(2 * pubkeySize);
    return {
      participant_pubkey: toHex(keyData.subarray(0, pubkeySize)),
      aggregate_pubkey: toHex(keyData.subarray(pubkeySize, 2 * pubkeySize)),
      ...(leafHash.length === 0 ? {} : { leaf_hash: toHex(leafHash) }),
      [name]: toHex(value),
    };
  };

/** Leaf scripts, each once with all the control blocks that prove it. */
function leafScripts(fields: readonly PsbtField[]): Members {
  const controlBlocks = new Map<string, string[]>();
  for (const { keyData, value } of fields) {
    const leaf = toHex(value);
    controlBlocks.set(leaf, [...(controlBlocks.get(leaf) ?? []), toHex(keyData)]);
  }
  if (controlBlocks.size === 0) return {};
  return { taproot_scripts: [...controlBlocks].map(([leaf, blocks]) => ({ script: leaf.slice(0, -2), leaf_ver: Number.parseInt(leaf.slice(-2), 16), control_blocks: blocks })) };
}

function inputJson(map: PsbtMap, params: ChainParams): Jsonable {
  const previous = previousTransaction(map);
  return {
    ...one(map, inputField.witnessUtxo, 'witness_utxo', (bytes) => {
      const { value, scriptPubKey } = readTxOut(new ByteReader(bytes));
      return { amount: amountJson(value), scriptPubKey: scriptJson(scriptPubKey, params) };
    }),
    ...(previous === undefined ? {} : { non_witness_utxo: transactionJson(previous, params, { hex: false }) }),
    ...dictionary(map.all(inputField.partialSignature), 'partial_signatures'),
    ...one(map, inputField.hashType, 'sighash', (value) => hashTypeName(readHashType(value) & 0xff) ?? ''),
    ...one(map, inputField.redeemScript, 'redeem_script', innerScriptJson),
    ...one(map, inputField.witnessScript, 'witness_script', innerScriptJson),
    ...list(map.all(inputField.derivation), 'bip32_derivs', ({ keyData, value }) => ({ pubkey: toHex(keyData), ...originJson(readOrigin(value)) })),
    ...one(map, inputField.finalScriptSig, 'final_scriptSig', (script) => ({ asm: scriptToAsm(script, true), hex: toHex(script) })),
    ...one(map, inputField.finalWitness, 'final_scriptwitness', (value) => readWitness(value).map(toHex)),
    ...dictionary(map.all(inputField.ripemd160), 'ripemd160_preimages'),
    ...dictionary(map.all(inputField.sha256), 'sha256_preimages'),
    ...dictionary(map.all(inputField.hash160), 'hash160_preimages'),
    ...dictionary(map.all(inputField.hash256), 'hash256_preimages'),
    ...one(map, inputField.tapKeySignature, 'taproot_key_path_sig'),
    ...list(map.all(inputField.tapScriptSignature), 'taproot_script_path_sigs', ({ keyData, value }) => ({
      pubkey: toHex(keyData.subarray(0, 32)),
      leaf_hash: toHex(keyData.subarray(32)),
      sig: toHex(value),
    })),
    ...leafScripts(map.all(inputField.tapLeafScript)),
    ...list(map.all(inputField.tapDerivation), 'taproot_bip32_derivs', tapDerivationJson),
    ...one(map, inputField.tapInternalKey, 'taproot_internal_key'),
    ...one(map, inputField.tapMerkleRoot, 'taproot_merkle_root'),
    ...list(map.all(inputField.musig2Participants), 'musig2_participant_pubkeys', participantsJson),
    ...list(map.all(inputField.musig2Nonce), 'musig2_pubnonces', participantFieldJson('pubnonce')),
    ...list(map.all(inputField.musig2PartialSignature), 'musig2_partial_sigs', participantFieldJson('partial_sig')),
    ...list(map.all(inputField.proprietary), 'proprietary', proprietaryJson),
    ...dictionary(map.unknown(), 'unknown', wholeKey),
  };
}

function outputJson(map: PsbtMap): Jsonable {
  return {
    ...one(map, outputField.redeemScript, 'redeem_script', innerScriptJson),
    ...one(map, outputField.witnessScript, 'witness_script', innerScriptJson),
    ...list(map.all(outputField.derivation), 'bip32_derivs', ({ keyData, value }) => ({ pubkey: toHex(keyData), ...originJson(readOrigin(value)) })),
    ...one(map, outputField.tapInternalKey, 'taproot_internal_key'),
    ...one(map, outputField.tapTree, 'taproot_tree', (value) => Array.from(readTapTree(value), ({ depth, version, script }) => ({ depth, leaf_ver: version, script: toHex(script) }))),
    ...list(map.all(outputField.tapDerivation), 'taproot_bip32_derivs', tapDerivationJson),
    ...list(map.all(outputField.musig2Participants), 'musig2_participant_pubkeys', participantsJson),
    ...list(map.all(outputField.proprietary), 'proprietary', proprietaryJson),
    ...dictionary(map.unknown(), 'unknown', wholeKey),
  };
}

/** What the outputs leave of what the inputs bring, satoshis; undefined when an amount is unknown or no amount of money. */
function feeOf(psbt: Psbt): bigint | undefined {
  const total = (amounts: readonly (bigint | undefined)[]): bigint | undefined =>
    amounts.reduce((sum, amount) => {
      if (sum === undefined || amount === undefined || amount < 0n || amount > MAX_MONEY || sum + amount > MAX_MONEY) return undefined;
      return sum + amount;
    }, 0n);
  const spent = total(psbt.inputs.map((_map, i) => spentOutput(psbt, i)?.value));
  const paid = total(psbt.tx.outputs.map(({ value }) => value));
  return spent === undefined || paid === undefined ? undefined : spent - paid;
}

/** A PSBT with all its fields in words, as `decodepsbt` shows it. */
export function psbtJson(psbt: Psbt, params: ChainParams): Jsonable {
  const { tx, global, inputs, outputs } = psbt;
  const fee = feeOf(psbt);
  return {
    tx: transactionJson(tx, params, { hex: false }),
    global_xpubs: global.all(globalField.xpub).map(({ keyData, value }) => ({ xpub: encodeBase58Check(keyData), ...originJson(readOrigin(value)) })),
    psbt_version: 0,
    proprietary: global.all(globalField.proprietary).map(proprietaryJson),
    unknown: dictionaryOf(global.unknown(), wholeKey),
    inputs: inputs.map((map) => inputJson(map, params)),
    outputs: outputs.map(outputJson),
    ...(fee === undefined ? {} : { fee: amountJson(fee) }),
  };
}
