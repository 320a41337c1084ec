import { IpcError } from './ipc-error.js';

/** A node's socket on another computer. */
export interface SshAddress {
  readonly kind: 'ssh';
  /** Undefined: as OpenSSH's configuration says. */
  readonly user: string | undefined;
  /** Name or number, or a name of OpenSSH's configuration; IPv6 without brackets. */
  readonly host: string;
  /** Undefined: as OpenSSH's configuration says. */
  readonly port: number | undefined;
  /** Of the socket, absolute. Undefined: where a node of the network listens by default, below the home directory there. */
  readonly path: string | undefined;
  /** Folder of the network below the data directory there, to find the socket without a path; empty for the main network. */
  readonly networkFolder: string;
  /** As it was given. */
  readonly canonical: string;
}

const SHAPE = 'ssh://[user@]host[:port][/path/to/node.sock]';

function wrong(address: string, part: string): IpcError {
  return new IpcError('unrecognized-address', `Unrecognized address '${address}': ${part} (expected ${SHAPE})`);
}

/** Letters of names in OpenSSH's configuration; nothing that a shell or OpenSSH gives a meaning to. */
const HOST = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,252}$/;
const IPV6 = /^[0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9._-]{1,32})?$/;
const USER = /^[A-Za-z0-9_][A-Za-z0-9._+@\\-]{0,127}$/;

/**
 * Parses `ssh://[user@]host[:port][/path/to/node.sock]`. User and path may hold `%xx` for any byte.
 * @param networkFolder folder of the network in use below a data directory
 * @throws IpcError `unrecognized-address` that names the part that is wrong
 */
export function parseSshAddress(address: string, networkFolder: string): SshAddress {
  const match = /^ssh:\/\/([^/?#]*)(\/[^?#]*)?$/i.exec(address);
  if (match === null) throw wrong(address, 'not an ssh address');
  const [, authority = '', rawPath = ''] = match;
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? undefined : parseUser(address, authority.slice(0, at));
  const { host, port } = parseHostAndPort(address, authority.slice(at + 1));
  const path = rawPath === '' || rawPath === '/' ? undefined : parsePath(address, rawPath);
  return { kind: 'ssh', user, host, port, path, networkFolder, canonical: address };
}

function decoded(address: string, what: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong(address, `${what} '${text}' has a % that is not followed by two hexadecimal digits of UTF-8 text; write %25 for %`);
  }
}

function parseUser(address: string, text: string): string {
  if (text.includes(':')) throw wrong(address, 'a password does not belong into the address; ssh asks for it');
  const user = decoded(address, 'user', text);
  if (!USER.test(user)) throw wrong(address, `user '${user}' is not a user name`);
  return user;
}

function parseHostAndPort(address: string, text: string): { readonly host: string; readonly port: number | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  const [, given = '', port] = bracketed ?? /^([^:]*)(?::(.*))?$/.exec(text) ?? [];
  if (bracketed === null && text.split(':').length > 2) throw wrong(address, `host '${text}' has several colons; write an IPv6 address in brackets`);
  const host = bracketed === null ? given : decoded(address, 'host', given);
  if (host === '') throw wrong(address, 'the host is missing');
  const isHost = bracketed === null ? HOST.test(host) : IPV6.test(host);
  if (!isHost) throw wrong(address, `host '${host}' is not ${bracketed === null ? 'a host name' : 'an IPv6 address'}`);
  return { host, port: port === undefined ? undefined : parsePort(address, port) };
}

function parsePort(address: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw wrong(address, `port '${text}' is not a number from 1 to 65535`);
  return port;
}

function parsePath(address: string, text: string): string {
  const path = decoded(address, 'path', text);
  if (/[\u0000-\u001f\u007f]/.test(path)) throw wrong(address, 'the path has control characters');
  // OpenSSH would put the value of a variable there, and has no way to write it otherwise.
  if (path.includes('${')) throw wrong(address, "the path has '${', which ssh cannot pass on");
  return path;
}
