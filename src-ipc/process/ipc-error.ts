import { getSystemErrorMap } from 'node:util';

/**
 * Why a process could not be reached or made reachable. `refused` and `missing` mean that nobody is there, on this
 * computer or the other; `message` is meant for people and says what the operating system says where it is its word.
 *
 * Of connections to other computers:
 * - `unknown-host`: the name has no address; `unreachable`: the computer does not answer, or has no ssh server
 * - `host-key`: it is not the computer that is known by this name, or the person did not take it for the right one
 * - `denied`: it does not let this person in; `cancelled`: the person called it off
 * - `forwarding-refused`: it lets the person in, but not to the socket; `no-remote-home`: it does not tell where to look for it
 * - `timeout`: it did not get that far in time; `link-lost`: the connection was up and broke
 * - `ssh-missing`: there is no OpenSSH client here; `ssh-failed`: it failed in another way
 */
export type IpcErrorCode =
  | 'unrecognized-address'
  | 'path-too-long'
  | 'in-use'
  | 'foreign-owner'
  | 'refused'
  | 'missing'
  | 'bad-descriptor'
  | 'spawn-failed'
  | 'unknown-host'
  | 'unreachable'
  | 'host-key'
  | 'denied'
  | 'cancelled'
  | 'forwarding-refused'
  | 'no-remote-home'
  | 'timeout'
  | 'link-lost'
  | 'ssh-missing'
  | 'ssh-failed'
  | 'system';

/** Reasons that go away by themselves: a node or a network that is down for now. Others need the person. */
const PASSING: ReadonlySet<IpcErrorCode> = new Set(['refused', 'missing', 'unreachable', 'unknown-host', 'link-lost', 'timeout']);

/** Whether connecting again later may work without anybody doing anything about it. */
export function isPassing(code: IpcErrorCode): boolean {
  return PASSING.has(code);
}

/** A failure to spawn, listen or connect. */
export class IpcError extends Error {
  override readonly name = 'IpcError';
  readonly code: IpcErrorCode;

  constructor(code: IpcErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const CODES: Readonly<Record<string, IpcErrorCode>> = {
  EADDRINUSE: 'in-use',
  ECONNREFUSED: 'refused',
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EBADF: 'bad-descriptor',
};

/** An error of the operating system with its text as C programs print it, such as "Connection refused". */
export function fromSystemError(error: unknown): IpcError {
  if (error instanceof IpcError) return error;
  if (!(error instanceof Error)) return new IpcError('system', String(error));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  for (const [name, text] of getSystemErrorMap().values()) {
    if (name === code) return new IpcError(CODES[code] ?? 'system', text.charAt(0).toUpperCase() + text.slice(1), { cause: error });
  }
  return new IpcError('system', error.message, { cause: error });
}
