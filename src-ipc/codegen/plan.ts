import type { Field, InterfaceType, Method, SchemaFile, SchemaModel, StructType } from './model.js';

/** A value as TypeScript sees it: a field together with the flag field that says if it is there. */
export interface Value {
  readonly name: string;
  readonly field: Field;
  /** Set if the field has a companion `hasX`: without it the value is undefined. */
  readonly presence: Field | undefined;
  /** The value may be undefined. */
  readonly nullable: boolean;
  /** The value may be left out of a plain object. */
  readonly optional: boolean;
  /** Callers of an earlier version do not know the value: it is then undefined. */
  readonly added: boolean;
}

/** A parameter `wantX` that asks for the result `x`. Callers who leave it out want the result. */
export interface Want {
  readonly name: string;
  readonly field: Field;
  /** Name of the result. */
  readonly result: string;
}

/** A result field that carries a thrown error, and the error's class. */
export interface ErrorChannel {
  readonly field: Field;
  readonly errorClass: string;
}

/** A method as TypeScript sees it. */
export interface MethodPlan {
  readonly name: string;
  readonly method: Method;
  /** The parameter of type Context, for methods that run on a thread. */
  readonly context: Field | undefined;
  readonly parameters: readonly Value[];
  readonly wants: readonly Want[];
  readonly results: readonly Value[];
  readonly errors: readonly ErrorChannel[];
  /** The text a dead slot fails with. */
  readonly retired: string | undefined;
  /** The last argument is a signal that ends the method early. */
  readonly interruptible: boolean;
  /** Set if the slot gives a reference that answers several interfaces: the one of them that this method gives. */
  readonly facet: InterfaceType | undefined;
  readonly doc: string;
}

/** Whether an interface is a callback: a function with, possibly, a `destroy`. */
export function isCallback(type: InterfaceType): boolean {
  const methods = type.methods.filter((method) => method.name !== 'destroy');
  return type.superclasses.length === 0 && methods.length === 1 && methods[0]?.name === 'call';
}

/** The types of a file that have a place in the generated code. */
export function visibleTypes(file: SchemaFile): (StructType | InterfaceType)[] {
  const hidden = ['count', 'skip', 'facets'];
  return file.types.filter((type) => !hidden.some((name) => type.annotations.has(name)));
}

/** The methods an interface declares, without those that only exist on the wire; several for a slot with facets. */
export function planMethods(model: SchemaModel, type: InterfaceType): MethodPlan[] {
  return type.methods
    .filter((method) => !method.annotations.has('skip'))
    .flatMap((method) => {
      const facets = facetsOf(model, method);
      return facets.length === 0 ? planMethod(model, method) : facets.map((facet) => planFacet(model, method, facet, facets));
    });
}

/** The interfaces that the reference a method gives answers, if they are told apart by the calls. */
function facetsOf(model: SchemaModel, method: Method): InterfaceType[] {
  const { fields } = method.results;
  const results = fields.flatMap(({ type }) => (type.kind === 'interface' ? [model.interface(type.id)] : []));
  const group = results.find((result) => result.annotations.has('facets'));
  if (group === undefined) return [];
  if (fields.length > 1) throw new Error(`${method.name}: a reference with facets is the only result.`);
  return group.superclasses.map((id) => model.interface(id));
}

/** A method as callers see it who want one of the facets. */
function planFacet(model: SchemaModel, method: Method, facet: InterfaceType, facets: readonly InterfaceType[]): MethodPlan {
  const [first = facet] = facets;
  if (!method.name.endsWith(first.name)) throw new Error(`${method.name}: the name does not end in ${first.name}.`);
  const name = method.name.slice(0, -first.name.length) + facet.name;
  const fields = method.results.fields.map((field) => ({ ...field, type: { kind: 'interface' as const, id: facet.id } }));
  const plan = planMethod(model, { ...method, name, doc: facet.doc, results: { ...method.results, fields } });
  return { ...plan, facet };
}

function planMethod(model: SchemaModel, method: Method): MethodPlan {
  const { params, results } = method;
  const wants = params.fields.flatMap((field): Want[] => {
    const name = companionOf(field.name, 'want');
    const result = results.fields.find((candidate) => candidate.name === name);
    return result === undefined || field.type.kind !== 'bool' ? [] : [{ name: nameOf(field), field, result: nameOf(result) }];
  });
  const wantFields = new Set(wants.map(({ field }) => field));
  const isRuntime = (field: Field): boolean => isCountZero(model, field);
  const errors = results.fields.flatMap((field) => {
    const errorClass = field.annotations.get('exception');
    return typeof errorClass === 'string' ? [{ field, errorClass }] : [];
  });
  const errorFields = new Set(errors.map(({ field }) => field));
  const retired = method.annotations.get('retired');
  return {
    name: nameOf(method),
    method,
    context: params.fields.find(isRuntime),
    parameters: planFields(params.fields.filter((field) => !wantFields.has(field) && !isRuntime(field)), false),
    wants,
    results: planFields(results.fields.filter((field) => !errorFields.has(field)), false),
    errors,
    retired: typeof retired === 'string' ? retired : undefined,
    interruptible: method.annotations.has('interruptible'),
    facet: undefined,
    doc: method.doc,
  };
}

/** The members of a struct. */
export function planStruct(type: StructType): Value[] {
  return planFields(type.fields, true);
}

function planFields(fields: readonly Field[], inStruct: boolean): Value[] {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const isPresence = (field: Field): boolean => {
    const companion = companionOf(field.name, 'has');
    return companion !== undefined && isFlag(field) && byName.has(companion);
  };
  return fields
    .filter((field) => field.type.kind !== 'void' && !field.annotations.has('skip') && !isPresence(field))
    .map((field): Value => {
      const flag = byName.get(`has${field.name.charAt(0).toUpperCase()}${field.name.slice(1)}`);
      const presence = flag !== undefined && isPresence(flag) && !flag.annotations.has('skip') ? flag : undefined;
      const nullable = presence !== undefined || field.annotations.has('nullable');
      const optional = field.annotations.has('optional') || (inStruct && nullable);
      return { name: nameOf(field), field, presence, nullable, optional, added: field.annotations.has('added') };
    });
}

/** For `hasHeight` and the prefix `has`: `height`. */
function companionOf(name: string, prefix: string): string | undefined {
  const rest = name.slice(prefix.length);
  if (!name.startsWith(prefix) || !/^[A-Z]/.test(rest)) return undefined;
  return rest.charAt(0).toLowerCase() + rest.slice(1);
}

function isFlag(field: Field): boolean {
  return field.type.kind === 'bool' || field.type.kind === 'uint32';
}

function isCountZero(model: SchemaModel, field: Field): boolean {
  if (field.annotations.get('count') === 0) return true;
  return field.type.kind === 'struct' && model.struct(field.type.id).annotations.get('count') === 0;
}

function nameOf(declaration: Method | Field): string {
  const name = declaration.annotations.get('name');
  return typeof name === 'string' ? name : declaration.name;
}
