import { decodeAddress } from '../address/address.js';
import { fromHex, isHex } from '../bytes/hex.js';
import type { ChainParams } from '../params/chain-params.js';
import { splitChecksum } from './checksum.js';
import type { Descriptor, DescriptorTree, KeyExpression } from './descriptor.js';
import { DescriptorFault, parseKey, type Context, type ParserState, type SecretKeys } from './parse-key.js';

export type ParsedDescriptor =
  | {
      readonly ok: true;
      /** One, or one per choice when the text holds a multipath step such as `<0;1>` (BIP389). */
      readonly descriptors: readonly [Descriptor, ...Descriptor[]];
      /** Private keys that stood in the text. */
      readonly secrets: SecretKeys;
      /** The right checksum of the text as given. */
      readonly checksum: string;
    }
  | { readonly ok: false; /** Bitcoin Core's words. */ readonly error: string };

const maxKeysPerMultisig = 20;
const maxKeysPerMultiA = 999;
const maxBareMultisigKeys = 3;
const maxScriptElementSize = 520;
const maxTreeDepth = 128;

/** Reads the arguments of an expression from left to right. */
class Cursor {
  #rest: string;

  constructor(text: string) {
    this.#rest = text;
  }

  get rest(): string {
    return this.#rest;
  }

  /** Steps over `text` if it comes next. */
  take(text: string): boolean {
    if (!this.#rest.startsWith(text)) return false;
    this.#rest = this.#rest.slice(text.length);
    return true;
  }

  /** Everything up to a comma or closing bracket that belongs to the surrounding expression. */
  expression(): string {
    let level = 0;
    let end = 0;
    for (; end < this.#rest.length; end++) {
      const letter = this.#rest.charAt(end);
      if (letter === '(' || letter === '{') level++;
      else if (level > 0 && (letter === ')' || letter === '}')) level--;
      else if (level === 0 && (letter === ')' || letter === '}' || letter === ',')) break;
    }
    const taken = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end);
    return taken;
  }
}

/** One list per variant, from one list of variants per part. A part with one variant is the same in all. */
function alignVariants<T>(lists: readonly (readonly T[])[], count: number, mismatch: string): readonly (readonly T[])[] {
  if (lists.some((list) => list.length !== 1 && list.length !== count)) throw new DescriptorFault(mismatch);
  return Array.from({ length: count }, (_, i) => lists.flatMap((list) => list.slice(list.length === 1 ? 0 : i).slice(0, 1)));
}

function within<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (fault) {
    throw fault instanceof DescriptorFault ? new DescriptorFault(`${name}: ${fault.message}`) : fault;
  }
}

function keySize(key: KeyExpression): number {
  return key.key.kind === 'fixed' ? key.key.pubkey.length : 33;
}

type MultiKind = 'multi' | 'sortedmulti' | 'multi_a' | 'sortedmulti_a';

function parseMulti(kind: MultiKind, args: string, context: Context, state: ParserState): readonly Descriptor[] {
  const cursor = new Cursor(args);
  const thresholdText = cursor.expression();
  const threshold = /^\d+$/.test(thresholdText) ? Number(thresholdText) : Number.NaN;
  if (!(threshold <= 0xffffffff)) throw new DescriptorFault(`Multi threshold '${thresholdText}' is not valid`);
  const keys: (readonly KeyExpression[])[] = [];
  while (cursor.rest !== '') {
    if (!cursor.take(',')) throw new DescriptorFault(`Multi: expected ',', got '${cursor.rest.charAt(0)}'`);
    const text = cursor.expression();
    keys.push(within('Multi', () => parseKey(text, context, state)));
  }
  const scriptKind = kind === 'multi' || kind === 'sortedmulti' ? 'multisig' : 'multi_a';
  const most = scriptKind === 'multisig' ? maxKeysPerMultisig : maxKeysPerMultiA;
  if (keys.length < 1 || keys.length > most) {
    throw new DescriptorFault(`Cannot have ${keys.length} keys in ${scriptKind}; must have between 1 and ${most} keys, inclusive`);
  }
  if (threshold < 1) throw new DescriptorFault(`Multisig threshold cannot be ${threshold}, must be at least 1`);
  if (threshold > keys.length) {
    throw new DescriptorFault(
      `Multisig threshold cannot be larger than the number of keys; threshold is ${threshold} but only ${keys.length} keys specified`,
    );
  }
  if (context === 'top' && keys.length > maxBareMultisigKeys) {
    throw new DescriptorFault(`Cannot have ${keys.length} pubkeys in bare multisig; only at most 3 pubkeys`);
  }
  const scriptSize = keys.reduce((sum, [key]) => sum + (key === undefined ? 0 : keySize(key) + 1), 3);
  if (context === 'sh' && scriptSize > maxScriptElementSize) {
    throw new DescriptorFault(`P2SH script is too large, ${scriptSize} bytes is larger than ${maxScriptElementSize} bytes`);
  }
  const count = Math.max(...keys.map((variants) => variants.length));
  const mismatch = 'multi(): Multipath derivation paths have mismatched lengths';
  return alignVariants(keys, count, mismatch).map((each) => ({ kind, threshold, keys: each }));
}

