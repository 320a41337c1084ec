/** A router that grants all it is asked, as a program: `router-program.ts pcp|natpmp`. Prints who asks for what. */
import { createSocket } from 'node:dgram';
import { gatewayPort } from '../mapping.js';
import { natPmpGranted, pcpGranted, requestOf, unsupportedVersion, type RouterRequest } from './router.js';

const speaksPcp = process.argv[2] === 'pcp';
const external = '08080404';

function answerTo(request: RouterRequest, isIpv4: boolean): Uint8Array {
  if (request.protocol === 'natpmp') return natPmpGranted(request, 1200, external, 4242);
  if (!speaksPcp) return unsupportedVersion;
  return pcpGranted(request, request.lifetime ?? 0, isIpv4 ? `${'0'.repeat(20)}ffff${external}` : request.bytes.subarray(44).toString('hex'));
}

for (const type of ['udp4', 'udp6'] as const) {
  const socket = createSocket({ type, ipv6Only: type === 'udp6' });
  socket.on('message', (bytes, { address, port }) => {
    process.stdout.write(`${address} ${bytes.toString('hex')}\n`);
    socket.send(answerTo(requestOf(bytes), type === 'udp4'), port, address);
  });
  socket.bind(gatewayPort, () => process.stdout.write('ready\n'));
}
