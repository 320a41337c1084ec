import { callWith, group, type Code } from './layout.js';
import type { Field, FieldType, SchemaModel, StructType } from './model.js';
import { codecName, interfaceName } from './names.js';
import { planStruct, type Value, type Want } from './plan.js';
import type { TypeNames } from './types.js';
import { usedParameters } from './types.js';

/** Writes the expressions that build codecs, and notes what they need from other modules. */
export class CodecWriter {
  readonly #primitives = new Set<string>();

  constructor(
    private readonly model: SchemaModel,
    private readonly file: string,
    /** Constants used from the modules of other schemas. */
    readonly constants: TypeNames,
  ) {}

  /** Names used from the proxy library, sorted, each with its module. */
  imports(): { readonly module: 'codec' | 'scalar' | 'wanted'; readonly name: string }[] {
    return [...this.#primitives].sort().map((name) => {
      if (name === 'want' || name === 'wanted') return { module: 'wanted', name };
      return { module: isScalar(name) ? 'scalar' : 'codec', name };
    });
  }

  /** Notes a name of the proxy library and returns it. */
  use(name: string): string {
    this.#primitives.add(name);
    return name;
  }

  /** The codec of a value in the struct `owner`. */
  value(value: Value, owner?: StructType): string {
    const { field, presence } = value;
    const codec = this.#field(field, owner, value.nullable && presence === undefined);
    if (presence !== undefined) return `${this.use('present')}(${this.#flag(presence)}, ${codec})`;
    if (value.added) return `${this.use('added')}(${endOf(field)}, ${codec})`;
    return value.optional && !value.nullable ? `${this.use('optional')}(${codec})` : codec;
  }

  /** `struct(1, 2, { … })` for a set of values. */
  struct(type: StructType, values: readonly Value[], head = 'struct'): Code {
    return this.#members(type, values.map((value) => `${value.name}: ${this.value(value, type)}`), head);
  }

  /** The codec of a method's parameters. */
  parameters(type: StructType, values: readonly Value[], wants: readonly Want[]): Code {
    const members = values.map((value) => `${value.name}: ${this.value(value, type)}`);
    const flags = wants.map(({ name, field }) => `${name}: ${this.use('want')}(${field.offset})`);
    return this.#members(type, [...members, ...flags]);
  }

  /** The codec of a method's results. */
  results(type: StructType, values: readonly Value[], wants: readonly Want[]): Code {
    const [first, ...more] = values;
    if (first === undefined || more.length > 0) {
      const members = values.map((value) => {
        const codec = this.value(value, type);
        const isAskedFor = wants.some(({ result }) => result === value.name);
        return `${value.name}: ${isAskedFor ? `${this.use('wanted')}(${codec})` : codec}`;
      });
      return this.#members(type, members);
    }
    if (wants.length > 0) throw new Error(`${type.name}: an only result is always wanted.`);
    return group(this.use('only'), '()', [...sizeOf(type), `'${first.name}'`, this.value(first)]);
  }

  #members(type: StructType, members: readonly string[], head = 'struct'): Code {
    if (members.length === 0) return group(this.use('nothing'), '()', sizeOf(type));
    return callWith(this.use(head), sizeOf(type), group('', '{}', members));
  }

  #flag(field: Field): string {
    return field.type.kind === 'bool' ? this.#field(field, undefined, false) : `${this.use('flag32')}(${field.offset * 4})`;
  }

  #field(field: Field, owner: StructType | undefined, nullable: boolean): string {
    const width = SCALAR_BYTES.get(field.type.kind);
    if (width !== undefined) {
      const offset = field.type.kind === 'bool' ? field.offset : field.offset * width;
      const initial = field.defaultValue === 0 || field.defaultValue === 0n || field.defaultValue === false;
      return `${this.use(field.type.kind)}(${offset}${initial ? '' : `, ${literal(field.defaultValue)}`})`;
    }
    const items = field.annotations.has('nullableItems');
    const isOwned = field.annotations.has('owned');
    const size = field.annotations.get('size');
    let codec = typeof size === 'number' ? this.#sized(field, size) : this.pointer(field.type, owner, items, isOwned);
    if (field.annotations.has('secret')) codec = `${this.use('secret')}(${codec})`;
    if (nullable) codec = `${this.use('nullable')}(${codec})`;
    return `${this.use('at')}(${field.offset}, ${codec})`;
  }

  /** The codec of Data of a fixed size, or of a list of such. */
  #sized({ name, type }: Field, size: number): string {
    const codec = `${this.use('bytes')}(${size}, '${name}')`;
    return type.kind === 'list' ? `${this.use('list')}(${codec})` : codec;
  }

  /** The codec of what a pointer points to. */
  pointer(type: FieldType, owner: StructType | undefined, nullableItems = false, isOwned = false): string {
    switch (type.kind) {
      case 'text':
      case 'data':
        return this.use(type.kind);
      case 'list':
        return `${this.use('list')}(${this.#item(type.element, owner, nullableItems)})`;
      case 'parameter':
        return lowerFirst(owner?.parameters[type.index] ?? '');
      case 'interface': {
        const target = this.model.interface(type.id);
        const name = interfaceName(target.name);
        if (target.file !== this.file) this.constants.use(target.file, name);
        return `${this.use(isOwned ? 'ownedCapability' : 'capability')}(() => ${name})`;
      }
      case 'struct':
        return this.#structReference(this.model.struct(type.id), type.arguments, owner, nullableItems);
      default:
        throw new Error(`${owner?.name ?? ''}: ${type.kind} is no pointer.`);
    }
  }

  #item(type: FieldType, owner: StructType | undefined, nullableItems: boolean): string {
    return SCALAR_BYTES.has(type.kind) ? this.use(`${type.kind}Item`) : this.pointer(type, owner, nullableItems);
  }

  #structReference(
    struct: StructType,
    bindings: readonly FieldType[],
    owner: StructType | undefined,
    nullableItems: boolean,
  ): string {
    const name = codecName(struct.name);
    if (struct.file !== this.file) this.constants.use(struct.file, name);
    const used = usedParameters(struct);
    if (used.length === 0) return struct.id === owner?.id ? `${this.use('lazy')}(() => ${name})` : name;
    const codecs = used.map((index) => {
      const binding = bindings[index];
      if (binding === undefined) throw new Error(`${struct.name} is used without its type arguments.`);
      return this.pointer(binding, owner);
    });
    const last = codecs.pop() ?? '';
    return `${name}(${[...codecs, nullableItems ? `${this.use('nullable')}(${last})` : last].join(', ')})`;
  }
}

