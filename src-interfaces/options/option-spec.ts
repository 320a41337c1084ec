/** Groups of options, in the order `-help` prints them. */
export const optionCategories = {
  options: 'Options:',
  connection: 'Connection options:',
  wallet: 'Wallet options:',
  walletDebug: 'Wallet debugging/testing options:',
  zmq: 'ZeroMQ notification options:',
  debug: 'Debugging/Testing options:',
  chain: 'Chain selection options:',
  relay: 'Node relay options:',
  blockCreation: 'Block creation options:',
  rpc: 'RPC server options:',
  gui: 'UI Options:',
  ipc: 'IPC interprocess connection options:',
  cliCommands: 'CLI Commands:',
  hidden: '',
} as const;

export type OptionCategory = keyof typeof optionCategories;

/**
 * What a value must look like to be taken. `switch` follows Bitcoin Core: empty is on, a number other
 * than 0 is on, everything else is off. `integer` and `amount` refuse other texts.
 */
export type ValueKind = 'switch' | 'integer' | 'amount' | 'text';

/** One option a program knows. */
export interface OptionSpec {
  /** Without the dash. */
  readonly name: string;
  /** What follows the name in `-help`, for example `=<n>`. */
  readonly argument: string;
  readonly category: OptionCategory;
  readonly kind: ValueKind;
  readonly help: string;
  /** Shown by `-help-debug` only. */
  readonly debugOnly: boolean;
  /** In the default section of bitcoin.conf it counts on mainnet only. */
  readonly networkOnly: boolean;
  /** Never written to the log. */
  readonly sensitive: boolean;
  /** `-noname` is an error. */
  readonly noNegation: boolean;
  /** `-name` without a value is an error. */
  readonly needsValue: boolean;
  /** False when it is accepted for compatibility but does nothing yet. */
  readonly implemented: boolean;
}

export type OptionMark = 'debug-only' | 'network-only' | 'sensitive' | 'no-negation' | 'needs-value';

/** Builds one row of an option table from its syntax as `-help` prints it, without the dash. */
export function option(
  category: OptionCategory,
  syntax: string,
  kind: ValueKind,
  help: string,
  ...marks: readonly OptionMark[]
): OptionSpec {
  const equals = syntax.indexOf('=');
  const name = equals < 0 ? syntax : syntax.slice(0, equals);
  return {
    name,
    argument: equals < 0 ? '' : syntax.slice(equals),
    category,
    kind,
    help,
    debugOnly: marks.includes('debug-only'),
    networkOnly: marks.includes('network-only'),
    sensitive: marks.includes('sensitive'),
    noNegation: marks.includes('no-negation'),
    needsValue: marks.includes('needs-value'),
    implemented: true,
  };
}

/** The options of a program, by name. */
export class OptionTable {
  readonly #byName: ReadonlyMap<string, OptionSpec>;

  /** @param withoutEffect names of options that are accepted but do nothing. */
  constructor(specs: readonly OptionSpec[], withoutEffect: ReadonlySet<string> = new Set()) {
    this.#byName = new Map(
      specs.map((spec) => [spec.name, withoutEffect.has(spec.name) ? { ...spec, implemented: false } : spec]),
    );
  }

  find(name: string): OptionSpec | undefined {
    return this.#byName.get(name);
  }

  /** All rows, in the order they were given. */
  all(): Iterable<OptionSpec> {
    return this.#byName.values();
  }
}
