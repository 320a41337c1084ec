/** What kind of failure an RPC exception is; the numbers on the wire are the positions in `RPC_ERROR_KINDS`. */
export type RpcErrorKind = 'failed' | 'overloaded' | 'disconnected' | 'unimplemented';

export const RPC_ERROR_KINDS: readonly RpcErrorKind[] = ['failed', 'overloaded', 'disconnected', 'unimplemented'];

/** A call that failed: the callee's exception, or the loss of the connection. `message` is the reason as sent. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly kind: RpcErrorKind;

  constructor(kind: RpcErrorKind, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.kind = kind;
  }
}

/** The call was under way when the connection ended. */
export function interruptedByDisconnect(cause?: unknown): RpcError {
  return new RpcError('disconnected', 'IPC client method call interrupted by disconnect.', { cause });
}

/** The call was made after the connection had ended. */
export function calledAfterDisconnect(cause?: unknown): RpcError {
  return new RpcError('disconnected', 'IPC client method called after disconnect.', { cause });
}

/** The object has the interface, but not the method; `methodName` is given where the schema has it. */
export function methodNotImplemented(interfaceName: string, typeId: bigint, methodId: number, methodName?: string): RpcError {
  const named = methodName === undefined ? '' : `methodName = ${methodName}; `;
  return new RpcError('unimplemented', `Method not implemented.; interfaceName = ${interfaceName}; typeId = ${typeId}; ${named}methodId = ${methodId}`);
}

/** The object does not have the interface at all. */
export function interfaceNotImplemented(actualInterfaceName: string, requestedTypeId: bigint): RpcError {
  return new RpcError('unimplemented', `Requested interface not implemented.; actualInterfaceName = ${actualInterfaceName}; requestedTypeId = ${requestedTypeId}`);
}

/** Turns whatever was thrown into an RpcError; other errors become `failed` with their message as the reason. */
export function toRpcError(thrown: unknown): RpcError {
  if (thrown instanceof RpcError) return thrown;
  if (thrown instanceof Error) return new RpcError('failed', thrown.message, { cause: thrown });
  return new RpcError('failed', String(thrown), { cause: thrown });
}
