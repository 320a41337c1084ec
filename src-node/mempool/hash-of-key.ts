/** The hash that a key of `hashKey` stands for. */
export function hashOfKey(key: string): Uint8Array {
  return new Uint8Array(Buffer.from(key, 'latin1'));
}
