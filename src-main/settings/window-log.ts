/** The window's own log, `debug.log.gui`: one line per event, in the shape of the other two. */
import fs from 'node:fs';
import path from 'node:path';

/** A log larger than this is started anew; bytes. */
const largest = 4_000_000;

export class WindowLog {
  readonly path: string;

  constructor(file: string) {
    this.path = file;
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    if (fs.existsSync(file) && fs.statSync(file).size > largest) fs.renameSync(file, `${file}.old`);
  }

  write(text: string): void {
    const time = new Date().toISOString().replace(/\.\d{3}Z$/, 'Z');
    fs.appendFileSync(this.path, `${time} ${text}\n`, { mode: 0o600 });
  }
}
