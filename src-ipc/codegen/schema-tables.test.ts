import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Field, FieldType, InterfaceType, Method, SchemaModel, StructType } from './model.js';
import { compiledSchemas, withoutCapnp } from './testing.js';

/*
 * The layout that the capnp program computes for our schemas, against the tables written down from the reference: ids,
 * ordinals, names, types, defaults, slots and sizes.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const FACTS = join(root, '../shared/reference/ipc-protocol.md');
const skip = existsSync(FACTS) ? withoutCapnp : 'skipped: no ../shared/reference/ipc-protocol.md';

interface Table {
  readonly kind: 'interface' | 'struct';
  readonly name: string;
  readonly id: bigint;
  readonly size: string;
  readonly extends: bigint | undefined;
  readonly rows: readonly string[][];
}

/** One of the two versions of the protocol that our schemas serve, and where it is written down. */
interface Generation {
  readonly name: string;
  readonly section: RegExp;
  readonly heading: RegExp;
  /** Index of the interface that it expects where a reference has facets. */
  readonly facet: number;
  /** Methods it calls otherwise, by our name. */
  readonly otherNames: ReadonlyMap<string, string>;
  /** Whether it knows the parameters that were added later. */
  readonly knowsAdded: boolean;
}

const FIRST: Generation = {
  name: 'first',
  section: /\n### 3\.1 [^]*?(?=\n## 3U)/,
  heading: /\n### 3\.\d+ /,
  facet: 0,
  otherNames: new Map([['submitSolutionOld7', 'submitSolution']]),
  knowsAdded: false,
};

const SECOND: Generation = {
  name: 'second',
  section: /\n### 3U\.1 [^]*?(?=\n## 4\.)/,
  heading: /\n### 3U\.\d+ newer upstream /,
  facet: 1,
  otherNames: new Map(),
  knowsAdded: true,
};

/** The tables of a generation, by schema file. */
function readTables(generation: Generation): Map<string, { id: bigint; tables: Table[] }> {
  const [section = ''] = generation.section.exec(readFileSync(FACTS, 'utf8')) ?? [];
  const files = new Map<string, { id: bigint; tables: Table[] }>();
  for (const part of section.split(generation.heading).slice(1)) {
    const [, path, id] = /^(\S+)\.capnp — file id `(0x[0-9a-f]+)`/.exec(part) ?? [];
    assert.ok(path !== undefined && id !== undefined);
    files.set(`${path}.capnp`, { id: BigInt(id), tables: part.split('\n#### ').slice(1).map(readTable) });
  }
  return files;
}

function readTable(text: string): Table {
  const [heading = ''] = text.split('\n');
  const match = /^(interface|struct) (\w+)(?:\(.*?\))? — id `(0x[0-9a-f]+)`/.exec(heading);
  const [, kind, name, id] = match ?? [];
  assert.ok((kind === 'interface' || kind === 'struct') && name !== undefined && id !== undefined, heading);
  const base = /extends \w+ `(0x[0-9a-f]+)`/.exec(heading)?.[1];
  const rows = [...text.matchAll(/^\| (\d+) \|.*$/gm)].map(([line]) =>
    line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()),
  );
  return {
    kind,
    name,
    id: BigInt(id),
    size: /\[(\d+) words, (\d+) ptrs\]/.exec(heading)?.slice(1).join(',') ?? '',
    extends: base === undefined ? undefined : BigInt(base),
    rows,
  };
}

const NAMES: ReadonlyMap<string, string> = new Map(
  ['Bool', 'Int8', 'Int16', 'Int32', 'Int64', 'UInt8', 'UInt16', 'UInt32', 'UInt64', 'Float64', 'Text', 'Data', 'Void'].map(
    (name) => [name.toLowerCase(), name],
  ),
);

