import type { Logger } from '../../src-interfaces/logging.js';
import type { OptionValues } from '../../src-interfaces/options/option-values.js';

/** Which commands a user may call, as -rpcwhitelist and -rpcwhitelistdefault say. */
export class CommandWhitelist {
  readonly #lists: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #isDefault: boolean;

  constructor(
    options: OptionValues,
    private readonly log: Logger,
  ) {
    const texts = options.list('rpcwhitelist');
    this.#lists = parseLists(texts);
    this.#isDefault = options.flag('rpcwhitelistdefault') ?? texts.length > 0;
  }

  /** False when the user has no list and lists are the rule: nothing may be called. A refusal is logged. */
  mayCallAnything(user: string): boolean {
    const allowed = this.#lists.has(user) || !this.#isDefault;
    if (!allowed) this.log.warning(`RPC User ${user} not allowed to call any methods`);
    return allowed;
  }

  /** A refusal is logged. */
  mayCall(user: string, method: string): boolean {
    const allowed = this.#lists.get(user)?.has(method) ?? !this.#isDefault;
    if (!allowed) this.log.warning(`RPC User ${user} not allowed to call method ${method}`);
    return allowed;
  }
}

/** Several lists of one user leave what is in all of them. */
function parseLists(texts: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const lists = new Map<string, ReadonlySet<string>>();
  for (const text of texts) {
    const colon = text.indexOf(':');
    const user = colon < 0 ? text : text.slice(0, colon);
    const before = lists.get(user);
    if (colon < 0) {
      lists.set(user, before ?? new Set());
      continue;
    }
    const methods = text.slice(colon + 1).split(/[, ]/);
    lists.set(user, new Set(before === undefined ? methods : methods.filter((method) => before.has(method))));
  }
  return lists;
}
