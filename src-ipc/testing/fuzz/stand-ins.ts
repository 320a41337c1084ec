/** What takes the place of objects where only the form of a message counts. */
import { localCapability } from '../../capnp/rpc/local.js';
import type { Capability } from '../../capnp/rpc/types.js';
import type { CapabilityTable } from '../../capnp/wire/index.js';
import type { ObjectTable } from '../../proxy/object-table.js';

/** Low word of a capability pointer; the high word is the index. */
export const CAPABILITY_POINTER = 3;

/** Descriptors that a message is taken to have come with. */
const DESCRIPTORS = 1000;

/** The capabilities of a message: any object. */
export class AnyCapabilities implements CapabilityTable {
  readonly length = DESCRIPTORS;

  get(index: number): Capability | null {
    return index < DESCRIPTORS ? localCapability({ dispatch: () => undefined }) : null;
  }

  add(capability: Capability): number {
    capability.dispose();
    return 0;
  }

  lend(): number {
    return 0;
  }
}

/** Objects without methods. */
export const emptyObjects: ObjectTable = {
  importObject: takeEmpty,
  importOwned: takeEmpty,
  exportObject: () => localCapability({ dispatch: () => undefined }),
  exportFacets: () => localCapability({ dispatch: () => undefined }),
};

function takeEmpty<T extends object>(capability: Capability | null): T {
  capability?.dispose();
  // Nobody calls it.
  return {} as T;
}
