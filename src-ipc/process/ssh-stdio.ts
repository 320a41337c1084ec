import { askpassExecutable } from './askpass-program.js';
import { IpcError } from './ipc-error.js';
import { TELL_HOME, type SshAttempt } from './ssh-attempt.js';
import { channelOpened, forwardedPath, STEP_LIMIT } from './ssh-channel.js';
import { sshMissing } from './ssh-errors.js';
import { runSsh, sshProgram, startSshOnStdio, textOf, type StdioSsh } from './ssh-program.js';
import { OWN_CONNECTION, type SshWay } from './ssh-way.js';

/** The version of OpenSSH that forwards its standard input and output to a socket; earlier ones take the path, and do nothing. */
const NEEDED = { major: 9, minor: 4 };

/** A connection of its own each time: the OpenSSH of Windows has no socket for further commands. */
const SINGLE_CONNECTION = [...OWN_CONNECTION, ...['ControlMaster=no', 'ControlPath=none', 'StdinNull=no'].flatMap((option) => ['-o', option])];

/** What ssh writes once it is in, when it asks for the socket, and when it asks for a command to be run. */
const CHANNEL = /channel_connect_stdio_fwd: \//;
const COMMAND = /Sending command: /;

/** Home directories that other computers told, by the address, so that reconnecting takes one connection. */
const homes = new Map<string, string>();

/**
 * The stream is what ssh reads and writes. To find the socket without a path takes a connection before, in which the
 * other computer tells the home directory.
 */
export const stdioWay: SshWay = {
  keepsDirectory: false,
  endsWithStream: true,
  askpass: askpassExecutable,
  async open(attempt) {
    const program = await newEnoughSsh(attempt);
    const path = attempt.address.path ?? attempt.defaultSocket(homes.get(attempt.address.canonical) ?? (await askForHome(program, attempt)));
    const ssh = start(program, attempt, ['-W', forwardedPath(path), ...attempt.destination]);
    // Whoever takes the stream over listens, too; until then a broken line must not be an uncaught error.
    ssh.stream.on('error', () => {});
    try {
      await writes(attempt, ssh, CHANNEL);
      await channelOpened(attempt, ssh, path, CHANNEL);
    } catch (error) {
      homes.delete(attempt.address.canonical);
      throw error;
    }
    return { ssh, stream: ssh.stream };
  },
};

/** @throws IpcError `ssh-missing`, or `ssh-failed` when it is too old */
async function newEnoughSsh(attempt: SshAttempt): Promise<string> {
  const program = sshProgram();
  if (program === undefined) throw sshMissing(attempt.host);
  const { lines } = await runSsh(['-V'], STEP_LIMIT, program);
  const [version, major, minor] = /OpenSSH_(?:for_Windows_)?(\d+)\.(\d+)\w*/.exec(lines.join('\n')) ?? [];
  const isOld = Number(major) < NEEDED.major || (Number(major) === NEEDED.major && Number(minor) < NEEDED.minor);
  if (version !== undefined && isOld) {
    const needed = `OpenSSH ${NEEDED.major}.${NEEDED.minor} or newer is needed to reach a node's socket from this system`;
    throw new IpcError('ssh-failed', `Cannot connect to ${attempt.host}: ${needed}, and ${program} is ${version}`);
  }
  return program;
}

function start(program: string, attempt: SshAttempt, args: readonly string[]): StdioSsh {
  return attempt.start((surroundings) => startSshOnStdio(program, [...SINGLE_CONNECTION, ...args], surroundings));
}

/** @throws IpcError */
async function askForHome(program: string, attempt: SshAttempt): Promise<string> {
  const ssh = start(program, attempt, ['-o', 'SessionType=default', ...attempt.destination, TELL_HOME]);
  ssh.stream.on('error', () => {});
  ssh.stream.end();
  const output = textOf(ssh.stream).catch(() => '');
  await writes(attempt, ssh, COMMAND);
  const timer = setTimeout(() => ssh.stop(), STEP_LIMIT);
  await ssh.ended;
  clearTimeout(timer);
  // The status of the command, or that of an ssh whose line broke.
  if (ssh.status === 255) throw attempt.failure(ssh.lines);
  const home = attempt.homeIn(await output);
  attempt.answersWereRight();
  homes.set(attempt.address.canonical, home);
  return home;
}

/** Fulfilled when ssh has written a line that shows that the other computer let it in. It takes as long as the person takes. @throws IpcError */
function writes(attempt: SshAttempt, ssh: StdioSsh, what: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopListening = ssh.onLine((line) => {
      if (!what.test(line)) return;
      stopListening();
      resolve();
    });
    void ssh.ended.then(() => reject(attempt.failure(ssh.lines)));
  });
}
