import { concatBytes } from '../bytes/bytes.js';
import { fromHex, isHex, toHex } from '../bytes/hex.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import { decodeExtendedPrivateKey, decodeExtendedPublicKey, neuter } from '../keys/bip32.js';
import { hardened, hardenedOffset } from '../keys/path.js';
import { decodeWif } from '../keys/wif.js';
import type { ChainParams } from '../params/chain-params.js';
import type { KeyExpression, KeyOrigin, Wildcard } from './descriptor.js';

/** Thrown inside the parser with Bitcoin Core's words; `parseDescriptor` turns it into a value. */
export class DescriptorFault extends Error {
  override readonly name = 'DescriptorFault';
}

/** Where in a descriptor an expression stands: decides what may stand there. */
export type Context = 'top' | 'sh' | 'wpkh' | 'wsh' | 'tr';

/** Private keys by the hex of the public key they belong to. For BIP32 keys, that of the root as written. */
export type SecretKeys = ReadonlyMap<string, Uint8Array>;

/** What the parser carries along. */
export interface ParserState {
  readonly params: ChainParams;
  readonly secrets: Map<string, Uint8Array>;
  nextKeyIndex: number;
}

/** Hardened marks seen in one key expression; the last one decides how the key is printed. */
interface Marks {
  apostrophe: boolean;
}

function parseStep(text: string, marks: Marks): number {
  const mark = text.at(-1);
  const isHard = mark === "'" || mark === 'h';
  if (isHard) marks.apostrophe = mark === "'";
  const digits = isHard ? text.slice(0, -1) : text;
  const value = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(value <= 0xffffffff)) throw new DescriptorFault(`Key path value '${digits}' is not a valid uint32`);
  if (value >= hardenedOffset) throw new DescriptorFault(`Key path value ${value} is out of range`);
  return isHard ? hardened(value) : value;
}

function parseChoices(text: string, marks: Marks): readonly number[] {
  const parts = text.slice(1, -1).split(';');
  if (parts.length < 2) throw new DescriptorFault('Multipath key path specifiers must have at least two items');
  const values: number[] = [];
  for (const part of parts) {
    const value = parseStep(part, marks);
    if (values.includes(value)) throw new DescriptorFault(`Duplicated key path value ${value} in multipath specifier`);
    values.push(value);
  }
  return values;
}

/** The paths a list of steps stands for: several when one step is a BIP389 choice `<0;1>`. */
function parsePaths(steps: readonly string[], marks: Marks, allowMultipath: boolean): readonly (readonly number[])[] {
  let paths: readonly (readonly number[])[] = [[]];
  for (const step of steps) {
    let choices: readonly number[];
    if (step.startsWith('<') && step.endsWith('>')) {
      if (!allowMultipath) {
        throw new DescriptorFault(`Key path value '${step}' specifies multipath in a section where multipath is not allowed`);
      }
      if (paths.length > 1) throw new DescriptorFault('Multiple multipath key path specifiers found');
      choices = parseChoices(step, marks);
    } else {
      choices = [parseStep(step, marks)];
    }
    paths = paths.flatMap((path) => choices.map((choice) => [...path, choice]));
  }
  return paths;
}

function parseHexKey(text: string, context: Context): KeyExpression['key'] {
  const bytes = fromHex(text);
  const head = bytes[0];
  const hybrid = bytes.length === 65 && (head === 6 || head === 7);
  if (hybrid) throw new DescriptorFault('Hybrid public keys are not allowed');
  if (bytes.length !== 32 && secp256k1.isValidPublicKey(bytes)) {
    requireCompressed(bytes.length === 33, context);
    return { kind: 'fixed', pubkey: bytes, xOnly: false };
  }
  if (bytes.length === 32 && context === 'tr' && secp256k1.isValidXOnlyPublicKey(bytes)) {
    return { kind: 'fixed', pubkey: concatBytes(Uint8Array.of(2), bytes), xOnly: true };
  }
  throw new DescriptorFault(`Pubkey '${text}' is invalid`);
}

