/** What the generated modules say about an interface: its methods, its client and how to call an implementation. */
import { interfaceNotImplemented, methodNotImplemented } from '../capnp/rpc/error.js';
import type { MethodRef } from '../capnp/rpc/types.js';
import type { StructBuilder } from '../capnp/wire/index.js';
import type { StructCodec } from './codec.js';
import type { ErrorChannel } from './error-channel.js';
import type { ObjectTable } from './object-table.js';
import type { Remote } from './remote.js';

/** Identity of an interface on the wire. */
export interface InterfaceId {
  readonly id: bigint;
  readonly name: string;
}

/** Writes a result field that is a parameter too. */
type Keep<Params> = (to: StructBuilder, params: Params, objects: ObjectTable) => void;

/** A method on the wire and as a function of plain values. */
export interface MethodType<Params, Results> extends MethodRef {
  readonly params: StructCodec<Params>;
  readonly results: StructCodec<Results>;
  /** Index of the parameter pointer to the call's context; undefined for methods that run on no thread. */
  readonly context: number | undefined;
  /** Result fields that carry thrown errors, the most general last. */
  readonly errors: readonly ErrorChannel[];
  /** Fill the result fields that a thrown error leaves as the parameters had them. */
  readonly keep: readonly Keep<Params>[];
}

/** What a method may want to know of the call it answers. */
export interface CallInProgress {
  /** Aborted when the caller has given the call up or is gone. */
  readonly signal: AbortSignal;
}

/** A method together with the way to run it on an implementation. */
export interface ServedMethod<T> {
  readonly method: MethodType<unknown, unknown>;
  run(target: T, params: unknown, call: CallInProgress): Promise<unknown>;
}

/** How an object's end is told to it. */
export interface DestroyMethod<T> {
  readonly method: MethodType<void, void>;
  run(target: T): Promise<void> | undefined;
}

/** An interface whose objects can be called across processes. */
export interface InterfaceType<T extends object> extends InterfaceId {
  /** An object that forwards its calls to another process. */
  client(remote: Remote): T;
  /** Ends an object's life; undefined for interfaces whose references are just released. */
  readonly destroy: DestroyMethod<T> | undefined;
  /** The method to run for a call. @throws RpcError if there is none */
  find(interfaceId: bigint, methodId: number): ServedMethod<T>;
  /** Whether its objects can be called as objects of the interface with this id. */
  is(interfaceId: bigint): boolean;
}

type MethodDetails<Params, Results> = Pick<MethodType<Params, Results>, 'params' | 'results'> &
  Partial<Pick<MethodType<Params, Results>, 'context' | 'errors' | 'keep'>>;

/** Describes a method. */
export function method<Params, Results>(
  owner: InterfaceId,
  methodId: number,
  methodName: string,
  details: MethodDetails<Params, Results>,
): MethodType<Params, Results> {
  return {
    interfaceId: owner.id,
    interfaceName: owner.name,
    methodId,
    methodName,
    params: details.params,
    results: details.results,
    context: details.context,
    errors: details.errors ?? [],
    keep: details.keep ?? [],
  };
}

/** Says how a method is run on an implementation. */
export function serve<T, Params, Results>(
  method: MethodType<Params, Results>,
  run: (target: T, params: Params, call: CallInProgress) => Promise<Results>,
): ServedMethod<T> {
  // The pair is only used together: parameters read with this method's codec go to its `run`.
  return { method, run } as ServedMethod<T>;
}

/** A slot that no longer has a method: calls fail with `text`. */
export function serveRetired<T>(method: MethodType<void, void>, text: string): ServedMethod<T> {
  return serve(method, () => Promise.reject(new Error(text)));
}

/** Describes an interface. `inherits` are the interfaces it extends. */
export function defineInterface<T extends object>(
  identity: InterfaceId,
  parts: {
    readonly client: (remote: Remote) => T;
    readonly destroy?: DestroyMethod<T> | undefined;
    readonly methods: readonly ServedMethod<T>[];
    readonly inherits?: readonly Pick<InterfaceType<NoInfer<T>>, 'find' | 'is' | 'destroy'>[];
  },
): InterfaceType<T> {
  const own = new Map(parts.methods.map((served) => [served.method.methodId, served]));
  const inherits = parts.inherits ?? [];
  return {
    ...identity,
    client: parts.client,
    destroy: parts.destroy ?? inherits.find((base) => base.destroy !== undefined)?.destroy,
    find(interfaceId, methodId) {
      const base = interfaceId === identity.id ? undefined : inherits.find((candidate) => candidate.is(interfaceId));
      if (base !== undefined) return base.find(interfaceId, methodId);
      if (interfaceId !== identity.id) throw interfaceNotImplemented(identity.name, interfaceId);
      const served = own.get(methodId);
      if (served === undefined) throw methodNotImplemented(identity.name, interfaceId, methodId);
      return served;
    },
    is: (interfaceId) => interfaceId === identity.id || inherits.some((base) => base.is(interfaceId)),
  };
}
