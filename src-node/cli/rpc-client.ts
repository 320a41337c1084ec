import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { isJsonObject, parseJson, writeJson, type Jsonable, type JsonObject, type JsonValue } from '../../src-interfaces/json/json.js';

/** The node could not be reached, or is still starting: trying again may help. */
export class ConnectionFailed extends Error {
  override readonly name = 'ConnectionFailed';
}

/** Takes requests to a node. */
export interface Endpoint {
  /**
   * Sends JSON text to a path, which names the wallet, and gives the JSON text of the answer.
   * @throws ConnectionFailed or Error
   */
  exchange(body: string, path: string): Promise<string>;
}

/** How to reach a JSON-RPC server. */
export interface HttpServer {
  readonly host: string;
  readonly port: number;
  /** Seconds to wait for an answer, 0 for ever. */
  readonly timeout: number;
  /** `user:password`, when given by options. */
  readonly credentials: string | undefined;
  /** Read for each request, as each start of the node writes a new one. */
  readonly cookieFile: string | undefined;
  /** For the message that credentials are missing. */
  readonly configPath: string;
}

interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

function readCookie(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8').split('\n')[0];
  } catch {
    return undefined;
  }
}

function post(endpoint: HttpServer, path: string, body: string, auth: string | undefined): Promise<HttpAnswer> {
  const { host, port, timeout } = endpoint;
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void =>
      reject(
        new ConnectionFailed(
          `Could not connect to the server ${host}:${port}${reason}\n\nMake sure the bitcoind server is running and that you are connecting to the correct RPC port.\nUse "bitcoin-cli -help" for more info.`,
        ),
      );
    const headers = {
      Connection: 'close',
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      ...(auth === undefined ? {} : { Authorization: `Basic ${Buffer.from(auth).toString('base64')}` }),
    };
    const call = request({ host, port, path, method: 'POST', headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
      response.on('error', (error) => fail(` (${error.message})`));
    });
    if (timeout > 0) call.setTimeout(timeout * 1000, () => call.destroy(new Error('timeout reached')));
    call.on('error', (error: NodeJS.ErrnoException) => fail(error.code === 'ECONNREFUSED' ? '' : ` (${error.message})`));
    call.end(body);
  });
}

function checkStatus({ status, body }: HttpAnswer, endpoint: HttpServer, auth: string | undefined): void {
  if (status === 401) {
    if (auth !== undefined) throw new Error('Authorization failed: Incorrect rpcuser or rpcpassword');
    throw new Error(
      `Could not locate RPC credentials. No authentication cookie could be found, and RPC password is not set.  See -rpcpassword and -stdinrpcpass.  Configuration file: (${endpoint.configPath})`,
    );
  }
  if (status === 503) throw new Error(`Server response: ${body}`);
  if (status >= 400 && status !== 400 && status !== 404 && status !== 500) {
    throw new Error(`server returned HTTP error ${status}`);
  }
  if (body === '') throw new Error('no response from server');
}

/** Requests over HTTP. */
export function httpEndpoint(server: HttpServer): Endpoint {
  return {
    exchange: async (body, path) => {
      const auth = server.credentials ?? readCookie(server.cookieFile);
      const answer = await post(server, path, body, auth);
      checkStatus(answer, server, auth);
      return answer.body;
    },
  };
}

/** Sends a request, single or a batch, and gives back the answer. @throws ConnectionFailed or Error */
export async function sendRequest(endpoint: Endpoint, content: Jsonable, wallet: string | undefined): Promise<JsonValue> {
  const path = wallet === undefined ? '/' : `/wallet/${encodeURIComponent(wallet)}`;
  const answer = await endpoint.exchange(`${writeJson(content)}\n`, path);
  try {
    return parseJson(answer);
  } catch {
    throw new Error("couldn't parse reply from server");
  }
}

export function requestObject(method: string, params: Jsonable, id: number): Jsonable {
  return { method, params, id, jsonrpc: '2.0' };
}

/** Calls one command. The answer has `result` or `error`. @throws ConnectionFailed or Error */
export async function call(endpoint: Endpoint, method: string, params: Jsonable, wallet: string | undefined): Promise<JsonObject> {
  const reply = await sendRequest(endpoint, requestObject(method, params, 1), wallet);
  if (!isJsonObject(reply) || Object.keys(reply).length === 0) {
    throw new Error('expected reply to have result, error and id properties');
  }
  return reply;
}
