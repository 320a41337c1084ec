/**
 * An object that does some things differently, and passes everything else on to the one it stands for.
 * @param own members that take the place of those of `target`
 */
export function replacing<T extends object>(target: T, own: Partial<T>): T {
  const named = new Map<string | symbol, unknown>(Object.entries(own));
  return new Proxy(target, {
    get(original, name) {
      const replaced = named.get(name);
      if (replaced !== undefined) return replaced;
      const value: unknown = Reflect.get(original, name);
      // Private fields can be reached by the original alone.
      return typeof value === 'function' ? (...args: readonly unknown[]): unknown => Reflect.apply(value, original, args) : value;
    },
  });
}
