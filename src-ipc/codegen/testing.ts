/** Parts for tests: the schemas as the capnp program sees them, and messages read by the schema alone. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ListElementSize, type ListReader, type StructReader } from '../capnp/wire/index.js';
import { compileSchemas, listSchemas } from './compile.js';
import type { Field, FieldType, SchemaModel, StructType } from './model.js';
import { readRequest } from './request.js';

/** The schemas' directory. */
export const SCHEMAS = fileURLToPath(new URL('../../schemas', import.meta.url));

/** Why tests that need the capnp program are skipped; false if they are not. */
export const withoutCapnp: string | false =
  spawnSync('capnp', ['--version']).status === 0 ? false : 'skipped: no capnp program (apt-get install capnproto)';

/** Our schemas. */
export function compiledSchemas(): SchemaModel {
  return readRequest(compileSchemas(SCHEMAS, listSchemas(SCHEMAS)));
}

/**
 * A struct as a plain object; null pointers are null, references the text `capability`.
 * @throws Error if the struct is larger than its schema or has a bit set outside the declared fields
 */
export function dumpStruct(
  model: SchemaModel,
  type: StructType,
  from: StructReader,
  bindings: readonly FieldType[] = [],
): Record<string, unknown> {
  if (from.dataBytes > type.dataWords * 8 || from.pointerCount > type.pointers) {
    throw new Error(`${type.name} has ${from.dataBytes / 8} words and ${from.pointerCount} pointers.`);
  }
  checkUnusedBits(type, from);
  const fields = type.fields.filter((field) => field.type.kind !== 'void');
  return Object.fromEntries(fields.map((field) => [field.name, dumpField(model, field, from, bindings)]));
}

function dumpField(model: SchemaModel, field: Field, from: StructReader, bindings: readonly FieldType[]): unknown {
  const { offset, defaultValue } = field;
  const mask = typeof defaultValue === 'number' ? defaultValue : 0;
  const wideMask = typeof defaultValue === 'bigint' ? defaultValue : 0n;
  switch (field.type.kind) {
    case 'bool':
      return from.getBool(offset, defaultValue === true);
    case 'int32':
      return from.getInt32(offset * 4, mask);
    case 'uint8':
      return from.getUint8(offset, mask);
    case 'uint16':
      return from.getUint16(offset * 2, mask);
    case 'uint32':
      return from.getUint32(offset * 4, mask);
    case 'int64':
      return from.getInt64(offset * 8, wideMask);
    case 'uint64':
      return from.getUint64(offset * 8, wideMask);
    case 'float64':
      return from.getFloat64(offset * 8, mask);
    default:
      return from.has(offset) ? dumpPointer(model, field.type, from, offset, bindings) : null;
  }
}

function dumpPointer(
  model: SchemaModel,
  type: FieldType,
  from: StructReader | ListReader,
  index: number,
  bindings: readonly FieldType[],
): unknown {
  switch (type.kind) {
    case 'text':
      return from.getText(index);
    case 'data':
      return Buffer.from(from.getData(index)).toString('hex');
    case 'interface':
      return 'capability';
    case 'parameter':
      return dumpPointer(model, bound(type, bindings), from, index, bindings);
    case 'struct': {
      const inner = type.arguments.map((argument) => bound(argument, bindings));
      return dumpStruct(model, model.struct(type.id), from.getStruct(index), inner);
    }
    case 'list':
      return dumpList(model, bound(type.element, bindings), from, index, bindings);
    default:
      throw new Error(`${type.kind} is no pointer.`);
  }
}

function dumpList(
  model: SchemaModel,
  element: FieldType,
  from: StructReader | ListReader,
  index: number,
  bindings: readonly FieldType[],
): unknown[] {
  switch (element.kind) {
    case 'bool':
      return from.getList(index, ListElementSize.BIT).map((list, i) => list.getBool(i));
    case 'int32':
      return from.getList(index, ListElementSize.BYTE_4).map((list, i) => list.getInt32(i));
    case 'int64':
      return from.getList(index, ListElementSize.BYTE_8).map((list, i) => list.getInt64(i));
    case 'struct':
      return from
        .getList(index, ListElementSize.COMPOSITE)
        .map((list, i) => dumpPointer(model, element, list, i, bindings));
    default:
      return from
        .getList(index, ListElementSize.POINTER)
        .map((list, i) => (list.has(i) ? dumpPointer(model, element, list, i, bindings) : null));
  }
}

function bound(type: FieldType, bindings: readonly FieldType[]): FieldType {
  if (type.kind !== 'parameter') return type;
  const binding = bindings[type.index];
  if (binding === undefined) throw new Error('Unbound type parameter.');
  return binding;
}

const FIELD_BITS: ReadonlyMap<string, number> = new Map([
  ['bool', 1],
  ['uint8', 8],
  ['uint16', 16],
  ['int32', 32],
  ['uint32', 32],
  ['int64', 64],
  ['uint64', 64],
  ['float64', 64],
]);

function checkUnusedBits(type: StructType, from: StructReader): void {
  const used = new Set<number>();
  for (const { type: fieldType, offset } of type.fields) {
    const bits = FIELD_BITS.get(fieldType.kind) ?? 0;
    for (let bit = 0; bit < bits; bit++) used.add(offset * bits + bit);
  }
  for (let bit = 0; bit < from.dataBytes * 8; bit++) {
    if (!used.has(bit) && from.getBool(bit)) throw new Error(`${type.name}: bit ${bit} belongs to no field.`);
  }
}
