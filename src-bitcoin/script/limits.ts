/** Largest element a script may push, bytes. */
export const maxScriptElementSize = 520;
/** Operations other than pushes in one script before tapscript. */
export const maxOpsPerScript = 201;
/** Keys in OP_CHECKMULTISIG. */
export const maxPubkeysPerMultisig = 20;
/** Keys in a tapscript `multi_a`. */
export const maxPubkeysPerMultiA = 999;
/** Bytes of a script before tapscript. */
export const maxScriptSize = 10_000;
/** Elements on both stacks together. */
export const maxStackSize = 1000;
/** Locktimes below are block heights, from here on seconds since 1970. */
export const locktimeThreshold = 500_000_000;
