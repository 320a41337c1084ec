/** Calls put to two nodes, whose answers are to be alike. */
import { RpcError, type Json, type NodeProcess } from './node-process.js';

export type Shape = string | readonly Shape[] | { readonly [name: string]: Shape };

/** Names and types, without values. Of an array all different shapes of its elements. */
export function shapeOf(value: Json): Shape {
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    const shapes = new Map(value.map((each) => [JSON.stringify(shapeOf(each)), shapeOf(each)]));
    return [...shapes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, shape]) => shape);
  }
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, shapeOf(value[name])]));
}

/** A call, its arguments made from what earlier calls left in `notes`. */
export interface Call {
  readonly method: string;
  readonly params?: (notes: Readonly<Record<string, Json>>) => readonly unknown[] | Readonly<Record<string, unknown>>;
  readonly wallet?: string;
  /** Keeps the result under this name. */
  readonly note?: string;
}

/** What a node says to a call: the shape of its result, or the error. */
export async function answerOf(node: NodeProcess, notes: Record<string, Json>, { method, params, wallet, note }: Call): Promise<Json> {
  try {
    const result = await node.rpc(method, params?.(notes) ?? [], wallet);
    if (note !== undefined) notes[note] = result;
    return { result: shapeOf(result) };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    // Help is in everybody's own words; paths and transactions are everybody's own.
    const help = error.code === -1 && error.message.startsWith(method);
    return { code: error.code, message: help ? 'help' : error.message.replaceAll(node.datadir, '').replaceAll(/[0-9a-f]{64}/g, 'txid') };
  }
}

/** A title for the test of a call. */
export function titleOf({ method, params, wallet }: Call): string {
  return `${method} ${wallet ?? ''} ${params?.toString().replace(/^[^>]*=> /, '') ?? ''}`;
}
