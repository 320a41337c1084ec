import type { FieldType, InterfaceType, SchemaModel, StructType } from './model.js';
import type { Value } from './plan.js';

/** Collects the types that a generated file uses from others, for its import lines. */
export class TypeNames {
  readonly #used = new Map<string, Set<string>>();

  /** @param file path of the schema whose code is generated */
  constructor(
    private readonly model: SchemaModel,
    private readonly file: string,
  ) {}

  /** Name of a declared type; remembers the import it needs. */
  nameOf(type: StructType | InterfaceType): string {
    if (type.file !== this.file) this.use(type.file, type.name);
    return type.name;
  }

  /** Remembers that a name of another schema's file is needed. */
  use(file: string, name: string): void {
    const names = this.#used.get(file) ?? new Set();
    this.#used.set(file, names.add(name));
  }

  /** Names used from other files, sorted. */
  imports(): { readonly file: string; readonly names: readonly string[] }[] {
    return [...this.#used]
      .map(([file, names]) => ({ file, names: [...names].sort() }))
      .sort((a, b) => (a.file < b.file ? -1 : 1));
  }

  /** TypeScript type of a value. */
  ofValue(value: Value, owner?: StructType): string {
    const type = this.of(value.field.type, owner, value.field.annotations.has('nullableItems'));
    return value.nullable || value.added || (owner !== undefined && value.optional) ? `${type} | undefined` : type;
  }

  /** TypeScript type of a field's type. `owner` gives type parameters their names. */
  of(type: FieldType, owner?: StructType, nullableItems = false): string {
    switch (type.kind) {
      case 'void':
        return 'void';
      case 'bool':
        return 'boolean';
      case 'int64':
      case 'uint64':
        return 'bigint';
      case 'text':
        return 'string';
      case 'data':
        return 'Uint8Array';
      case 'list': {
        const element = this.of(type.element, owner, nullableItems);
        return `readonly ${/[|]/.test(element.replace(/<.*>/, '')) ? `(${element})` : element}[]`;
      }
      case 'interface':
        return this.nameOf(this.model.interface(type.id));
      case 'parameter':
        return owner?.parameters[type.index] ?? 'unknown';
      case 'struct':
        return this.#ofStruct(this.model.struct(type.id), type.arguments, owner, nullableItems);
      default:
        return 'number';
    }
  }

  #ofStruct(
    struct: StructType,
    bindings: readonly FieldType[],
    owner: StructType | undefined,
    nullableItems: boolean,
  ): string {
    const name = this.nameOf(struct);
    const used = usedParameters(struct);
    if (used.length === 0) return name;
    const names = used.map((index) => {
      const binding = bindings[index];
      return binding === undefined ? 'undefined' : this.of(binding, owner);
    });
    const last = names.pop() ?? '';
    return `${name}<${[...names, nullableItems ? `${last} | undefined` : last].join(', ')}>`;
  }
}

/** Indexes of the type parameters that occur in a struct's fields. */
export function usedParameters(struct: StructType): number[] {
  const occurs = (type: FieldType, index: number): boolean => {
    if (type.kind === 'parameter') return type.index === index;
    if (type.kind === 'list') return occurs(type.element, index);
    return type.kind === 'struct' && type.arguments.some((argument) => occurs(argument, index));
  };
  return struct.parameters
    .map((_, index) => index)
    .filter((index) => struct.fields.some((field) => occurs(field.type, index)));
}
