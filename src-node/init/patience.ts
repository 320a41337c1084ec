/** Milliseconds that windows have for what they are told of a start and of the end: what went wrong, and by an alert that the node ends on purpose. */
export const lastNews = 1000;

/** Milliseconds that the start waits for windows that do not answer. */
export const windowPatience = 10_000;

/** Milliseconds after which a wallet process that says nothing is said not to answer. */
export const silence = 5000;
