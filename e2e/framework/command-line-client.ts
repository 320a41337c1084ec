/** A bitcoin-cli in the place of JSON-RPC: each command is a program that a person types. */
import { execFile, type ExecFileException } from 'node:child_process';
import { RpcError, type Json } from './node-process.js';
import type { Commands } from './wallet-life.js';

/** Milliseconds that one command may take. */
const patience = 60_000;

/** Texts are printed as they are, all else as JSON. */
function printed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text.trimEnd();
  }
}

/** What it tells of a command that the node refused; its other errors stay as they are. */
function refusal(error: ExecFileException, errorOutput: string): Error {
  const [, code, message = ''] = /^error code: (-\d+)\nerror message:\n([^]*?)\n?$/.exec(errorOutput) ?? [];
  return code === undefined ? error : new RpcError(Number(code), message);
}

/**
 * Commands by a bitcoin-cli.
 * @param args where the node is
 */
export function commandLineClient(file: string, args: readonly string[]): Commands {
  return (method, params = [], wallet) => {
    const words = params.map((param) => (typeof param === 'string' ? param : JSON.stringify(param)));
    const all = [...args, ...(wallet === undefined ? [] : [`-rpcwallet=${wallet}`]), method, ...words];
    return new Promise((resolve, reject) => {
      execFile(file, all, { encoding: 'utf8', timeout: patience }, (error, output, errorOutput) => (error === null ? resolve(printed(output)) : reject(refusal(error, errorOutput))));
    });
  };
}
