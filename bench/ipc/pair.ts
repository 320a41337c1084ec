/** Clients and servers of the IPC bench, and what was measured of them. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { processorTime } from '../../src-ipc/testing/processor-time.js';
import { useProcessors } from './processors.js';

/** Calls to be made in one go. */
export interface Workload {
  readonly name: string;
  readonly calls: number;
  readonly inFlight: number;
  /** Length of the text that is sent and comes back. */
  readonly bytes: number;
  /** Calls for the reference's own IPC, where it would keep the others waiting for so long that they fall asleep. */
  readonly referenceCalls?: number;
}

interface Sample {
  readonly calls: number;
  /** Microseconds. */
  readonly took: number;
  readonly median: number;
  /** Of the client, in microseconds. */
  readonly cpu: number;
  /** Of the server. */
  readonly serverCpu: number;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

function numberIn(line: string, name: string): number {
  const parsed: unknown = JSON.parse(line);
  const value = isRecord(parsed) ? parsed[name] : undefined;
  if (typeof value !== 'number') throw new Error(`no ${name} in ${line}`);
  return value;
}

/** A client and its server. */
export class Pair {
  readonly #client: ChildProcessWithoutNullStreams;
  readonly #reader: Interface;
  readonly #lines: AsyncIterator<string>;
  #server: number;
  #samples: Sample[] = [];

  /**
   * Starts the client.
   * @param command the client's, with the server's behind it if the client starts that
   * @param server process id of a server that runs already
   */
  constructor(
    readonly name: string,
    readonly isOurs: { readonly client: boolean; readonly server: boolean },
    command: readonly string[],
    server = 0,
  ) {
    this.#server = server;
    const [file = '', ...args] = command;
    this.#client = spawn(file, args);
    this.#client.stderr.pipe(process.stderr);
    this.#reader = createInterface({ input: this.#client.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  async #line(): Promise<string> {
    const next = await this.#lines.next();
    if (next.done === true) throw new Error(`${this.name}: the client ended`);
    return next.value;
  }

  /** Waits until the client is connected. */
  async start(): Promise<void> {
    const line = await this.#line();
    if (this.#server === 0) this.#server = numberIn(line, 'server');
  }

  /** Where both are to run. */
  useProcessors(which: 'one' | 'all'): void {
    for (const pid of [this.#client.pid, this.#server]) if (pid !== undefined) useProcessors(pid, which);
  }

  async run({ calls, inFlight, bytes }: Workload, isCounted: boolean): Promise<void> {
    const before = processorTime(this.#server);
    this.#client.stdin.write(`${calls} ${inFlight} ${bytes}\n`);
    const line = await this.#line();
    if (!isCounted) return;
    const serverCpu = (processorTime(this.#server) - before) * 1000;
    this.#samples.push({ calls, took: numberIn(line, 'took'), median: numberIn(line, 'median'), cpu: numberIn(line, 'cpu'), serverCpu });
  }

  /** Calls a second. */
  rate(): number {
    return 1e6 / medianOf(this.#samples.map(({ took, calls }) => took / calls));
  }

  /** Microseconds from a call to its answer. */
  latency(): number {
    return medianOf(this.#samples.map(({ median }) => median));
  }

  /** Microseconds of processor time a call, of the client or the server. */
  cpu(side: 'client' | 'server'): number {
    const values = this.#samples.map(({ cpu, serverCpu, calls }) => (side === 'client' ? cpu : serverCpu) / calls);
    return values.reduce((a, b) => a + b, 0) / values.length;
  }

  /** Forgets what has been measured. */
  reset(): void {
    this.#samples = [];
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#client.once('exit', resolve));
    this.#client.stdin.end();
    await ended;
    this.#reader.close();
  }
}

/** The middle one of some values. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

