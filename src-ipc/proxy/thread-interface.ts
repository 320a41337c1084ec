import type { MethodRef } from '../capnp/rpc/types.js';
import type { InterfaceId } from './interface.js';

// The interfaces of mp/proxy.capnp and the method that exchanges them, which are served by hand: they carry the machinery that generated code needs.

export const THREAD_MAP: InterfaceId = { id: 0xee5e37179ad9dc9dn, name: 'ThreadMap' };
export const THREAD: InterfaceId = { id: 0x81c1e2600d0b56c5n, name: 'Thread' };

export const THREAD_MAP_MAKE_THREAD: MethodRef = ref(THREAD_MAP, 0, 'makeThread');
export const THREAD_MAP_MAKE_POOL: MethodRef = ref(THREAD_MAP, 1, 'makePool');
export const THREAD_GET_NAME: MethodRef = ref(THREAD, 0, 'getName');
export const INIT_CONSTRUCT: MethodRef = ref({ id: 0x8838c700ba5cba65n, name: 'Init' }, 0, 'construct');

function ref(owner: InterfaceId, methodId: number, methodName: string): MethodRef {
  return { interfaceId: owner.id, interfaceName: owner.name, methodId, methodName };
}
