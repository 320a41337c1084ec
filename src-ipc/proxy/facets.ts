/** References that answer several interfaces, each served by an object of its own. */
import { interfaceNotImplemented } from '../capnp/rpc/error.js';
import type { IncomingCall, LocalServer } from '../capnp/rpc/types.js';
import { Adapter } from './adapter.js';
import { facetReference, nullable, at, only } from './codec.js';
import type { InterfaceType, MethodType, ServedMethod } from './interface.js';
import type { Session } from './session.js';

/** An interface of such a reference, and how its object is had from the one called. */
export interface Facet<T> {
  start(target: T): StartedFacet;
}

/** An interface of such a reference, and its object on the way; undefined if there is none. */
export interface StartedFacet {
  readonly type: InterfaceType<object>;
  readonly object: Promise<object | undefined>;
}

/** Says which interface an object belongs to and how it is made. */
export function facet<T, F extends object>(type: () => InterfaceType<F>, make: (target: T) => Promise<F | undefined>): Facet<T> {
  // The pair is only used together: the object is what the interface describes.
  return { start: (target) => ({ type: type() as unknown as InterfaceType<object>, object: make(target) }) };
}

/**
 * A method that gives a reference with facets. It answers as soon as one of the objects is there, with undefined if
 * none is to be had; calls wait for the object of their own interface only.
 */
export function serveFacets<T>(method: MethodType<void, unknown>, facets: readonly Facet<T>[]): ServedMethod<T> {
  const { dataWords, pointers } = method.results.size;
  const results = only(dataWords, pointers, 'result', at(0, nullable(facetReference)));
  const run = async (target: T): Promise<readonly StartedFacet[] | undefined> => {
    const started = facets.map((one) => one.start(target));
    return (await isAnyThere(started)) ? started : undefined;
  };
  // Results of `run` are written with this method's codec.
  return { method: { ...method, results }, run } as ServedMethod<T>;
}

/** Waits for the first object. Rejects with why one could not be had if no other is there. */
async function isAnyThere(facets: readonly StartedFacet[]): Promise<boolean> {
  const outcomes = facets.map(async ({ object }) => {
    if ((await object) === undefined) throw new NoObject();
  });
  try {
    await Promise.any(outcomes);
    return true;
  } catch (error) {
    const reasons: unknown[] = error instanceof AggregateError ? error.errors : [error];
    const failure = reasons.find((reason) => !(reason instanceof NoObject));
    if (failure === undefined) return false;
    throw failure;
  }
}

class NoObject extends Error {}

interface Part {
  readonly type: InterfaceType<object>;
  readonly adapter: Promise<Adapter<object> | undefined>;
  /** The adapter once it is there. */
  ready: Adapter<object> | undefined;
}

/** Serves a reference with facets: each call goes to the object of its interface. */
export class FacetServer implements LocalServer {
  readonly #parts: readonly Part[];

  constructor(session: Session, facets: readonly StartedFacet[]) {
    this.#parts = facets.map(({ type, object }) => {
      const adapter = object.then((there) => (there === undefined ? undefined : new Adapter(session, there, type)));
      const part: Part = { type, adapter, ready: undefined };
      // Those who call it are told why there is none.
      adapter.then((there) => (part.ready = there)).catch(() => undefined);
      return part;
    });
  }

  /** The object of the interface asked for, if it is there already. */
  targetAs<U extends object>(type: InterfaceType<U>): U | undefined {
    return this.#parts.find((part) => part.type.is(type.id))?.ready?.targetAs(type);
  }

  async dispatch(call: IncomingCall): Promise<void> {
    const adapter = await this.#parts.find(({ type }) => type.is(call.interfaceId))?.adapter;
    if (adapter === undefined) {
      throw interfaceNotImplemented(this.#parts.map(({ type }) => type.name).join('/'), call.interfaceId);
    }
    return adapter.dispatch(call);
  }

  released(): void {
    for (const { adapter } of this.#parts) {
      adapter.then((there) => there?.released()).catch(() => undefined);
    }
  }
}
