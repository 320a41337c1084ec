import { logCategories, logCategoryBits, type LogControl } from '../../src-interfaces/logging.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { productName } from '../../src-interfaces/product.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { asString } from '../../src-interfaces/rpc/values.js';
import type { CommandTable } from './command-table.js';
import type { RpcContext } from './context.js';

const category = 'control';
/** Largest time that fits the reference's clock: nanoseconds in 63 bits. */
const maxMockTime = 9_223_372_036n;

function switchCategories(log: LogControl, names: readonly string[], on: boolean): void {
  for (const name of names) {
    if (!(on ? log.enableCategory(name) : log.disableCategory(name))) {
      throw rpcError('invalidParameter', `unknown logging category ${name}`);
    }
  }
}

function logging({ log }: RpcContext, call: RpcCall): Jsonable {
  const listOf = (name: string): readonly string[] => (call.has(name) ? call.array(name).map(asString) : []);
  switchCategories(log, listOf('include'), true);
  switchCategories(log, listOf('exclude'), false);
  const mask = log.categoryMask;
  return Object.fromEntries(logCategories.map((name) => [name, (mask & (1n << BigInt(logCategoryBits[name]))) !== 0n]));
}

function memoryInfo(call: RpcCall): Jsonable {
  const mode = call.string('mode');
  if (mode === 'mallocinfo') throw rpcError('invalidParameter', 'mallocinfo mode not available');
  if (mode !== 'stats') throw rpcError('invalidParameter', `unknown mode ${mode}`);
  // No memory is locked in this process: keys live in the wallet's.
  return { locked: { used: 0, free: 0, total: 0, locked: 0, chunks_used: 0, chunks_free: 0 } };
}

function setMockTime({ chainstate, clock }: RpcContext, call: RpcCall): Jsonable {
  if (chainstate.params.chain !== 'regtest') {
    throw new Error('setmocktime is for regression testing (-regtest mode) only');
  }
  const time = call.bigint('timestamp');
  if (time < 0n || time > maxMockTime) {
    throw rpcError('invalidParameter', `Mocktime must be in the range [0, ${maxMockTime}], not ${time}.`);
  }
  clock.setMockTime(Number(time));
  return null;
}

function categoryList(name: string, help: string): CommandSpec['args'][number] {
  return { names: name, kind: 'array', help, inner: [{ names: `${name}_category`, kind: 'string', help: 'A category' }] };
}

function echo(name: string): CommandSpec {
  return {
    name,
    category: 'hidden',
    description:
      'Returns its arguments. bitcoin-cli sends those of echo as texts, those of echojson as the JSON they are written in.',
    args: Array.from({ length: 10 }, (_, i) => ({ names: `arg${i}`, kind: 'string', help: '', anyType: true }) as const),
    run: (call) => {
      if (call.request.params[9] === 'trigger_internal_bug') throw new Error('Internal bug detected: asked for by arg9');
      return call.request.params;
    },
  };
}

/** Commands about the program and its JSON-RPC server. */
export function controlCommands(context: RpcContext, table: CommandTable): readonly CommandSpec[] {
  return [
    {
      name: 'help',
      category,
      description: 'Lists all commands, or explains one.',
      args: [{ names: 'command', kind: 'string', defaultHint: 'all commands', help: 'The command' }],
      run: (call) => {
        const method = call.has('command') ? call.string('command') : '';
        if (method === 'dump_all_command_conversions') return table.argumentMap(call.request);
        return table.help(method, call.request);
      },
    },
    {
      name: 'stop',
      category,
      description: `Asks ${productName} to end in good order.`,
      args: [{ names: 'wait', kind: 'number', help: 'Milliseconds to wait before answering', hidden: true }],
      run: async (call) => {
        const wait = call.has('wait') ? call.integer('wait') : 0;
        context.requestShutdown();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        return `${productName} stopping`;
      },
    },
    {
      name: 'uptime',
      category,
      description: 'Returns for how many seconds the node has been running.',
      args: [],
      run: () => Math.floor((Date.now() - context.startedAt) / 1000),
    },
    {
      name: 'getrpcinfo',
      category,
      description: 'Returns the commands being worked on, with how long they have been (microseconds), and where the log is.',
      args: [],
      run: () => ({
        active_commands: [...table.active].map(({ method, since }) => ({
          method,
          duration: Math.round((performance.now() - since) * 1000),
        })),
        logpath: context.log.path ?? '',
      }),
    },
    {
      name: 'getmemoryinfo',
      category,
      description: 'Returns how much memory is locked against being swapped out.',
      args: [{ names: 'mode', kind: 'string', default: 'stats', help: "'stats'" }],
      run: (call) => memoryInfo(call),
    },
    {
      name: 'logging',
      category,
      description: `Switches debug categories on and off, and returns which are on. Categories: ${logCategories.join(', ')}; all or 1 for every one.`,
      args: [categoryList('include', 'Categories to switch on'), categoryList('exclude', 'Categories to switch off')],
      run: (call) => logging(context, call),
    },
    {
      name: 'setmocktime',
      category: 'hidden',
      description: 'Sets the time (regtest only). It stands still until it is set again.',
      args: [{ names: 'timestamp', kind: 'number', required: true, help: 'Seconds since 1970; 0 for real time' }],
      run: (call) => setMockTime(context, call),
    },
    {
      name: 'syncwithvalidationinterfacequeue',
      category: 'hidden',
      description: 'Waits until wallets have been told everything that has happened so far.',
      args: [],
      run: async () => {
        await context.notificationsDelivered();
        return null;
      },
    },
    {
      name: 'getindexinfo',
      category: 'util',
      description: 'Returns the state of the indexes that are kept.',
      args: [{ names: 'index_name', kind: 'string', help: 'Show this one only' }],
      run: () => ({}),
    },
    echo('echo'),
    echo('echojson'),
  ];
}
