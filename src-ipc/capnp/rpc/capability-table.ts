import { forAll } from './for-all.js';
import { Handle } from './handle.js';
import type { CapHook } from './hook.js';
import type { Capability } from './types.js';
import type { CapabilityTable } from '../wire/types.js';

/**
 * Releases what a table holds when the table is collected without having been disposed, which happens when results
 * are dropped unread. Readers keep their table alive, so nothing is released under them.
 */
const forgotten = new FinalizationRegistry<(CapHook | null)[]>(releaseAll);

function releaseAll(hooks: (CapHook | null)[]): void {
  forAll(hooks.splice(0), (hook) => hook?.release());
}

/** The capabilities of one message. Owns a reference to each until disposed. */
export class HookTable implements CapabilityTable {
  /** Made when there is one: most messages have none. */
  #hooks: (CapHook | null)[] | undefined;

  get length(): number {
    return this.#hooks?.length ?? 0;
  }

  /** The hook itself (borrowed); null where the message has none. */
  hook(index: number): CapHook | null {
    return this.#hooks?.[index] ?? null;
  }

  get(index: number): Capability | null {
    const hook = this.hook(index);
    return hook === null ? null : new Handle(hook.addRef());
  }

  add(capability: Capability): number {
    return this.push(Handle.take(capability));
  }

  lend(capability: Capability): number {
    return this.push(Handle.peek(capability).addRef());
  }

  /** Adds a hook and takes over the reference. */
  push(hook: CapHook | null): number {
    if (this.#hooks === undefined) {
      this.#hooks = [];
      forgotten.register(this, this.#hooks, this);
    }
    return this.#hooks.push(hook) - 1;
  }

  /** Puts another hook in the place of an entry there is; takes over the reference and releases the old one. */
  replace(index: number, hook: CapHook): void {
    const old = this.#hooks?.splice(index, 1, hook);
    old?.[0]?.release();
  }

  dispose(): void {
    const hooks = this.#hooks;
    if (hooks === undefined) return;
    this.#hooks = undefined;
    forgotten.unregister(this);
    releaseAll(hooks);
  }
}
