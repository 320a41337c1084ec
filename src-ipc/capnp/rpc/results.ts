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
  readonly #message: ReturnMessage | undefined;
  #isSent = false;
  #owners = 1;

  /** @param message the message the content was built in here, if it was */
  constructor(content: PointerReader, table: HookTable, message?: ReturnMessage) {
    this.content = content;
    this.table = table;
    this.#message = message;
  }

  /** The message that holds the content, to be sent; undefined when it came from elsewhere or has been sent already. */
  takeMessage(): ReturnMessage | undefined {
    if (this.#isSent) return undefined;
    this.#isSent = true;
    return this.#message;
  }

  addOwner(): this {
    this.#owners++;
    return this;
  }

  dispose(): void {
    if (--this.#owners > 0) return;
    this.table.dispose();
    if (this.#message === undefined) this.content.source.release();
    else this.#message.dispose();
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
