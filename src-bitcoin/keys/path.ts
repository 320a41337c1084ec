/** BIP32: child numbers from here on are hardened. */
export const hardenedOffset = 0x80000000;

export function isHardened(childNumber: number): boolean {
  return childNumber >= hardenedOffset;
}

export function hardened(index: number): number {
  return index + hardenedOffset;
}

/** A path as `/44h/1h/0h`; with `'` in place of `h` if `apostrophe`. Empty for an empty path. */
export function formatPath(path: readonly number[], apostrophe = false): string {
  const mark = apostrophe ? "'" : 'h';
  return path.map((child) => `/${isHardened(child) ? `${child - hardenedOffset}${mark}` : child}`).join('');
}
