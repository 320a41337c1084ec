/** What the generator knows about a set of schemas, free of Cap'n Proto's own encoding. */

/** A scalar type. The name is Cap'n Proto's in lower case. */
export type ScalarKind =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'float32'
  | 'float64';

/** The type of a field. */
export type FieldType =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'void' | 'text' | 'data' }
  | { readonly kind: 'list'; readonly element: FieldType }
  | { readonly kind: 'struct'; readonly id: bigint; readonly arguments: readonly FieldType[] }
  | { readonly kind: 'interface'; readonly id: bigint }
  | { readonly kind: 'parameter'; readonly index: number };

/** Annotations by the short name of their declaration. */
export type Annotations = ReadonlyMap<string, string | number | true>;

/** A field of a struct, or a parameter or result of a method. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** Data fields: position in units of the field's own size (bits for Bool). Others: pointer index. */
  readonly offset: number;
  readonly defaultValue: bigint | number | boolean;
  readonly annotations: Annotations;
  readonly doc: string;
}

/** A struct; fields are in the order of declaration. */
export interface StructType {
  readonly kind: 'struct';
  readonly id: bigint;
  readonly name: string;
  readonly file: string;
  readonly parameters: readonly string[];
  readonly dataWords: number;
  readonly pointers: number;
  readonly fields: readonly Field[];
  readonly annotations: Annotations;
  readonly doc: string;
}

/** A method; parameters and results are structs that have no names of their own. */
export interface Method {
  readonly name: string;
  readonly ordinal: number;
  readonly params: StructType;
  readonly results: StructType;
  readonly annotations: Annotations;
  readonly doc: string;
}

/** An interface; methods are in the order of their ordinals. */
export interface InterfaceType {
  readonly kind: 'interface';
  readonly id: bigint;
  readonly name: string;
  readonly file: string;
  readonly superclasses: readonly bigint[];
  readonly methods: readonly Method[];
  readonly annotations: Annotations;
  readonly doc: string;
}

/** A named value. */
export interface Constant {
  readonly name: string;
  readonly type: FieldType;
  readonly value: bigint | number | boolean | string;
  readonly doc: string;
}

/** A schema file and what it declares, in the order of declaration. */
export interface SchemaFile {
  readonly id: bigint;
  /** Path relative to the schema directory. */
  readonly path: string;
  readonly doc: string;
  readonly constants: readonly Constant[];
  readonly types: readonly (StructType | InterfaceType)[];
}

/** A set of compiled schemas. */
export class SchemaModel {
  readonly #types = new Map<bigint, StructType | InterfaceType>();

  constructor(readonly files: readonly SchemaFile[]) {
    for (const file of files) for (const type of file.types) this.#types.set(type.id, type);
  }

  /** The struct with an id. Throws if there is none. */
  struct(id: bigint): StructType {
    const type = this.#types.get(id);
    if (type?.kind !== 'struct') throw new Error(`No struct has the id 0x${id.toString(16)}.`);
    return type;
  }

  /** The interface with an id. Throws if there is none. */
  interface(id: bigint): InterfaceType {
    const type = this.#types.get(id);
    if (type?.kind !== 'interface') throw new Error(`No interface has the id 0x${id.toString(16)}.`);
    return type;
  }

  /** The file with a path relative to the schema directory. Throws if there is none. */
  file(path: string): SchemaFile {
    const file = this.files.find((candidate) => candidate.path === path);
    if (file === undefined) throw new Error(`No schema file ${path}.`);
    return file;
  }

  /** An interface's own methods and those it inherits, each with the interface that declares it. */
  methods(type: InterfaceType): { readonly declaring: InterfaceType; readonly method: Method }[] {
    const inherited = type.superclasses.flatMap((id) => this.methods(this.interface(id)));
    return [...inherited, ...type.methods.map((method) => ({ declaring: type, method }))];
  }
}
