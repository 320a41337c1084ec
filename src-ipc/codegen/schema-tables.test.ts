import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Field, FieldType, SchemaModel, StructType } from './model.js';
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

/** The tables of section 3, by schema file. */
function readTables(): Map<string, { id: bigint; tables: Table[] }> {
  const text = readFileSync(FACTS, 'utf8');
  const section = text.slice(text.indexOf('\n### 3.1 '), text.indexOf('\n## 3U'));
  const files = new Map<string, { id: bigint; tables: Table[] }>();
  for (const part of section.split(/\n### 3\.\d+ /).slice(1)) {
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

function typeText(model: SchemaModel, type: FieldType, owner: StructType): string {
  switch (type.kind) {
    case 'list':
      return `List(${typeText(model, type.element, owner)})`;
    case 'interface': {
      const { name, annotations, superclasses } = model.interface(type.id);
      const [facet] = annotations.has('facets') ? superclasses : [];
      return facet === undefined ? name : model.interface(facet).name;
    }
    case 'parameter':
      return owner.parameters[type.index] ?? '?';
    case 'struct': {
      const bound = type.arguments.map((argument) => typeText(model, argument, owner));
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
function fieldText(model: SchemaModel, field: Field, owner: StructType): string {
  return `${field.name}:${typeText(model, field.type, owner)}${defaultText(field)} ${slotText(field)}`;
}

function methodSide(model: SchemaModel, type: StructType): string {
  const fields = type.fields.map((field) => fieldText(model, field, type)).join(', ');
  return `${fields === '' ? '()' : fields} [${type.dataWords},${type.pointers}]`;
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

test('the schemas have the ids, slots, types and defaults of the reference', { skip }, () => {
  const model = compiledSchemas();
  const files = readTables();
  assert.equal(files.size, 10);
  let compared = 0;
  for (const [path, { id, tables }] of files) {
    const file = model.file(path);
    assert.equal(file.id, id, path);
    const names = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name).sort();
    const types = file.types.filter(({ annotations }) => !annotations.has('facets'));
    assert.deepEqual(names(types), names(tables), path);
    for (const table of tables) {
      const type = file.types.find(({ name }) => name === table.name);
      assert.equal(type?.kind, table.kind, table.name);
      assert.equal(type?.id, table.id, table.name);
      if (type?.kind === 'struct') compareStruct(model, type, table);
      else if (type?.kind === 'interface') {
        assert.equal(type.superclasses[0], table.extends, table.name);
        // A later method of ThreadMap, added by newer versions of the reference.
        const methods = type.methods.filter(({ name }) => name !== 'makePool');
        assert.deepEqual(
          methods.map(({ ordinal, name, params, results }) => {
            return [String(ordinal), name, methodSide(model, params), methodSide(model, results)];
          }),
          table.rows.map(([ordinal, name, params, results]) => {
            return [ordinal, plain(name ?? ''), plain(params ?? ''), plain(results ?? '')];
          }),
          table.name,
        );
      }
      compared += table.rows.length;
    }
  }
  assert.ok(compared > 500, `only ${compared} rows compared`);
});

function compareStruct(model: SchemaModel, type: StructType, table: Table): void {
  assert.equal(`${type.dataWords},${type.pointers}`, table.size, table.name);
  assert.deepEqual(
    type.fields.map((field, index) => [String(index), fieldText(model, field, type)]),
    table.rows.map(([ordinal, name, fieldType, slot]) => {
      return [ordinal, plain(`${name ?? ''}:${fieldType ?? ''} ${slot ?? ''}`)];
    }),
    table.name,
  );
}
