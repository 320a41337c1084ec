import type { Descriptor, OutputType } from '../../src-bitcoin/descriptor/descriptor.js';
import { outputTypes } from '../../src-bitcoin/descriptor/output-types.js';
import type { SecretKeys } from '../../src-bitcoin/descriptor/parse-key.js';
import { parseDescriptor } from '../../src-bitcoin/descriptor/parse.js';
import { encodeExtendedPrivateKey, type ExtendedPrivateKey } from '../../src-bitcoin/keys/bip32.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';

/** BIP44, BIP49, BIP84 and BIP86: the purpose step and the script around the key. */
const forms: Readonly<Record<OutputType, readonly [purpose: number, open: string, close: string]>> = {
  legacy: [44, 'pkh(', ')'],
  'p2sh-segwit': [49, 'sh(wpkh(', '))'],
  bech32: [84, 'wpkh(', ')'],
  bech32m: [86, 'tr(', ')'],
};

export interface DefaultDescriptor {
  readonly type: OutputType;
  /** For change. */
  readonly internal: boolean;
  readonly descriptor: Descriptor;
  readonly secrets: SecretKeys;
}

/** The receive or change descriptor of account 0 for one output type. */
export function defaultDescriptor(root: ExtendedPrivateKey, type: OutputType, internal: boolean, params: ChainParams): DefaultDescriptor {
  const [purpose, open, close] = forms[type];
  const coin = params.isTestChain ? 1 : 0;
  const key = `${encodeExtendedPrivateKey(root, params)}/${purpose}h/${coin}h/0h/${internal ? 1 : 0}/*`;
  const parsed = parseDescriptor(`${open}${key}${close}`, params);
  if (!parsed.ok) throw new Error(`a default descriptor does not parse: ${parsed.error}`);
  return { type, internal, descriptor: parsed.descriptors[0], secrets: parsed.secrets };
}

/** The eight descriptors of a new wallet: receive, then change, for each output type. */
export function defaultDescriptors(root: ExtendedPrivateKey, params: ChainParams): readonly DefaultDescriptor[] {
  return [false, true].flatMap((internal) => outputTypes.map((type) => defaultDescriptor(root, type, internal, params)));
}
