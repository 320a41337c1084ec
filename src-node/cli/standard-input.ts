import { readSync } from 'node:fs';

/** Reads standard input line by line, waiting for each. */
export class StandardInput {
  #rest = '';
  #ended = false;

  /** The next line without its end; undefined when there is none. */
  line(): string | undefined {
    const chunk = Buffer.alloc(4096);
    for (;;) {
      const end = this.#rest.indexOf('\n');
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return line;
      }
      if (this.#ended) {
        const last = this.#rest;
        this.#rest = '';
        return last === '' ? undefined : last;
      }
      const length = this.#read(chunk);
      if (length === 0) this.#ended = true;
      else this.#rest += chunk.toString('utf8', 0, length);
    }
  }

  #read(chunk: Buffer): number {
    for (;;) {
      try {
        return readSync(0, chunk);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code === 'EOF') return 0;
        // A terminal or pipe set to not wait: wait a moment here instead.
        if (code !== 'EAGAIN') throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      }
    }
  }

  /** A line that is not shown while it is typed. */
  secret(prompt: string): string | undefined {
    const terminal = process.stdin.isTTY;
    if (!terminal) return this.line();
    process.stderr.write(prompt);
    process.stdin.setRawMode(true);
    let typed = '';
    const chunk = Buffer.alloc(64);
    try {
      for (;;) {
        const text = chunk.toString('utf8', 0, this.#read(chunk));
        for (const letter of text) {
          if (letter === '\r' || letter === '\n') return typed;
          if (letter === '\x03') process.exit(130);
          if (letter === '\x04') return typed === '' ? undefined : typed;
          typed = letter === '\x7f' ? typed.slice(0, -1) : typed + letter;
        }
      }
    } finally {
      process.stdin.setRawMode(false);
      process.stdout.write('\n');
    }
  }
}
