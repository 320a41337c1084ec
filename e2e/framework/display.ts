/** A display for windows: the one there is, or a virtual one. */
import { spawn, spawnSync } from 'node:child_process';

export interface Display {
  /** For the environment of a program: `:0` and the like. */
  readonly name: string;
  close(): void;
}

/** Opens a display; undefined where there is none and no Xvfb either. */
export async function openDisplay(): Promise<Display | undefined> {
  const here = process.env['DISPLAY'];
  if (here !== undefined && here !== '') return { name: here, close: () => undefined };
  if (spawnSync('Xvfb', ['-help'], { stdio: 'ignore' }).error !== undefined) return undefined;
  // It picks a free number itself and writes it once it is ready.
  const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const number = await new Promise<string>((resolve, reject) => {
    let text = '';
    server.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.trim());
    });
    server.once('exit', (code) => reject(new Error(`Xvfb ended with status ${code ?? 'unknown'}`)));
  });
  return { name: `:${number}`, close: () => void server.kill() };
}
