/** An object that whoever holds it ends. */
export interface Destroyable {
  destroy(): Promise<void>;
}

/**
 * Ends an object with the block that holds it: `await using handler = owned(await node.handleNotifyBlockTip(callback))`.
 * The same object comes back. Ending it before, or twice, is harmless where `destroy` is.
 */
export function owned<T extends Destroyable>(object: T): T & AsyncDisposable {
  if (isDisposable(object)) return object;
  const disposable: AsyncDisposable = { [Symbol.asyncDispose]: () => object.destroy() };
  return Object.assign(object, disposable);
}

function isDisposable<T extends object>(object: T): object is T & AsyncDisposable {
  return Symbol.asyncDispose in object;
}
