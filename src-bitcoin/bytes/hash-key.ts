/**
 * A map key for a hash of 32 bytes: the bytes as a Latin-1 string. Written out because this is where
 * much of the time of looking up coins goes, and a spread costs twenty times as much.
 */
export function hashKey(hash: Uint8Array): string {
  // prettier-ignore
  return String.fromCharCode(
    hash[0] ?? 0, hash[1] ?? 0, hash[2] ?? 0, hash[3] ?? 0, hash[4] ?? 0, hash[5] ?? 0, hash[6] ?? 0, hash[7] ?? 0,
    hash[8] ?? 0, hash[9] ?? 0, hash[10] ?? 0, hash[11] ?? 0, hash[12] ?? 0, hash[13] ?? 0, hash[14] ?? 0, hash[15] ?? 0,
    hash[16] ?? 0, hash[17] ?? 0, hash[18] ?? 0, hash[19] ?? 0, hash[20] ?? 0, hash[21] ?? 0, hash[22] ?? 0, hash[23] ?? 0,
    hash[24] ?? 0, hash[25] ?? 0, hash[26] ?? 0, hash[27] ?? 0, hash[28] ?? 0, hash[29] ?? 0, hash[30] ?? 0, hash[31] ?? 0,
  );
}
