/** Milliseconds that the start waits for windows that do not answer. */
export const windowPatience = 10_000;

/** Waits for some work, but not for ever. @throws what it throws, or Error with `text` after that many milliseconds */
export async function within(milliseconds: number, work: Promise<unknown>, text: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(text)), milliseconds);
  });
  try {
    await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