/** A tree as text order gives it: the leaves from left to right. */
function parseTree(cursor: Cursor, depth: number, leaves: (readonly Descriptor[])[], state: ParserState): TreeShape {
  if (cursor.take('{')) {
    if (depth + 1 > maxTreeDepth) throw new DescriptorFault(`tr() supports at most ${maxTreeDepth} nesting levels`);
    const left = parseTree(cursor, depth + 1, leaves, state);
    if (!cursor.take(',')) throw new DescriptorFault("tr(): expected ',' after script expression");
    const right = parseTree(cursor, depth + 1, leaves, state);
    if (!cursor.take('}')) throw new DescriptorFault("tr(): expected '}' after script expression");
    return { left, right };
  }
  leaves.push(parseScript(cursor.expression(), 'tr', state));
  return leaves.length - 1;
}

/** Leaves by their number in text order. */
type TreeShape = number | { readonly left: TreeShape; readonly right: TreeShape };

function fillTree(shape: TreeShape, leaves: readonly Descriptor[]): DescriptorTree {
  if (typeof shape !== 'number') return { left: fillTree(shape.left, leaves), right: fillTree(shape.right, leaves) };
  const leaf = leaves[shape];
  if (leaf === undefined) throw new RangeError('a leaf is missing');
  return { leaf };
}

function parseTaproot(args: string, state: ParserState): readonly Descriptor[] {
  const cursor = new Cursor(args);
  const keyText = cursor.expression();
  const keys = within('tr()', () => parseKey(keyText, 'tr', state));
  if (cursor.rest === '') return keys.map((key) => ({ kind: 'tr', key, tree: undefined }));
  if (!cursor.take(',')) throw new DescriptorFault(`tr: expected ',', got '${cursor.rest.charAt(0)}'`);
  const leaves: (readonly Descriptor[])[] = [];
  const shape = parseTree(cursor, 0, leaves, state);
  if (cursor.rest !== '') throw new DescriptorFault("tr(): expected ')' after script expression");
  const count = Math.max(keys.length, ...leaves.map((leaf) => leaf.length));
  const variants = alignVariants(leaves, count, 'tr(): Multipath subscripts have mismatched lengths');
  const aligned = alignVariants([keys], count, 'tr(): Multipath internal key mismatches multipath subscripts lengths');
  return aligned.flatMap((each, i) => each.map((key) => ({ kind: 'tr', key, tree: fillTree(shape, variants[i] ?? []) })));
}

interface Rule {
  readonly contexts: readonly Context[];
  /** What to say elsewhere; without, the name is treated as unknown there. */
  readonly elsewhere?: string;
  readonly parse: (args: string, context: Context, state: ParserState) => readonly Descriptor[];
}

const singleKey =
  (kind: 'pk' | 'pkh' | 'wpkh' | 'combo' | 'rawtr', keyContext?: Context): Rule['parse'] =>
  (args, context, state) =>
    within(`${kind}()`, () => parseKey(args, keyContext ?? context, state)).map((key) => ({ kind, key }));

const wrapper =
  (kind: 'sh' | 'wsh'): Rule['parse'] =>
  (args, _context, state) =>
    parseScript(args, kind, state).map((inner) => ({ kind, inner }));

const multi = (kind: MultiKind): Rule => ({
  contexts: kind.endsWith('_a') ? ['tr'] : ['top', 'sh', 'wsh'],
  elsewhere: kind.endsWith('_a')
    ? 'Can only have multi_a/sortedmulti_a inside tr()'
    : 'Can only have multi/sortedmulti at top level, in sh(), or in wsh()',
  parse: (args, context, state) => parseMulti(kind, args, context, state),
});

