/** Milliseconds that windows have for asking whether an alert is the end of the node, to say so when the connection ends. */
export const lastNews = 1000;

/** Milliseconds that the start waits for windows that do not answer. */
export const windowPatience = 10_000;

/** Milliseconds after which a wallet process that says nothing is said not to answer. */
export const silence = 5000;
