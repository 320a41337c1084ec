/** Milliseconds after which one asks whether a wallet that owes an answer answers at all, and between such questions. */
export const silence = 3000;

/** Milliseconds that the wallet process has for letting go of what this window holds. */
export const partingPatience = 2000;
