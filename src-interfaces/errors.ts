/** Errors that cross process boundaries: what a method throws here, its caller catches there. */

/** A JSON-RPC error, `{code, message}` and perhaps `data`, kept as the text it travels as. */
export class RpcFailure extends Error {
  override readonly name = 'RpcFailure';
  /** The error code, 0 if the text has none. */
  readonly code: number;

  /** @param json the error object as compact JSON */
  constructor(readonly json: string) {
    const { code, message } = parse(json);
    super(message);
    this.code = code;
  }

  /** The failure with a code of the JSON-RPC protocol and a message. */
  static of(code: number, message: string): RpcFailure {
    return new RpcFailure(JSON.stringify({ code, message }));
  }
}

/** An argument of a JSON-RPC command has the wrong JSON type. */
export class TypeFailure extends Error {
  override readonly name = 'TypeFailure';
}

/** Thrown in place of a result when a JSON-RPC command's help was asked for; `message` is the help. */
export class HelpResult extends Error {
  override readonly name = 'HelpResult';
}

/**
 * Why a call to another process gave no result.
 * - `failed`: the method threw; `message` is its text.
 * - `overloaded`: the callee has no room for the call now.
 * - `disconnected`: the process that would answer, or one behind it, is gone.
 * - `unimplemented`: the callee does not know the method.
 * - `destroyed`: the object was destroyed or released before the call.
 */
export type CallFailureCode = 'failed' | 'overloaded' | 'disconnected' | 'unimplemented' | 'destroyed';

/** A call to another process failed outside the method's own error results. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';

  constructor(
    readonly code: CallFailureCode,
    message: string,
    options?: { readonly cause: unknown },
  ) {
    super(message, options);
  }
}

/** Whether an error says that the process behind an object is gone. */
export function isDisconnected(error: unknown): error is CallFailure {
  return error instanceof CallFailure && error.code === 'disconnected';
}

/** Whether an error says that the callee does not know the method. */
export function isUnimplemented(error: unknown): error is CallFailure {
  return error instanceof CallFailure && error.code === 'unimplemented';
}

/** What a call gives; undefined when it gives nothing, or its callee does not know the method. */
export async function ifImplemented<T>(call: Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (!isUnimplemented(error)) throw error;
    return undefined;
  }
}

function parse(json: string): { code: number; message: string } {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null) return { code: 0, message: json };
    const code = 'code' in value && typeof value.code === 'number' ? value.code : 0;
    const message = 'message' in value && typeof value.message === 'string' ? value.message : json;
    return { code, message };
  } catch {
    return { code: 0, message: json };
  }
}