function requireCompressed(compressed: boolean, context: Context): void {
  if (!compressed && context !== 'top' && context !== 'sh') throw new DescriptorFault('Uncompressed keys are not allowed');
}

function parseSingleKey(text: string, context: Context, state: ParserState): KeyExpression['key'] | undefined {
  if (isHex(text)) return parseHexKey(text, context);
  const key = decodeWif(text, state.params);
  if (key === undefined || !secp256k1.isValidSecretKey(key.secret)) return undefined;
  requireCompressed(key.compressed, context);
  const pubkey = secp256k1.createPublicKey(key.secret, key.compressed);
  state.secrets.set(toHex(pubkey), key.secret);
  return { kind: 'fixed', pubkey, xOnly: context === 'tr' };
}

function takeWildcard(steps: string[], marks: Marks): Wildcard {
  const last = steps.at(-1);
  if (last !== '*' && last !== "*'" && last !== '*h') return 'none';
  steps.pop();
  if (last === '*') return 'unhardened';
  marks.apostrophe = last === "*'";
  return 'hardened';
}

function parseExtended(name: string, steps: string[], marks: Marks, state: ParserState): readonly KeyExpression['key'][] {
  const secret = decodeExtendedPrivateKey(name, state.params);
  const root = secret === undefined ? decodeExtendedPublicKey(name, state.params) : neuter(secret);
  if (root === undefined) throw new DescriptorFault(`key '${name}' is not valid`);
  const wildcard = takeWildcard(steps, marks);
  const paths = parsePaths(steps, marks, true);
  if (secret !== undefined) state.secrets.set(toHex(root.pubkey), secret.secret);
  return paths.map((path) => ({ kind: 'extended', root, path, wildcard }));
}

function parseBareKey(text: string, context: Context, marks: Marks, state: ParserState): readonly KeyExpression['key'][] {
  const [name = '', ...steps] = text.split('/');
  if (name === '') throw new DescriptorFault('No key provided');
  if (name.trim() !== name) throw new DescriptorFault(`Key '${name}' is invalid due to whitespace`);
  if (steps.length === 0) {
    const single = parseSingleKey(name, context, state);
    if (single !== undefined) return [single];
  }
  return parseExtended(name, steps, marks, state);
}

function parseOrigin(text: string, marks: Marks): KeyOrigin {
  if (!text.startsWith('[')) {
    throw new DescriptorFault(
      `Key origin start '[ character expected but not found, got '${text === '' ? ']' : text.charAt(0)}' instead`,
    );
  }
  const [fingerprint = '', ...steps] = text.slice(1).split('/');
  if (fingerprint.length !== 8) {
    throw new DescriptorFault(`Fingerprint is not 4 bytes (${fingerprint.length} characters instead of 8 characters)`);
  }
  if (!isHex(fingerprint)) throw new DescriptorFault(`Fingerprint '${fingerprint}' is not hex`);
  return { fingerprint: fromHex(fingerprint), path: parsePaths(steps, marks, false)[0] ?? [] };
}

/**
 * Reads one key expression. More than one comes back when its path holds a choice `<0;1>`.
 * @throws DescriptorFault
 */
export function parseKey(text: string, context: Context, state: ParserState): readonly KeyExpression[] {
  if (text.startsWith('musig(')) {
    throw new DescriptorFault(context === 'tr' ? 'musig() is not supported' : 'musig() is only allowed in tr() and rawtr()');
  }
  const [first = '', second, ...more] = text.split(']');
  if (more.length > 0) throw new DescriptorFault("Multiple ']' characters found for a single pubkey");
  const marks: Marks = { apostrophe: false };
  const origin = second === undefined ? undefined : parseOrigin(first, marks);
  const keys = parseBareKey(second ?? first, context, marks, state);
  const index = state.nextKeyIndex++;
  return keys.map((key) => ({ index, origin, apostrophe: marks.apostrophe, key }));
}
