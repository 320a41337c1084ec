import { WalletFlags } from '../../src-interfaces/enums.js';

/** Bits of a wallet's flags. Those from 32 on must be understood to open the wallet. */
export const WalletFlag = WalletFlags;

export const knownFlags = Object.values(WalletFlag).reduce((all, flag) => all | flag, 0n);

/** Flags that may be changed on an existing wallet. */
export const mutableFlags = WalletFlag.avoidReuse;

/** Names as commands show them, from the lowest bit. */
export const flagNames: readonly (readonly [string, bigint])[] = [
  ['avoid_reuse', WalletFlag.avoidReuse],
  ['blank', WalletFlag.blank],
  ['key_origin_metadata', WalletFlag.keyOriginMetadata],
  ['last_hardened_xpub_cached', WalletFlag.lastHardenedXpubCached],
  ['disable_private_keys', WalletFlag.disablePrivateKeys],
  ['descriptor_wallet', WalletFlag.descriptors],
  ['external_signer', WalletFlag.externalSigner],
];

/** Flags of bit 32 and above that this program does not know. */
export function unknownMandatoryFlags(flags: bigint): bigint {
  return (flags >> 32n) & ~(knownFlags >> 32n);
}
