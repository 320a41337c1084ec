/** Milliseconds that the start waits for windows that do not answer. */
export const windowPatience = 10_000;
