import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { fromHex, isHex } from '../../src-bitcoin/bytes/hex.js';
import { hash160 } from '../../src-bitcoin/crypto/hash.js';
import { expandDescriptor } from '../../src-bitcoin/descriptor/expand.js';
import { parseDescriptor } from '../../src-bitcoin/descriptor/parse.js';
import { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import type { JsonValue } from '../../src-interfaces/json/json.js';
import type { Argument } from '../../src-interfaces/rpc/argument.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import { pubkeyOf } from '../../src-interfaces/rpc/pubkey.js';
import { asArray, asObject, asString } from '../../src-interfaces/rpc/values.js';

/** What is known about spending outputs that are not the wallet's, as an option of commands that pay. */
export const solvingDataArgument: Argument = {
  names: 'solving_data',
  kind: 'object',
  help: 'Keys and scripts of coins that are not the wallet\'s, to know how large what unlocks them will be.',
  inner: [
    { names: 'pubkeys', kind: 'array', default: [], help: 'Public keys.', inner: [{ names: 'pubkey', kind: 'hex', help: 'A public key.' }] },
    { names: 'scripts', kind: 'array', default: [], help: 'Redeem scripts and witness scripts.', inner: [{ names: 'script', kind: 'hex', help: 'A script.' }] },
    { names: 'descriptors', kind: 'array', default: [], help: 'Descriptors, of which index 0 is taken.', inner: [{ names: 'descriptor', kind: 'string', help: 'A descriptor.' }] },
  ],
};

function scriptOf(text: string): Uint8Array {
  if (text === '' || !isHex(text)) throw rpcError('invalidAddressOrKey', `'${text}' is not hex`);
  return fromHex(text);
}

/** @throws RpcFailure */
export function solvingDataOf(value: JsonValue, params: ChainParams): SolvingData {
  const given = asObject(value);
  const texts = (name: string): readonly string[] => (given[name] === undefined ? [] : asArray(given[name]).map(asString));
  const solving = new SolvingData();
  for (const pubkey of texts('pubkeys').map(pubkeyOf)) {
    solving.addPubkey(pubkey);
    // It may be in an output of this kind within P2SH.
    solving.addScript(scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash: hash160(pubkey) }));
  }
  for (const text of texts('scripts')) solving.addScript(scriptOf(text));
  for (const text of texts('descriptors')) {
    const parsed = parseDescriptor(text, params, { requireChecksum: true });
    if (!parsed.ok) throw rpcError('invalidParameter', `Unable to parse descriptor '${text}': ${parsed.error}`);
    for (const descriptor of parsed.descriptors) expandDescriptor(descriptor, 0, { secrets: parsed.secrets }, solving);
  }
  return solving;
}
