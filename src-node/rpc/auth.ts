import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Logger } from '../../src-interfaces/logging.js';
import { OptionError, type OptionValues } from '../../src-interfaces/options/option-values.js';

/** User name that goes with the cookie. */
export const cookieUser = '__cookie__';

interface Credential {
  readonly user: string;
  readonly salt: string;
  /** HMAC-SHA-256 of the password with the salt as key, hex. */
  readonly hash: string;
}

const cookieModes: Readonly<Record<string, number>> = { owner: 0o600, group: 0o640, all: 0o644 };

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function hashPassword(salt: string, password: string): string {
  return createHmac('sha256', salt).update(password).digest('hex');
}

function credential(user: string, password: string): Credential {
  const salt = randomBytes(16).toString('hex');
  return { user, salt, hash: hashPassword(salt, password) };
}

/** Path of the cookie file; undefined with `-norpccookiefile`. */
export function cookiePath(options: OptionValues, netDirectory: string): string | undefined {
  if (options.isNegated('rpccookiefile')) return undefined;
  const name = options.text('rpccookiefile') || '.cookie';
  return isAbsolute(name) ? name : join(netDirectory, name);
}

/** Who may call the JSON-RPC server, and which commands. */
export class RpcAuthorization {
  readonly #credentials: readonly Credential[];
  readonly #whitelists: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #whitelistDefault: boolean;
  readonly #cookie: string | undefined;

  /**
   * Reads -rpcuser, -rpcpassword, -rpcauth and -rpcwhitelist; without a password makes a cookie file.
   * @throws OptionError, or Error when the cookie cannot be written.
   */
  constructor(options: OptionValues, netDirectory: string, log: Logger) {
    const credentials: Credential[] = [];
    const password = options.text('rpcpassword') ?? '';
    if (password === '') {
      this.#cookie = cookiePath(options, netDirectory);
      if (this.#cookie === undefined) {
        log.info('RPC authentication cookie file generation is disabled.');
      } else {
        credentials.push(credential(cookieUser, writeCookie(this.#cookie, options)));
        log.info(`Generated RPC authentication cookie ${this.#cookie}`);
      }
    } else {
      log.info('Using rpcuser/rpcpassword authentication.');
      log.warning('The use of rpcuser/rpcpassword is less secure, because the password stands in the configuration as it is. Use the cookie or -rpcauth.');
      credentials.push(credential(options.text('rpcuser') ?? '', password));
    }
    for (const text of options.list('rpcauth')) {
      const match = /^([^:]*):([^:$]*)\$([^:$]*)$/.exec(text);
      if (match === null) throw new OptionError('Invalid -rpcauth argument.');
      const [, user = '', salt = '', hash = ''] = match;
      credentials.push({ user, salt, hash });
    }
    this.#credentials = credentials;
    const lists = options.list('rpcwhitelist');
    this.#whitelists = parseWhitelists(lists);
    this.#whitelistDefault = options.flag('rpcwhitelistdefault') ?? lists.length > 0;
  }

  /** The user an Authorization header proves, or undefined. */
  authenticate(header: string): string | undefined {
    const match = /^Basic\s+(\S+)\s*$/.exec(header);
    if (match?.[1] === undefined) return undefined;
    const text = Buffer.from(match[1], 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon < 0) return undefined;
    const user = text.slice(0, colon);
    const password = text.slice(colon + 1);
    let known = false;
    for (const { user: name, salt, hash } of this.#credentials) {
      if (sameText(name, user) && sameText(hash, hashPassword(salt, password))) known = true;
    }
    return known ? user : undefined;
  }

  /** False when the user has no list and lists are the rule: nothing may be called. */
  mayCallAnything(user: string): boolean {
    return this.#whitelists.has(user) || !this.#whitelistDefault;
  }

  mayCall(user: string, method: string): boolean {
    return this.#whitelists.get(user)?.has(method) ?? !this.#whitelistDefault;
  }

  /** Takes the cookie away again. */
  removeCookie(): void {
    if (this.#cookie !== undefined) rmSync(this.#cookie, { force: true });
  }
}

function writeCookie(path: string, options: OptionValues): string {
  const perms = options.text('rpccookieperms') ?? 'owner';
  const mode = cookieModes[perms];
  if (mode === undefined) {
    throw new OptionError(`Invalid -rpccookieperms=${perms}; must be one of 'owner', 'group', or 'all'.`);
  }
  const password = randomBytes(32).toString('hex');
  const temporary = `${path}.tmp`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, `${cookieUser}:${password}`, { mode: 0o600 });
  renameSync(temporary, path);
  if (mode !== 0o600) chmodSync(path, mode);
  return password;
}

/** Several lists of one user leave what is in all of them. */
function parseWhitelists(texts: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
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
