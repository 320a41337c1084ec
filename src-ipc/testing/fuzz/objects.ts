import type { Capability } from '../../capnp/rpc/types.js';
import { MessageBuilder, WireError, type StructBuilder } from '../../capnp/wire/index.js';
import type { InterfaceType, MethodType } from '../../proxy/interface.js';
import type { ObjectTable } from '../../proxy/object-table.js';
import { methodsOf } from '../interfaces.js';
import { AnyCapabilities, CAPABILITY_POINTER, emptyObjects } from './stand-ins.js';

/**
 * Objects of any interface that answer whatever they are asked: with empty values, and with objects of the same kind
 * where the interface has them. They count themselves, so that a lost one is noticed.
 */
export class AnsweringObjects implements ObjectTable {
  /** Objects that were made and have a `destroy` that was not called yet. */
  readonly living = new Set<object>();
  readonly #answers = new Map<bigint, Map<string, MethodType<unknown, unknown>>>();

  /** An object of the interface. */
  make<T extends object>(type: InterfaceType<T>): T {
    const methods = this.#methods(type);
    const answer = (name: string, args: readonly unknown[]): Promise<unknown> => {
      const method = methods.get(name);
      callBack(args);
      return method === undefined ? Promise.reject(new Error(`no ${name} here`)) : Promise.resolve().then(() => this.#results(method));
    };
    const object: object = new Proxy((): void => undefined, {
      get: (target, name) => {
        // A promise that resolves to the object would ask for it.
        if (name === 'then' || typeof name === 'symbol') return Reflect.get(target, name);
        if (name === 'destroy') return () => Promise.resolve(void this.living.delete(object));
        return (...args: readonly unknown[]) => answer(name, args);
      },
      apply: (_target, _self, args: readonly unknown[]) => answer('call', args),
    });
    if (type.destroy !== undefined) this.living.add(object);
    // The proxy answers to every name.
    return object as T;
  }

  importObject<T extends object>(capability: Capability | null, type: InterfaceType<T>): T {
    capability?.dispose();
    return this.make(type);
  }

  importOwned<T extends object>(capability: Capability | null, type: InterfaceType<T>): T {
    return this.importObject(capability, type);
  }

  exportObject(): Capability {
    throw new Error('Results are read, not written.');
  }

  exportFacets(): Capability {
    return this.exportObject();
  }

  #methods(type: InterfaceType<object>): Map<string, MethodType<unknown, unknown>> {
    const known = this.#answers.get(type.id);
    if (known !== undefined) return known;
    const methods = new Map(methodsOf(type).map(({ method }) => [method.methodName, method]));
    this.#answers.set(type.id, methods);
    return methods;
  }

  /** What the method's results read as when every pointer that may be an object is one, and the rest is empty. */
  #results(method: MethodType<unknown, unknown>): unknown {
    const message = new MessageBuilder(256, new AnyCapabilities());
    const struct = message.initRoot(method.results.size);
    for (let index = 0; index < method.results.size.pointers; index++) {
      const offset = struct.pointerOffset(index);
      message.segment.setUint32(offset, CAPABILITY_POINTER);
      if (isReadable(method, struct)) continue;
      message.segment.setUint32(offset, 0);
    }
    return method.results.read(struct.asReader(), this);
  }
}

function isReadable(method: MethodType<unknown, unknown>, struct: StructBuilder): boolean {
  try {
    method.results.read(struct.asReader(), emptyObjects);
    return true;
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}

/** Uses the functions among the arguments, as a subscription would. */
function callBack(args: readonly unknown[]): void {
  for (const callback of args) {
    if (typeof callback === 'function') void Promise.resolve(Reflect.apply(callback, undefined, ['text', 1, true])).catch(() => undefined);
  }
}
