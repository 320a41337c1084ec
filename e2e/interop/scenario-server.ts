import { ListElementSize, localCapability, promisedCapability, RpcError } from '../../src-ipc/capnp/index.js';
import type { Capability, IncomingCall, LocalServer, RpcErrorKind, StructReader } from '../../src-ipc/capnp/index.js';
import { call, finish, method, Probe, settle, fill } from '../../src-ipc/capnp/rpc/testing.js';

/** Methods of the interface Probe. */
export const PROBE = {
  echo: 0,
  open: 1,
  callBack: 2,
  keep: 3,
  callKept: 4,
  dropKept: 5,
  reflect: 6,
  fail: 7,
  never: 8,
  statistics: 9,
  tailTo: 10,
  promise: 11,
  list: 12,
  drive: 13,
  missing: 14,
  nest: 15,
} as const;

export const VALUES = { dataWords: 1, pointers: 5 } as const;

const KINDS: RpcErrorKind[] = ['failed', 'overloaded', 'disconnected', 'unimplemented'];

/** How many objects peers have been given and not released, and how many calls they have cancelled. */
export const counts = { live: 0, cancelled: 0 };

/** Notes the numbers it is called with, in order. */
export class Recorder extends Probe {
  readonly seen: number[] = [];

  constructor() {
    super({
      0: (params) => {
        this.seen.push(params.getInt32(0));
        return { n: params.getInt32(0), text: this.seen.join() };
      },
    });
    counts.live++;
  }

  override released(): void {
    super.released();
    counts.live--;
  }
}

function required(params: StructReader): Capability {
  const cap = params.getCapability(1);
  if (cap === null) throw new Error('Capability is missing');
  return cap;
}

/** Passes a call on to an object's `echo` and its answer back. */
async function forward(cap: Capability, n: number): Promise<{ n: number; text: string }> {
  const reply = await finish(call(cap, PROBE.echo, { n }));
  reply.cap?.dispose();
  return { n: reply.n, text: reply.text };
}

/** The counterpart of the C++ peer's main object. */
export function scenarioServer(): LocalServer {
  let kept: Capability | undefined;
  return new Probe({
    [PROBE.echo]: (params) => ({ n: params.getInt32(0) + 1, text: params.getText(0), cap: params.getCapability(1) }),
    [PROBE.open]: () => ({ cap: localCapability(new Recorder()) }),
    [PROBE.callBack]: async (params) => {
      using cap = required(params);
      return forward(cap, params.getInt32(0));
    },
    [PROBE.keep]: (params) => void (kept = required(params)),
    [PROBE.callKept]: async (params) => forward(kept ?? required(params), params.getInt32(0)),
    [PROBE.dropKept]: () => {
      kept?.dispose();
      kept = undefined;
    },
    [PROBE.reflect]: async (params) => {
      const cap = params.getCapability(1);
      await settle(params.getInt32(0));
      return { cap };
    },
    [PROBE.fail]: (params) => {
      throw new RpcError(KINDS[params.getInt32(0)] ?? 'failed', params.getText(0));
    },
    [PROBE.never]: (_params, incoming) => new Promise((resolve) => incoming.signal.addEventListener('abort', () => resolve(void counts.cancelled++))),
    [PROBE.statistics]: () => ({ n: counts.live, text: `cancelled=${counts.cancelled}` }),
    [PROBE.tailTo]: (params, incoming) => {
      using cap = required(params);
      incoming.tailCall(cap, method(PROBE.echo), VALUES, (out) => fill(out, { n: params.getInt32(0) }));
    },
    [PROBE.promise]: (params) => {
      const given = params.getCapability(1);
      return { cap: promisedCapability(settle(params.getInt32(0) + 10).then(() => given ?? localCapability(new Recorder()))) };
    },
    [PROBE.nest]: async (params, incoming) => {
      await settle(params.getInt32(0));
      incoming.initResults(VALUES).initStruct(4, VALUES).initStruct(4, VALUES).setCapability(1, localCapability(new Recorder()));
    },
    [PROBE.list]: (_params, incoming: IncomingCall) => {
      const list = incoming.initResults(VALUES).initList(3, ListElementSize.POINTER, 3);
      for (let i = 0; i < 3; i++) list.setCapability(i, localCapability(new Recorder()));
    },
  });
}
