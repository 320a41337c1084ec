import { Duplex } from 'node:stream';

/** One end of a byte stream whose other end is played: what is written to it is kept, what arrives is said. */
export class PlayedStream extends Duplex {
  /** What was written, in order. */
  readonly written: Uint8Array[] = [];

  override _read(): void {
    // What arrives is pushed.
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    this.written.push(chunk);
    done();
  }

  override _final(done: () => void): void {
    done();
  }

  /** Lets bytes arrive. */
  arrive(bytes: Uint8Array): void {
    if (!this.destroyed && !this.readableEnded) this.push(bytes);
  }

  /** Lets the end of the stream arrive, as a failure or not. */
  hangUp(isFailure: boolean): void {
    if (this.destroyed) return;
    if (isFailure) this.destroy(new Error('read ECONNRESET'));
    else this.push(null);
  }
}