function typeText(model: SchemaModel, type: FieldType, owner: StructType, generation: Generation): string {
  switch (type.kind) {
    case 'list':
      return `List(${typeText(model, type.element, owner, generation)})`;
    case 'interface': {
      const { name, annotations, superclasses } = model.interface(type.id);
      const facet = annotations.has('facets') ? superclasses[generation.facet] : undefined;
      return facet === undefined ? name : model.interface(facet).name;
    }
    case 'parameter':
      return owner.parameters[type.index] ?? '?';
    case 'struct': {
      const bound = type.arguments.map((argument) => typeText(model, argument, owner, generation));
      return `${model.struct(type.id).name}${bound.length > 0 ? `(${bound.join(', ')})` : ''}`;
    }
    default:
      return NAMES.get(type.kind) ?? type.kind;
  }
}

const BITS: ReadonlyMap<string, number> = new Map([
  ['bool', 1],
  ['int8', 8],
  ['uint8', 8],
  ['int16', 16],
  ['uint16', 16],
  ['int32', 32],
  ['uint32', 32],
  ['int64', 64],
  ['uint64', 64],
  ['float64', 64],
]);

function slotText({ type, offset }: Field): string {
  if (type.kind === 'void') return '-';
  const bits = BITS.get(type.kind);
  if (bits === undefined) return `p${offset}`;
  return bits === 1 ? `bit${offset}` : `d${(offset * bits) / 8}`;
}

function defaultText({ defaultValue }: Field): string {
  return defaultValue === 0 || defaultValue === 0n || defaultValue === false ? '' : `=${defaultValue}`;
}

/** `name:Type=default slot` */
function fieldText(model: SchemaModel, field: Field, owner: StructType, generation: Generation): string {
  return `${field.name}:${typeText(model, field.type, owner, generation)}${defaultText(field)} ${slotText(field)}`;
}

function methodSide(model: SchemaModel, type: StructType, generation: Generation): string {
  const known = type.fields.filter(({ annotations }) => generation.knowsAdded || !annotations.has('added'));
  const ends = known.map(({ type: { kind }, offset }) => Math.ceil(((offset + 1) * (BITS.get(kind) ?? 0)) / 64));
  const dataWords = known.length === type.fields.length ? type.dataWords : Math.max(0, ...ends);
  const fields = known.map((field) => fieldText(model, field, type, generation)).join(', ');
  return `${fields === '' ? '()' : fields} [${dataWords},${type.pointers}]`;
}

/** A method's name as a generation has it. */
function methodName(model: SchemaModel, { name, results }: Method, generation: Generation): string {
  const [result] = results.fields.map(({ type }) => (type.kind === 'interface' ? model.interface(type.id) : undefined));
  if (result?.annotations.has('facets') !== true) return generation.otherNames.get(name) ?? name;
  const [first = '', ...others] = result.superclasses.map((id) => model.interface(id).name);
  return name.replace(first, [first, ...others][generation.facet] ?? '?');
}

