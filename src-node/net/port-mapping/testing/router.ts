import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import type { Endpoint } from '../../configuration.js';

export interface RouterRequest {
  readonly protocol: 'pcp' | 'natpmp';
  readonly bytes: Buffer;
  /** Seconds; undefined for a question without one. */
  readonly lifetime: number | undefined;
}

export function requestOf(bytes: Buffer): RouterRequest {
  if (bytes[0] !== 0) return { protocol: 'pcp', bytes, lifetime: bytes.readUInt32BE(4) };
  return { protocol: 'natpmp', bytes, lifetime: bytes.length === 12 ? bytes.readUInt32BE(8) : undefined };
}

/** What a router does. Answers are whole datagrams; none for silence. */
export type RouterBehaviour = (request: RouterRequest, count: number) => readonly Uint8Array[];

/** A router on loopback that keeps what it is asked. */
export class Router {
  readonly requests: RouterRequest[] = [];
  readonly endpoint: Endpoint;
  readonly #socket: Socket;

  private constructor(socket: Socket, endpoint: Endpoint, behaviour: RouterBehaviour) {
    this.#socket = socket;
    this.endpoint = endpoint;
    socket.on('message', (bytes, { port, address }) => {
      const request = requestOf(bytes);
      this.requests.push(request);
      for (const answer of behaviour(request, this.requests.length)) socket.send(answer, port, address);
    });
  }

  static async start(t: TestContext, behaviour: RouterBehaviour, host = '127.0.0.1'): Promise<Router> {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.bind(0, host);
    await once(socket, 'listening');
    const router = new Router(socket, { host, port: socket.address().port }, behaviour);
    t.after(() => router.close());
    return router;
  }

  /** From now on the system tells that nobody is here. */
  close(): void {
    try {
      this.#socket.close();
    } catch {
      // Closed before.
    }
  }
}

/** RFC 6887: the answer that grants what was asked for. @param external 16 bytes, hex */
export function pcpGranted({ bytes }: RouterRequest, lifetime: number, external: string, code = 0): Buffer {
  const answer = Buffer.from(bytes);
  answer[1] = 0x81;
  answer[3] = code;
  answer.writeUInt32BE(lifetime, 4);
  answer.fill(0, 8, 24);
  answer.write(external, 44, 'hex');
  return answer;
}

/** RFC 6886, 3.5: what a router of the older protocol answers to the newer. */
export const unsupportedVersion = Buffer.from('0081000100000001', 'hex');

/** RFC 6886: the answer to a question for the address, or to a request for a port. */
export function natPmpGranted({ bytes }: RouterRequest, lifetime: number, external: string, externalPort: number, code = 0): Buffer {
  const isMapping = bytes.length === 12;
  const answer = Buffer.alloc(isMapping ? 16 : 12);
  answer[1] = 0x80 | (bytes[1] ?? 0);
  answer.writeUInt16BE(code, 2);
  if (!isMapping) {
    answer.write(external, 8, 'hex');
    return answer;
  }
  answer.writeUInt16BE(bytes.readUInt16BE(4), 8);
  answer.writeUInt16BE(externalPort, 10);
  answer.writeUInt32BE(lifetime, 12);
  return answer;
}
