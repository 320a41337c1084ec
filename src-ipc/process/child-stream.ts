import { Duplex, type Readable, type Writable } from 'node:stream';

/** What a child writes and reads, as one stream. Its end is the child's to see, and destroying it closes both. */
export class ChildStream extends Duplex {
  readonly #output: Readable;
  readonly #input: Writable;

  constructor(child: { readonly stdout: Readable; readonly stdin: Writable }) {
    super({ allowHalfOpen: false });
    this.#output = child.stdout;
    this.#input = child.stdin;
    this.#output.on('data', (bytes: Buffer) => {
      if (!this.push(bytes)) this.#output.pause();
    });
    this.#output.once('end', () => this.push(null));
    this.#output.on('error', (error: Error) => this.destroy(error));
    // It is told to who writes, and what the child says may still be of use to who reads.
    this.#input.on('error', () => {});
  }

  override _read(): void {
    this.#output.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, written: (error?: Error | null) => void): void {
    this.#input.write(bytes, written);
  }

  override _writev(parts: readonly { readonly chunk: Buffer }[], written: (error?: Error | null) => void): void {
    // Each part is the system's before the next, so that the last one is the last to be written.
    this.#input.cork();
    parts.forEach(({ chunk }, i) => this.#input.write(chunk, i === parts.length - 1 ? written : undefined));
    this.#input.uncork();
  }

  override _final(ended: (error?: Error | null) => void): void {
    this.#input.end(() => ended());
  }

  override _destroy(error: Error | null, destroyed: (error: Error | null) => void): void {
    this.#output.destroy();
    this.#input.destroy();
    destroyed(error);
  }
}
