/** Every interface of the schemas, as the generated code knows it. */
import * as chain from '../generated/chain.js';
import * as echo from '../generated/echo.js';
import * as handler from '../generated/handler.js';
import * as init from '../generated/init.js';
import * as mining from '../generated/mining.js';
import * as node from '../generated/node.js';
import * as tracing from '../generated/tracing.js';
import * as wallet from '../generated/wallet.js';
import type { InterfaceType, MethodType, ServedMethod } from '../proxy/interface.js';

/** More methods than any interface has. */
const MOST_METHODS = 128;

type AnyInterface = InterfaceType<object>;

const modules = [chain, echo, handler, init, mining, node, tracing, wallet];

export const interfaces: readonly AnyInterface[] = modules.flatMap((module) => Object.values(module).filter(isInterface));

function isInterface(value: unknown): value is AnyInterface {
  return typeof value === 'object' && value !== null && 'find' in value && 'client' in value;
}

/** The methods of an interface with those it inherits, `destroy` excepted. */
export function methodsOf(type: AnyInterface): ServedMethod<object>[] {
  const found: ServedMethod<object>[] = [];
  for (const { id } of interfaces.filter((base) => type.is(base.id))) {
    for (let methodId = 0; methodId < MOST_METHODS; methodId++) {
      try {
        found.push(type.find(id, methodId));
      } catch {
        // A gap between the ordinals, or their end.
      }
    }
  }
  return found;
}

/** Every method of every interface. */
export const methods: readonly MethodType<unknown, unknown>[] = interfaces.flatMap((type) => {
  const own = methodsOf(type).map(({ method }) => method);
  return type.destroy === undefined ? own : [type.destroy.method as MethodType<unknown, unknown>, ...own];
});
