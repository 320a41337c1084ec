/** A program on a terminal of its own, as a person has it before them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { after } from 'node:test';
import { waitFor } from './wait.js';

const SCRIPT = '/usr/bin/script';

/** Why there are no terminals here; undefined when there are. */
export function terminalObstacle(): string | undefined {
  return process.platform === 'linux' && existsSync(SCRIPT) ? undefined : `needs Linux with ${SCRIPT} of bsdutils`;
}

const running = new Set<ChildProcess>();

// A test that fails in its middle leaves programs behind, which would keep its file from ending.
after(() => {
  for (const child of running) child.kill('SIGKILL');
});

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

export class Terminal {
  readonly #child: ChildProcess;
  /** The exit status; 128 and its number more for a signal, as in a shell. */
  readonly exited: Promise<number | null>;
  #shown = '';

  /** Runs a command line in a new session with a terminal. */
  constructor(command: readonly string[], env: NodeJS.ProcessEnv) {
    // Its own standard input is what is typed.
    this.#child = spawn(SCRIPT, ['--quiet', '--flush', '--return', '--command', `exec ${command.map(quoted).join(' ')}`, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'], env });
    running.add(this.#child);
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.#shown += chunk.toString()));
    this.exited = new Promise((resolve) => this.#child.once('close', (code) => {
      running.delete(this.#child);
      resolve(code);
    }));
  }

  /** Everything on the screen so far. */
  get shown(): string {
    return this.#shown;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  async shows(pattern: RegExp): Promise<void> {
    await waitFor(`${String(pattern)} on the terminal`, () => pattern.test(this.#shown)).catch((error: unknown) => {
      throw new Error(`The terminal shows:\n${this.#shown}`, { cause: error });
    });
  }

  /** Types as on a keyboard: `\n` is the enter key, `\x03` Ctrl-C. */
  type(text: string): void {
    this.#child.stdin?.write(text);
  }
}
