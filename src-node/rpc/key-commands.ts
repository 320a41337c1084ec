import { decodeAddress, encodeAddress } from '../../src-bitcoin/address/address.js';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { hash160, sha256 } from '../../src-bitcoin/crypto/hash.js';
import { secp256k1 } from '../../src-bitcoin/crypto/secp256k1.js';
import { outputTypeOf, type OutputType } from '../../src-bitcoin/descriptor/descriptor.js';
import { multisigScript } from '../../src-bitcoin/descriptor/expand.js';
import { inferDescriptor } from '../../src-bitcoin/descriptor/infer.js';
import { parseOutputType } from '../../src-bitcoin/descriptor/output-types.js';
import { printDescriptor } from '../../src-bitcoin/descriptor/print.js';
import { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import { decodeWif, type PrivateKey } from '../../src-bitcoin/keys/wif.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { maxScriptElementSize } from '../../src-bitcoin/script/limits.js';
import { messageHash, signMessage } from '../../src-bitcoin/sign/signed-message.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { pubkeyOf } from '../../src-interfaces/rpc/pubkey.js';
import { asString } from '../../src-interfaces/rpc/values.js';

const category = 'util';
const mostKeys = 20;

/** A private key as wallets export it. @throws RpcFailure */
export function privateKeyOf(text: string, params: ChainParams): PrivateKey {
  const key = decodeWif(text, params);
  if (key === undefined || !secp256k1.isValidSecretKey(key.secret)) throw rpcError('invalidAddressOrKey', 'Invalid private key');
  return key;
}

function verifyMessage(params: ChainParams, call: RpcCall): boolean {
  const decoded = decodeAddress(call.string('address'), params);
  if (!decoded.ok) throw rpcError('invalidAddressOrKey', 'Invalid address');
  const { destination } = decoded;
  if (destination.kind !== 'pubkeyhash') throw rpcError('type', 'Address does not refer to key');
  const text = call.string('signature');
  const signature = Buffer.from(text, 'base64');
  if (signature.toString('base64') !== text) throw rpcError('type', 'Malformed base64 encoding');
  const pubkey = secp256k1.recoverPublicKey(messageHash(Buffer.from(call.string('message'))), new Uint8Array(signature));
  return pubkey !== undefined && equalBytes(hash160(pubkey), destination.hash);
}

function signWithKey(params: ChainParams, call: RpcCall): string {
  const { secret, compressed } = privateKeyOf(call.string('privkey'), params);
  return Buffer.from(signMessage(Buffer.from(call.string('message')), secret, compressed)).toString('base64');
}

/** The output script of a multisig script, wrapped as an address type asks for, and what is needed to spend it. */
function wrapped(script: Uint8Array, pubkeys: readonly Uint8Array[], type: OutputType): { readonly output: Uint8Array; readonly known: SolvingData } {
  const known = new SolvingData();
  for (const pubkey of pubkeys) known.addPubkey(pubkey);
  known.addScript(script);
  const witness = scriptPubKeyOf({ kind: 'witness_v0_scripthash', hash: sha256(script) });
  if (type === 'bech32') return { output: witness, known };
  const inner = type === 'legacy' ? script : witness;
  known.addScript(inner);
  return { output: scriptPubKeyOf({ kind: 'scripthash', hash: hash160(inner) }), known };
}

function createMultisig(params: ChainParams, call: RpcCall): Jsonable {
  const required = call.integer('nrequired');
  const pubkeys = call.array('keys').map((key) => pubkeyOf(asString(key)));
  const asked = parseOutputType(call.string('address_type'));
  if (asked === undefined) throw rpcError('invalidAddressOrKey', `Unknown address type '${call.string('address_type')}'`);
  if (asked === 'bech32m') throw rpcError('invalidAddressOrKey', 'createmultisig cannot create bech32m multisig addresses');
  if (required < 1) throw rpcError('invalidParameter', 'a multisignature address must require at least one key to redeem');
  if (pubkeys.length < required) {
    throw rpcError('invalidParameter', `not enough keys supplied (got ${pubkeys.length} keys, but need at least ${required} to redeem)`);
  }
  if (pubkeys.length > mostKeys) {
    throw rpcError('invalidParameter', `Number of keys involved in the multisignature address creation > ${mostKeys}\nReduce the number`);
  }
  const script = multisigScript(required, pubkeys);
  // A witness takes compressed keys only.
  const type = pubkeys.every((pubkey) => pubkey.length === 33) ? asked : 'legacy';
  if (type === 'legacy' && script.length > maxScriptElementSize) {
    throw rpcError('invalidParameter', `redeemScript exceeds size limit: ${script.length} > ${maxScriptElementSize}`);
  }
  const { output, known } = wrapped(script, pubkeys, type);
  const descriptor = inferDescriptor(output, known);
  return {
    address: encodeAddress(output, params),
    redeemScript: toHex(script),
    descriptor: printDescriptor(descriptor, params),
    ...(outputTypeOf(descriptor) === asked ? {} : { warnings: ['Unable to make chosen address type, please ensure no uncompressed public keys are present.'] }),
  };
}

/** Commands about keys that the caller brings, and what is signed with them. */
export function keyCommands(params: ChainParams): readonly CommandSpec[] {
  const messageArgument = { names: 'message', kind: 'string', required: true, help: 'The text' } as const;
  return [
    {
      name: 'verifymessage',
      category,
      description: 'Tells whether a text was signed with the key of a legacy address.',
      args: [
        { names: 'address', kind: 'string', required: true, help: 'The address' },
        { names: 'signature', kind: 'string', required: true, help: 'What signmessage returned, in Base64' },
        messageArgument,
      ],
      result: 'true|false    (boolean)',
      run: (call) => verifyMessage(params, call),
    },
    {
      name: 'signmessagewithprivkey',
      category,
      description: 'Signs a text with a private key. Whoever has the legacy address of the key can verify it.',
      args: [{ names: 'privkey', kind: 'string', required: true, help: 'The private key, as wallets export it' }, messageArgument],
      result: '"str"    (string) The signature in Base64',
      run: (call) => signWithKey(params, call),
    },
    {
      name: 'createmultisig',
      category,
      description: 'Returns an address to whose coins several of some keys must sign together, and what is needed to spend them.',
      args: [
        { names: 'nrequired', kind: 'number', required: true, help: 'How many must sign' },
        { names: 'keys', kind: 'array', required: true, help: 'Public keys', inner: [{ names: 'key', kind: 'hex', help: 'A public key' }] },
        { names: 'address_type', kind: 'string', default: 'legacy', help: '"legacy", "p2sh-segwit" or "bech32"' },
      ],
      result: `{
  "address": "str",         (string) The address
  "redeemScript": "hex",    (string) The script behind it
  "descriptor": "str",      (string) Its descriptor
  "warnings": [ "str" ]     (json array, optional) Why it is of another type than asked for
}`,
      run: (call) => createMultisig(params, call),
    },
  ];
}
