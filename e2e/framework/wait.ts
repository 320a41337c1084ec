/** Waiting for something to become true, with the reason when it does not. */

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Resolves with the first value of `probe` that is neither undefined nor false.
 * @param what names what is waited for, for the failure
 * @param patience milliseconds
 */
export async function waitFor<T>(what: string, probe: () => Promise<T | undefined | false> | T | undefined | false, patience = 30_000): Promise<T> {
  const deadline = Date.now() + patience;
  let failure: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > deadline) throw new Error(`waited ${patience} ms in vain for ${what}`, { cause: failure });
    await pause(50);
  }
}
