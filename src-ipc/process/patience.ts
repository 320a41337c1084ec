/** Waiting for another program, but not for ever. */

/**
 * What some work comes to, if it does so in time. The work goes on.
 * @returns undefined after that many milliseconds
 * @throws what the work throws until then; what it throws later is nobody's concern
 */
export async function inTime<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([work, enough]);
  } finally {
    clearTimeout(timer);
  }
}

/** The same where being late is a failure. @throws what the work throws, or Error with `text` after that many milliseconds */
export async function within<T>(milliseconds: number, work: Promise<T>, text: string): Promise<T> {
  const done = await inTime(milliseconds, work.then((value) => ({ value })));
  if (done === undefined) throw new Error(text);
  return done.value;
}
