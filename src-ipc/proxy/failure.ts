import { CallFailure, type CallFailureCode } from '../../src-interfaces/errors.js';
import { RpcError } from '../capnp/rpc/error.js';

/** What Cap'n Proto's and the reference's runtimes put before the text of an exception. */
const PREFIXES = ['remote exception: ', 'std::exception: '];

/** The error a caller gets for a call that failed on the wire. */
export function callFailure(thrown: unknown): unknown {
  if (!(thrown instanceof RpcError)) return thrown;
  let text = thrown.message;
  for (const prefix of PREFIXES) if (text.startsWith(prefix)) text = text.slice(prefix.length);
  return new CallFailure(thrown.kind, text, { cause: thrown });
}

/** The exception a peer gets for an error that its method has no result field for. */
export function rpcErrorOf(error: Error): RpcError {
  if (error instanceof RpcError) return error;
  const code: CallFailureCode = error instanceof CallFailure ? error.code : 'failed';
  return code === 'failed' || code === 'destroyed'
    ? new RpcError('failed', `std::exception: ${error.message}`, { cause: error })
    : new RpcError(code, error.message, { cause: error });
}

/** Anything thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
}
