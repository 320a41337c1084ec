import type { Duplex } from 'node:stream';

type Done = (error?: Error | null) => void;

/**
 * Tells `failed` of the first error of writing, in place of letting the stream destroy itself, and with it all that has
 * arrived and not been read. What is written afterwards is dropped.
 */
export function onWriteFailure(stream: Duplex, failed: (error: Error) => void): void {
  const write = stream._write.bind(stream);
  const writev = stream._writev?.bind(stream);
  let hasFailed = false;
  // A stream writes one thing at a time, so that this is of the one that is under way.
  let done: Done = () => {};
  const settle: Done = (error) => {
    if (error !== undefined && error !== null && !hasFailed) {
      hasFailed = true;
      failed(error);
    }
    done();
  };
  stream._write = (chunk, encoding, onDone) => {
    done = onDone;
    if (hasFailed) onDone();
    else write(chunk, encoding, settle);
  };
  if (writev === undefined) return;
  stream._writev = (chunks, onDone) => {
    done = onDone;
    if (hasFailed) onDone();
    else writev(chunks, settle);
  };
}
