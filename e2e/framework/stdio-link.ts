/** A program that connects as on Windows to the address that is its argument, and hangs up on Ctrl-C. */
import { connectTo, fromSystemError, parseConnectAddress } from '../../src-ipc/process/index.js';

const address = parseConnectAddress(process.argv[2] ?? '', '/unused', 'regtest');
try {
  const link = address === null ? null : await connectTo(address, { sshStream: 'stdio' });
  console.log('connected');
  process.once('SIGINT', () => link?.socket.destroy());
  await link?.ended;
  console.log('ended');
} catch (error) {
  console.log(fromSystemError(error).message);
  process.exitCode = 1;
}
