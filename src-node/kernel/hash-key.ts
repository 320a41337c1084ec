/** A map key for a block hash: its bytes as a Latin-1 string. */
export function hashKey(hash: Uint8Array): string {
  return String.fromCharCode(...hash);
}