/** A table cell without formats, annotations, emphasis and code marks, numbers in JavaScript's spelling. */
function plain(cell: string): string {
  return cell
    .replace(/⟨[^⟩]*⟩/g, '')
    .replace(/ ?\{[^}]*\}/g, '')
    .replace(/[`*]/g, '')
    .replace(/=([\d.e+-]+)/g, (_, number: string) => {
      return /[.e]/.test(number) ? `=${Number(number)}` : Number(number) === 0 ? '' : `=${BigInt(number)}`;
    })
    .replace(/ +/g, ' ')
    .trim();
}

const SIZES: ReadonlyMap<string, number> = new Map([
  ['u256', 32],
  ['outpoint', 36],
  ['raw20', 20],
  ['raw32', 32],
]);

/** Names of the Data fields that have a fixed size, with it, as a table gives them. */
function sizesOf(cells: readonly (string | undefined)[]): string[] {
  const formats = cells.flatMap((cell) => [...(cell ?? '').matchAll(/(\w+):(?:List\()?Data\)?⟨(\w+)⟩/g)]);
  return formats.flatMap(([, name, format]) => (SIZES.has(format ?? '') ? [`${name ?? ''} ${SIZES.get(format ?? '')}`] : []));
}

/** The same as the schema gives them. */
function annotatedSizes(fields: readonly Field[]): string[] {
  return fields.flatMap(({ name, annotations }) => (annotations.has('size') ? [`${name} ${String(annotations.get('size'))}`] : []));
}

/** Methods found in no table so far; what is left at the end is in none. */
const unknown = new Set<string>();

function compareInterface(model: SchemaModel, type: InterfaceType, table: Table, generation: Generation): void {
  assert.equal(type.superclasses[0], table.extends, table.name);
  const ordinals = new Set(table.rows.map(([ordinal]) => ordinal));
  const methods = type.methods.filter(({ ordinal }) => ordinals.has(String(ordinal)));
  assert.deepEqual(
    methods.map((method) => {
      const [params, results] = [method.params, method.results].map((side) => methodSide(model, side, generation));
      return [String(method.ordinal), methodName(model, method, generation), params, results];
    }),
    table.rows.map(([ordinal, name, params, results]) => [ordinal, plain(name ?? ''), plain(params ?? ''), plain(results ?? '')]),
    table.name,
  );
  assert.deepEqual(
    methods.map(({ params, results }) => annotatedSizes([...params.fields, ...results.fields])),
    table.rows.map(([, , params, results]) => sizesOf([params, results])),
    `sizes in ${table.name}`,
  );
  for (const { ordinal } of methods) unknown.delete(`${type.name} @${ordinal}`);
}

function compareStruct(model: SchemaModel, type: StructType, table: Table, generation: Generation): void {
  assert.equal(`${type.dataWords},${type.pointers}`, table.size, table.name);
  assert.deepEqual(
    type.fields.map((field, index) => [String(index), fieldText(model, field, type, generation)]),
    table.rows.map(([ordinal, name, fieldType, slot]) => [ordinal, plain(`${name ?? ''}:${fieldType ?? ''} ${slot ?? ''}`)]),
    table.name,
  );
  assert.deepEqual(annotatedSizes(type.fields), sizesOf(table.rows.map(([, name, fieldType]) => `${name ?? ''}:${fieldType ?? ''}`)), `sizes in ${table.name}`);
}

/** Compares every table of a generation; returns the schema files it has, with the types in each. */
function compareAll(model: SchemaModel, generation: Generation): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [path, { id, tables }] of readTables(generation)) {
    const file = model.file(path);
    assert.equal(file.id, id, path);
    for (const table of tables) {
      const type = file.types.find(({ name }) => name === table.name);
      assert.equal(type?.kind, table.kind, table.name);
      assert.equal(type?.id, table.id, table.name);
      if (type?.kind === 'struct') compareStruct(model, type, table, generation);
      else if (type?.kind === 'interface') compareInterface(model, type, table, generation);
    }
    found.set(path, tables.map(({ name }) => name));
  }
  return found;
}

test('the schemas have the ids, slots, types and defaults of both generations, and nothing else', { skip }, () => {
  const model = compiledSchemas();
  for (const { types } of model.files) {
    for (const type of types) if (type.kind === 'interface') for (const { ordinal } of type.methods) unknown.add(`${type.name} @${ordinal}`);
  }
  const first = compareAll(model, FIRST);
  const second = compareAll(model, SECOND);
  assert.deepEqual([first.size, second.size], [10, 4]);
  assert.deepEqual([...unknown], []);
  for (const { path, types } of model.files) {
    const ours = types.filter(({ annotations }) => !annotations.has('facets')).map(({ name }) => name);
    const theirs = new Set([...(first.get(path) ?? []), ...(second.get(path) ?? [])]);
    assert.deepEqual(ours.sort(), [...theirs].sort(), path);
  }
});
