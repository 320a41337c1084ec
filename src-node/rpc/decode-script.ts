import { encodeDestination } from '../../src-bitcoin/address/address.js';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { hash160, sha256 } from '../../src-bitcoin/crypto/hash.js';
import { inferDescriptor } from '../../src-bitcoin/descriptor/infer.js';
import { printDescriptor } from '../../src-bitcoin/descriptor/print.js';
import { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { OP_CHECKSIGADD } from '../../src-bitcoin/script/opcodes.js';
import { isUnspendable, ScriptReader } from '../../src-bitcoin/script/script.js';
import { solve, type ScriptSolution } from '../../src-bitcoin/script/solver.js';
import { isOpSuccess } from '../../src-bitcoin/script/verify.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import type { CommandSpec } from '../../src-interfaces/rpc/command.js';
import { hasValidOperations } from '../../src-interfaces/rpc/decode-transaction.js';
import { scriptJson } from '../../src-interfaces/rpc/transaction-json.js';
import { asHex } from '../../src-interfaces/rpc/values.js';

const wrappable: readonly ScriptSolution['type'][] = [
  'multisig',
  'nonstandard',
  'pubkey',
  'pubkeyhash',
  'witness_v0_keyhash',
  'witness_v0_scripthash',
];

/** Whether a script makes sense behind a script hash. */
function canWrap(script: Uint8Array, type: ScriptSolution['type']): boolean {
  if (!wrappable.includes(type) || !hasValidOperations(script) || isUnspendable(script)) return false;
  const reader = new ScriptReader(script);
  while (!reader.atEnd && reader.next()) {
    if (reader.opcode === OP_CHECKSIGADD || isOpSuccess(reader.opcode)) return false;
  }
  return true;
}

/** The witness output script for a script: of its key where it has one, else of its hash. Undefined for what must not be one. */
function witnessScript(script: Uint8Array, solution: ScriptSolution): Uint8Array | undefined {
  const compressed = (key: Uint8Array): boolean => key.length === 33;
  switch (solution.type) {
    case 'pubkey':
      if (!compressed(solution.publicKey)) return undefined;
      return scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash: hash160(solution.publicKey) });
    case 'pubkeyhash':
      return scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash: solution.hash });
    case 'multisig':
      if (!solution.publicKeys.every(compressed)) return undefined;
      return scriptPubKeyOf({ kind: 'witness_v0_scripthash', hash: sha256(script) });
    case 'nonstandard':
      return scriptPubKeyOf({ kind: 'witness_v0_scripthash', hash: sha256(script) });
    default:
      return undefined;
  }
}

function decodeScript(script: Uint8Array, params: ChainParams): Jsonable {
  const { hex: _given, ...shown } = scriptJson(script, params);
  const solution = solve(script);
  if (!canWrap(script, solution.type)) return shown;
  const scriptHash = (inner: Uint8Array): string | undefined =>
    encodeDestination({ kind: 'scripthash', hash: hash160(inner) }, params);
  const witness = witnessScript(script, solution);
  if (witness === undefined) return { ...shown, p2sh: scriptHash(script) };
  const known = new SolvingData();
  known.addScript(script);
  const segwit = {
    ...scriptJson(witness, params),
    desc: printDescriptor(inferDescriptor(witness, known), params),
    'p2sh-segwit': scriptHash(witness),
  };
  return { ...shown, p2sh: scriptHash(script), segwit };
}

export function decodeScriptCommand(params: ChainParams): CommandSpec {
  return {
    name: 'decodescript',
    category: 'rawtransactions',
    description: 'Returns a script in words, its kind, and the addresses that stand for it and for what wraps it.',
    args: [{ names: 'hexstring', kind: 'hex', required: true, help: 'The script; may be empty' }],
    run: (call) => decodeScript(call.string('hexstring') === '' ? new Uint8Array(0) : asHex(call.value('hexstring'), 'argument'), params),
  };
}
