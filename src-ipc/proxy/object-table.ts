import type { Capability } from '../capnp/rpc/types.js';
import type { StartedFacet } from './facets.js';
import type { InterfaceType } from './interface.js';

/** Turns the references in a message into objects and back. */
export interface ObjectTable {
  /** The object behind a reference, which is taken over. */
  importObject<T extends object>(capability: Capability | null, type: InterfaceType<T>): T;
  /** Like importObject, for a parameter that the method keeps. */
  importOwned<T extends object>(capability: Capability | null, type: InterfaceType<T>): T;
  /** A reference to an object, for a message. */
  exportObject<T extends object>(object: T, type: InterfaceType<T>): Capability;
  /** A reference that answers several interfaces, for a message. */
  exportFacets(facets: readonly StartedFacet[]): Capability;
}
