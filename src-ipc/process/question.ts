/**
 * What OpenSSH asks of the person at this computer while it connects:
 * - `host-key`: whether a host that was never met is the right one; answered with true or false
 * - `passphrase`: of a key file; answered with its text
 * - `password`: of the account on the other computer, or a code; answered with its text
 * - `confirmation`: anything else with yes or no, such as the use of a key that an agent guards
 * - `other`: anything else with a text; shown as it is typed only if the person wants it so, for it may be secret
 */
export type QuestionKind = 'host-key' | 'passphrase' | 'password' | 'confirmation' | 'other';

/** A question of OpenSSH, for a dialog. */
export interface Question {
  readonly kind: QuestionKind;
  /** OpenSSH's own words. They may be several lines, and they are the other computer's for some passwords: plain text only. */
  readonly prompt: string;
  /** The host as the address names it, with the user and the port where it names them: `carol@example.org:2222`. */
  readonly host: string;
  /** Of the host's key, as OpenSSH shows it: `SHA256:…`. With `host-key` only. */
  readonly fingerprint?: string;
  /** Kind of the host's key, such as `ED25519`. With `host-key` only. */
  readonly keyType?: string;
  /** File of the key that the passphrase is for. With `passphrase` only. */
  readonly keyFile?: string;
  /** How often the same question was answered before, with an answer that was not right. */
  readonly attempt: number;
}

/** A text for the kinds that ask for one, true or false for the others; undefined cancels connecting. */
export type Answer = string | boolean | undefined;

/**
 * Puts a question to the person. One at a time for each connection.
 * @param signal aborted when the question is moot, because the connection ended meanwhile: a dialog should close
 */
export type AskPerson = (question: Question, signal: AbortSignal) => Promise<Answer>;
