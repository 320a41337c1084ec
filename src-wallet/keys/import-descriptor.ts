import type { Descriptor } from '../../src-bitcoin/descriptor/descriptor.js';
import { isRanged, keyExpressions } from '../../src-bitcoin/descriptor/descriptor.js';
import { deriveSecret } from '../../src-bitcoin/descriptor/derive-key.js';
import type { SecretKeys } from '../../src-bitcoin/descriptor/parse-key.js';
import { descriptorId } from '../../src-bitcoin/descriptor/print.js';
import type { LoadedWallet } from '../wallet.js';
import type { DescriptorRange, WalletDescriptor } from './wallet-descriptor.js';

export interface DescriptorImport extends DescriptorRange {
  readonly descriptor: Descriptor;
  readonly secrets: SecretKeys;
  /** Seconds since 1970. */
  readonly creationTime: bigint;
  /** For change. */
  readonly internal: boolean;
  /** Take new addresses from it. */
  readonly active: boolean;
  /** Of the one address of a descriptor without range. */
  readonly label: string;
}

export type ImportOutcome =
  | { readonly ok: true; readonly descriptor: WalletDescriptor; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly error: string };

/** Whether the secrets cover every key of a descriptor. */
export function coversAllKeys(descriptor: Descriptor, secrets: SecretKeys): boolean {
  const expressions = keyExpressions(descriptor);
  return expressions.length > 0 && expressions.every((expression) => deriveSecret(expression, 0, secrets) !== undefined);
}

/**
 * Adds a descriptor to a wallet, or brings a known one up to date, and labels its address.
 * The wallet must be unlocked. Old transactions are found by a scan after that.
 */
export function importDescriptor(wallet: LoadedWallet, request: DescriptorImport): ImportOutcome {
  const { descriptor, internal } = request;
  const known = wallet.keyring.find(descriptorId(descriptor, wallet.context.params));
  if (known !== undefined && known.ranged && (request.rangeStart > known.rangeStart || request.rangeEnd < known.rangeEnd)) {
    return { ok: false, error: `new range must include current range = [${known.rangeStart},${known.rangeEnd - 1}]` };
  }
  const warnings: string[] = [];
  try {
    return wallet.change(() => {
      const added = wallet.keyring.add(descriptor, request.secrets, request.creationTime, request);
      if (!isRanged(descriptor) && !internal) {
        for (const script of added.scripts(0) ?? []) {
          const address = wallet.addressOf(script);
          if (address !== undefined) wallet.addressBook.set(address, request.label, 'receive');
        }
      }
      const type = added.outputType;
      if (request.active && type === undefined) warnings.push('Unknown output type, cannot set descriptor to active.');
      else if (request.active && type !== undefined) wallet.keyring.setActive(added, type, internal);
      else if (type !== undefined) wallet.keyring.deactivate(added, type, internal);
      wallet.history.refreshOwned();
      return { ok: true, descriptor: added, warnings };
    });
  } catch (fault) {
    if (fault instanceof Error) return { ok: false, error: fault.message };
    throw fault;
  }
}
