import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { askpassScript } from './askpass-program.js';
import { inTime } from './patience.js';
import { TELL_HOME, type SshAttempt } from './ssh-attempt.js';
import { channelOpened, forwardedPath, STEP_LIMIT } from './ssh-channel.js';
import { runSsh, startSsh, type SshProcess, type SshRun } from './ssh-program.js';
import { OWN_CONNECTION, type SshWay } from './ssh-way.js';
import { connectSocket } from './unix-socket.js';

/** Milliseconds between looks at whether ssh is in. */
const LOOK_EVERY = 20;

/** What ssh writes when somebody has connected to the socket that it listens at. */
const CHANNEL = /channel \d+: new \[?direct-streamlocal/;

/**
 * ssh listens at a socket in the directory of the attempt, and forwards it. One connection serves for everything: it
 * takes further commands at another socket there.
 */
export const socketWay: SshWay = {
  keepsDirectory: true,
  endsWithStream: false,
  askpass: askpassScript,
  async open(attempt) {
    const connection = new ForwardingConnection(attempt);
    await connection.authenticated();
    const path = attempt.address.path ?? (await connection.defaultSocket());
    return { ssh: connection.ssh, stream: await connection.open(path) };
  },
};

class ForwardingConnection {
  readonly ssh: SshProcess;
  readonly #attempt: SshAttempt;
  readonly #control: string;

  constructor(attempt: SshAttempt) {
    this.#attempt = attempt;
    this.#control = join(attempt.directory, 'ctl');
    const args = [...OWN_CONNECTION, '-M', '-N', '-o', 'StreamLocalBindMask=0177', '-S', this.#control, ...attempt.destination];
    this.ssh = attempt.start((surroundings) => startSsh(args, surroundings));
  }

  /** ssh listens for further commands once the other computer has let it in. It takes as long as the person takes. */
  async authenticated(): Promise<void> {
    while (!existsSync(this.#control)) {
      this.#throwIfEnded();
      await inTime(LOOK_EVERY, this.ssh.ended);
    }
  }

  /** @throws IpcError */
  async defaultSocket(): Promise<string> {
    const run = await this.#command('--', this.#attempt.address.host, TELL_HOME);
    this.#throwIfEnded();
    return this.#attempt.defaultSocket(this.#attempt.homeIn(run.output));
  }

  /** @throws IpcError */
  async open(path: string): Promise<Duplex> {
    const local = join(this.#attempt.directory, 'node.sock');
    const [near, far] = [local, path].map((each) => forwardedPath(each).replaceAll('%', '%%'));
    const forwarding = await this.#command('-O', 'forward', '-L', `${near}:${far}`, '--', this.#attempt.address.host);
    if (forwarding.status !== 0) throw this.#attempt.failure([...this.ssh.lines, ...forwarding.lines]);
    const opened = channelOpened(this.#attempt, this.ssh, path, CHANNEL);
    const socket = await connectSocket(local);
    // Whoever takes the socket over listens, too; until then a broken line must not be an uncaught error.
    socket.on('error', () => {});
    try {
      await opened;
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  #throwIfEnded(): void {
    if (this.ssh.hasEnded) throw this.#attempt.failure(this.ssh.lines);
  }

  /** Runs a command of ssh over the connection that is up, without asking anybody anything again. */
  #command(...args: readonly string[]): Promise<SshRun> {
    return runSsh(['-F', 'none', '-S', this.#control, '-T', ...args], STEP_LIMIT);
  }
}
