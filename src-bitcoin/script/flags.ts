/**
 * Script verification flags, one bit each, numbered as in Bitcoin Core. Every flag is a soft fork:
 * what passes with a flag also passes without it.
 */
export const scriptFlags = {
  /** BIP16: evaluate the script that hashes to a pay-to-script-hash output. */
  P2SH: 1 << 0,
  /** Policy: defined hash types, strict DER, and keys of a known form. */
  STRICTENC: 1 << 1,
  /** BIP66: strict DER signatures. */
  DERSIG: 1 << 2,
  /** Policy: s at most half the group order. */
  LOW_S: 1 << 3,
  /** BIP147: the extra element OP_CHECKMULTISIG eats is empty. */
  NULLDUMMY: 1 << 4,
  /** Policy: a scriptSig only pushes. */
  SIGPUSHONLY: 1 << 5,
  /** Policy: shortest pushes and numbers. */
  MINIMALDATA: 1 << 6,
  /** Policy: no NOP that a soft fork may give a meaning. */
  DISCOURAGE_UPGRADABLE_NOPS: 1 << 7,
  /** Policy: exactly one element left. Goes with P2SH and WITNESS only. */
  CLEANSTACK: 1 << 8,
  /** BIP65. */
  CHECKLOCKTIMEVERIFY: 1 << 9,
  /** BIP112. */
  CHECKSEQUENCEVERIFY: 1 << 10,
  /** BIP141 and BIP143. Goes with P2SH only. */
  WITNESS: 1 << 11,
  /** Policy: no witness versions without a meaning. */
  DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM: 1 << 12,
  /** Policy: conditions in witness v0 scripts are empty or 1. */
  MINIMALIF: 1 << 13,
  /** Policy: a signature check that fails had an empty signature. */
  NULLFAIL: 1 << 14,
  /** Policy: compressed keys in witness v0 scripts. */
  WITNESS_PUBKEYTYPE: 1 << 15,
  /** Policy: no OP_CODESEPARATOR and no deleted signatures in scripts before segwit. */
  CONST_SCRIPTCODE: 1 << 16,
  /** BIP341 and BIP342. */
  TAPROOT: 1 << 17,
  /** Policy: no taproot leaf versions without a meaning. */
  DISCOURAGE_UPGRADABLE_TAPROOT_VERSION: 1 << 18,
  /** Policy: no OP_SUCCESS. */
  DISCOURAGE_OP_SUCCESS: 1 << 19,
  /** Policy: no tapscript keys of unknown type. */
  DISCOURAGE_UPGRADABLE_PUBKEYTYPE: 1 << 20,
} as const;

export type ScriptFlagName = keyof typeof scriptFlags;

/** No rule beyond Bitcoin's first ones. */
export const noScriptFlags = 0;

/** Rules a transaction must keep to be valid in a block of today; breaking one is the sender's fault. */
export const mandatoryScriptFlags =
  scriptFlags.P2SH |
  scriptFlags.DERSIG |
  scriptFlags.NULLDUMMY |
  scriptFlags.CHECKLOCKTIMEVERIFY |
  scriptFlags.CHECKSEQUENCEVERIFY |
  scriptFlags.WITNESS |
  scriptFlags.TAPROOT;

/** Rules for transactions that are relayed. */
export const standardScriptFlags =
  mandatoryScriptFlags |
  scriptFlags.STRICTENC |
  scriptFlags.MINIMALDATA |
  scriptFlags.DISCOURAGE_UPGRADABLE_NOPS |
  scriptFlags.CLEANSTACK |
  scriptFlags.MINIMALIF |
  scriptFlags.NULLFAIL |
  scriptFlags.LOW_S |
  scriptFlags.DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM |
  scriptFlags.WITNESS_PUBKEYTYPE |
  scriptFlags.CONST_SCRIPTCODE |
  scriptFlags.DISCOURAGE_UPGRADABLE_TAPROOT_VERSION |
  scriptFlags.DISCOURAGE_OP_SUCCESS |
  scriptFlags.DISCOURAGE_UPGRADABLE_PUBKEYTYPE;

/** All flags there are. */
export const allScriptFlags = Object.values(scriptFlags).reduce((all: number, flag) => all | flag, 0);

function isFlagName(name: string): name is ScriptFlagName {
  return Object.hasOwn(scriptFlags, name);
}

/**
 * The flags of a list of names.
 * @throws RangeError for a name that is none.
 */
export function parseScriptFlags(names: Iterable<string>): number {
  let flags = noScriptFlags;
  for (const name of names) {
    if (!isFlagName(name)) throw new RangeError(`unknown script flag: ${name}`);
    flags |= scriptFlags[name];
  }
  return flags;
}

/** Names of the flags that are set, lowest bit first. */
export function scriptFlagNames(flags: number): ScriptFlagName[] {
  return Object.keys(scriptFlags)
    .filter(isFlagName)
    .filter((name) => (flags & scriptFlags[name]) !== 0);
}
