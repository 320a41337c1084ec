import { IpcError, type IpcErrorCode } from './ipc-error.js';

/** Lines that OpenSSH writes for those who look for faults in it, among what it has to say to everybody. */
const CHATTER = /^(debug\d: |OpenSSH_|Authenticated to |Authenticating with |Transferred: |Bytes per second: |Exit request sent|mux_client_)/;

/** What OpenSSH writes for those who look for faults when it has a question and nowhere to ask it. */
const NOWHERE_TO_ASK = /^debug\d: read_passphrase: can't open (\/dev\/tty|conin\$)/;

/** Most lines of OpenSSH that a message repeats. */
const SHOWN_LINES = 8;

/** Whether a line of OpenSSH's error output is meant for people. */
export function isForPeople(line: string): boolean {
  return line.trim() !== '' && !CHATTER.test(line);
}

const NOT_INSTALLED = 'the program ssh of OpenSSH is not installed';

interface Reason {
  readonly code: IpcErrorCode;
  readonly pattern: RegExp;
  readonly text: string;
}

/** What OpenSSH's words mean; the first that fits counts. */
const REASONS: readonly Reason[] = [
  {
    code: 'host-key',
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed/i,
    text: 'its host key is not the one that is known for it. Somebody may be posing as that computer, or it was set up anew',
  },
  { code: 'host-key', pattern: /Host key verification failed|POSSIBLE DNS SPOOFING|No .* host key is known/i, text: 'its host key is not trusted' },
  { code: 'unknown-host', pattern: /Could not resolve hostname|Name or service not known/i, text: 'there is no computer of that name' },
  { code: 'denied', pattern: /Permission denied|Too many authentication failures|No supported authentication methods/i, text: 'it does not let you in' },
  { code: 'ssh-missing', pattern: /ssh: (command )?not found/i, text: NOT_INSTALLED },
  { code: 'ssh-failed', pattern: /Bad (configuration|owner|port|(local|stdio) forwarding)|Unsupported option|unknown option|illegal option/i, text: 'ssh does not accept its options' },
  {
    code: 'unreachable',
    pattern: /Connection (refused|reset|closed|timed out)|timed out|No route to host|Network is unreachable|not responding|Broken pipe|kex_exchange_identification/i,
    text: 'it does not answer',
  },
];

/**
 * Why a connection could not be made, from what OpenSSH wrote about it. The message repeats OpenSSH's last lines.
 * @param host as messages name it
 */
export function sshFailure(host: string, lines: readonly string[]): IpcError {
  const said = lines.filter(isForPeople);
  const all = said.join('\n');
  const { code, text } = REASONS.find(({ pattern }) => pattern.test(all)) ?? { code: 'ssh-failed', text: 'ssh failed' };
  const why = lines.some((line) => NOWHERE_TO_ASK.test(line)) ? `${text}; ssh had a question, and there is no terminal to ask it in` : text;
  return new IpcError(code, withLines(`Cannot connect to ${host}: ${why}`, said));
}

/** That there is nothing to connect with. */
export function sshMissing(host: string): IpcError {
  return new IpcError('ssh-missing', withLines(`Cannot connect to ${host}: ${NOT_INSTALLED}`, []));
}

/** Why a connection that was up has ended. */
export function linkLost(host: string, lines: readonly string[]): IpcError {
  return new IpcError('link-lost', withLines(`The connection to ${host} was lost`, lines.filter(isForPeople)));
}

function withLines(message: string, said: readonly string[]): string {
  const last = said.slice(-SHOWN_LINES).map((line) => line.trimEnd());
  return last.length === 0 ? `${message}.` : `${message}. ssh says:\n${last.join('\n')}`;
}
