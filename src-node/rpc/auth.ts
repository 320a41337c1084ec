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

/** Who may call the JSON-RPC server. */
export class RpcAuthorization {
  readonly #credentials: readonly Credential[];
  readonly #cookie: string | undefined;

  /**
   * Reads -rpcuser, -rpcpassword and -rpcauth; without a password makes a cookie file.
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