const rules: Readonly<Record<string, Rule>> = {
  pk: { contexts: ['top', 'sh', 'wsh', 'tr'], parse: singleKey('pk') },
  pkh: { contexts: ['top', 'sh', 'wsh'], parse: singleKey('pkh') },
  combo: { contexts: ['top'], elsewhere: 'Can only have combo() at top level', parse: singleKey('combo') },
  multi: multi('multi'),
  sortedmulti: multi('sortedmulti'),
  multi_a: multi('multi_a'),
  sortedmulti_a: multi('sortedmulti_a'),
  wpkh: { contexts: ['top', 'sh'], elsewhere: 'Can only have wpkh() at top level or inside sh()', parse: singleKey('wpkh', 'wpkh') },
  sh: { contexts: ['top'], elsewhere: 'Can only have sh() at top level', parse: wrapper('sh') },
  wsh: { contexts: ['top', 'sh'], elsewhere: 'Can only have wsh() at top level or inside sh()', parse: wrapper('wsh') },
  addr: {
    contexts: ['top'],
    elsewhere: 'Can only have addr() at top level',
    parse: (args, _context, state) => {
      const decoded = decodeAddress(args, state.params);
      if (!decoded.ok) throw new DescriptorFault('Address is not valid');
      return [{ kind: 'addr', destination: decoded.destination }];
    },
  },
  tr: { contexts: ['top'], elsewhere: 'Can only have tr at top level', parse: (args, _context, state) => parseTaproot(args, state) },
  rawtr: {
    contexts: ['top'],
    elsewhere: 'Can only have rawtr at top level',
    parse: (args, context, state) => {
      const cursor = new Cursor(args);
      const key = cursor.expression();
      if (cursor.rest !== '') throw new DescriptorFault('rawtr(): only one key expected.');
      return singleKey('rawtr', 'tr')(key, context, state);
    },
  },
  raw: {
    contexts: ['top'],
    elsewhere: 'Can only have raw() at top level',
    parse: (args) => {
      if (!isHex(args)) throw new DescriptorFault('Raw script is not hex');
      return [{ kind: 'raw', script: fromHex(args) }];
    },
  },
};

/** Fragments of miniscript (BIP379) that are no descriptor functions. */
const miniscript = /^([a-z]+:|(andor|and_[vbn]|or_[bcdi]|thresh|older|after|sha256|hash256|ripemd160|hash160|pk_k|pk_h)\()/;

function parseScript(text: string, context: Context, state: ParserState): readonly Descriptor[] {
  const call = /^([a-z_]+)\((.*)\)$/s.exec(text);
  const rule = call?.[1] === undefined || !Object.hasOwn(rules, call[1]) ? undefined : rules[call[1]];
  if (rule !== undefined && rule.contexts.includes(context)) return rule.parse(call?.[2] ?? '', context, state);
  if (rule?.elsewhere !== undefined) throw new DescriptorFault(rule.elsewhere);
  if (miniscript.test(text)) {
    throw new DescriptorFault(
      context === 'wsh' || context === 'tr'
        ? `'${text}' is a miniscript expression; these are not supported`
        : 'Miniscript expressions can only be used in wsh or tr.',
    );
  }
  if (context === 'sh') throw new DescriptorFault('A function is needed within P2SH');
  if (context === 'wsh') throw new DescriptorFault('A function is needed within P2WSH');
  throw new DescriptorFault(`'${text}' is not a valid descriptor function`);
}

/** Reads an output descriptor, with or without checksum unless `requireChecksum`. */
export function parseDescriptor(text: string, params: ChainParams, options: { requireChecksum?: boolean } = {}): ParsedDescriptor {
  const split = splitChecksum(text, options.requireChecksum === true);
  if (!split.ok) return split;
  const state: ParserState = { params, secrets: new Map(), nextKeyIndex: 0 };
  try {
    const cursor = new Cursor(split.text);
    const [first, ...others] = parseScript(cursor.expression(), 'top', state);
    if (first === undefined || cursor.rest !== '') return { ok: false, error: '' };
    return { ok: true, descriptors: [first, ...others], secrets: state.secrets, checksum: split.checksum };
  } catch (fault) {
    if (fault instanceof DescriptorFault) return { ok: false, error: fault.message };
    throw fault;
  }
}
