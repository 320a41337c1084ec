import type { PointerReader } from '../wire/pointer-reader.js';
import { BrokenHook, nullHook } from './broken.js';
import type { HookTable } from './capability-table.js';
import type { ReturnMessage } from './call-messages.js';
import { toRpcError } from './error.js';
import type { CapHook } from './hook.js';

/** What a call returned: its content and the capabilities in it. Counted, because a caller and a pipeline may share it. */
export class Results {
  readonly content: PointerReader;
  readonly table: HookTable;
  /** The message built here that holds the content, until it has been sent. */
  message: ReturnMessage | undefined;
  readonly #built: ReturnMessage | undefined;
  #owners = 1;

  constructor(content: PointerReader, table: HookTable, message?: ReturnMessage) {
    this.content = content;
    this.table = table;
    this.message = message;
    this.#built = message;
  }

  addOwner(): this {
    this.#owners++;
    return this;
  }

  dispose(): void {
    if (--this.#owners > 0) return;
    this.table.dispose();
    if (this.#built === undefined) this.content.source.release();
    else this.#built.dispose();
  }

  /** A new reference to the capability found by following pointer indices; a broken one when there is none. */
  hookAt(path: readonly number[]): CapHook {
    try {
      let pointer = this.content;
      for (const index of path) pointer = pointer.asStruct().getPointer(index);
      const index = pointer.capabilityIndex();
      return (index === null ? null : this.table.hook(index))?.addRef() ?? nullHook();
    } catch (error) {
      return new BrokenHook(toRpcError(error));
    }
  }
}