/** The structs of a file, each after those it contains. */
export function inOrderOfUse(model: SchemaModel, structs: readonly StructType[]): StructType[] {
  const sorted = new Set<StructType>();
  const visit = (struct: StructType, path: readonly StructType[]): void => {
    if (sorted.has(struct) || path.includes(struct)) return;
    for (const value of planStruct(struct)) {
      for (const id of structIds(value.field.type)) {
        const used = model.struct(id);
        if (structs.includes(used)) visit(used, [...path, struct]);
      }
    }
    sorted.add(struct);
  };
  for (const struct of structs) visit(struct, []);
  return [...sorted];
}

function structIds(type: FieldType): bigint[] {
  if (type.kind === 'list') return structIds(type.element);
  return type.kind === 'struct' ? [type.id, ...type.arguments.flatMap(structIds)] : [];
}

const SCALAR_BYTES: ReadonlyMap<string, number> = new Map([
  ['bool', 0],
  ['int8', 1],
  ['uint8', 1],
  ['int16', 2],
  ['uint16', 2],
  ['int32', 4],
  ['uint32', 4],
  ['float32', 4],
  ['int64', 8],
  ['uint64', 8],
  ['float64', 8],
]);

function isScalar(name: string): boolean {
  return name === 'flag32' || SCALAR_BYTES.has(name) || (name.endsWith('Item') && SCALAR_BYTES.has(name.slice(0, -4)));
}

/** Words of data that a struct has if the field is in it. */
function endOf({ type, offset }: Field): number {
  const width = SCALAR_BYTES.get(type.kind);
  if (width === undefined) throw new Error('Only numbers and booleans can be told to be missing.');
  return Math.floor((width === 0 ? offset / 8 : offset * width) / 8) + 1;
}

function sizeOf(type: StructType): string[] {
  return [String(type.dataWords), String(type.pointers)];
}

function literal(value: bigint | number | boolean): string {
  return typeof value === 'bigint' ? `${value}n` : String(value);
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
