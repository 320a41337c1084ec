/**
 * Shapes of call arguments, as plain data.
 *
 * The renderer is the least trusted process, so main checks every argument of every call. A shape is
 * data rather than code: the same object gives the TypeScript type (`Infer`), the run-time check
 * (`checkArguments`) and, in tests, the fake bridge.
 */

/** Largest number of satoshis that can exist (21 million bitcoin). */
export const MAX_MONEY = 2_100_000_000_000_000n;

export interface TextShape {
  readonly kind: 'text';
  /** Largest length in UTF-16 code units. */
  readonly max: number;
  /** The whole text must match, when given. */
  readonly pattern?: RegExp;
}
export interface IntegerShape {
  readonly kind: 'integer';
  readonly min: number;
  readonly max: number;
}
export interface DecimalShape {
  readonly kind: 'decimal';
  readonly min: number;
  readonly max: number;
}
/** Satoshis, 0 to MAX_MONEY. */
export interface AmountShape {
  readonly kind: 'amount';
}
export interface FlagShape {
  readonly kind: 'flag';
}
export interface ChoiceShape<V extends string = string> {
  readonly kind: 'choice';
  readonly values: readonly V[];
}
export interface ListShape<S extends Shape = Shape> {
  readonly kind: 'list';
  readonly of: S;
  /** Largest number of items. */
  readonly max: number;
}
export interface RecordShape<F extends Fields = Fields> {
  readonly kind: 'record';
  readonly fields: F;
}
/** Text keys (at most 64 characters, at most 64 keys) to values of one shape. */
export interface DictionaryShape<S extends Shape = Shape> {
  readonly kind: 'dictionary';
  readonly of: S;
}
/** The field may be left out. */
export interface OptionalShape<S extends Shape = Shape> {
  readonly kind: 'optional';
  readonly of: S;
}
export type Shape =
  | TextShape
  | IntegerShape
  | DecimalShape
  | AmountShape
  | FlagShape
  | ChoiceShape
  | ListShape
  | RecordShape
  | DictionaryShape
  | OptionalShape;
export interface Fields {
  readonly [field: string]: Shape;
}

type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends OptionalShape ? K : never }[keyof F];
type Simplify<T> = { [K in keyof T]: T[K] };

/** The TypeScript type that a record of shapes accepts. */
export type InferFields<F extends Fields> = Simplify<
  { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: Infer<F[K]> } & {
    readonly [K in OptionalKeys<F>]?: Infer<F[K]>;
  }
>;

/** The TypeScript type that a shape accepts. */
export type Infer<S extends Shape> = S extends TextShape
  ? string
  : S extends IntegerShape | DecimalShape
    ? number
    : S extends AmountShape
      ? bigint
      : S extends FlagShape
        ? boolean
        : S extends ChoiceShape<infer V>
          ? V
          : S extends ListShape<infer E>
            ? readonly Infer<E>[]
            : S extends RecordShape<infer F>
              ? InferFields<F>
              : S extends DictionaryShape<infer E>
                ? Readonly<Record<string, Infer<E>>>
                : S extends OptionalShape<infer E>
                  ? Infer<E>
                  : never;

export const text = (max: number, pattern?: RegExp): TextShape =>
  pattern === undefined ? { kind: 'text', max } : { kind: 'text', max, pattern };
/** Lower-case hex of exactly `bytes` bytes. */
export const hex = (bytes: number): TextShape => text(bytes * 2, new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
export const integer = (min: number, max: number): IntegerShape => ({ kind: 'integer', min, max });
export const decimal = (min: number, max: number): DecimalShape => ({ kind: 'decimal', min, max });
export const amount: AmountShape = { kind: 'amount' };
export const flag: FlagShape = { kind: 'flag' };
export const choice = <const V extends string>(...values: readonly V[]): ChoiceShape<V> => ({ kind: 'choice', values });
export const list = <S extends Shape>(of: S, max: number): ListShape<S> => ({ kind: 'list', of, max });
export const record = <F extends Fields>(fields: F): RecordShape<F> => ({ kind: 'record', fields });
export const dictionary = <S extends Shape>(of: S): DictionaryShape<S> => ({ kind: 'dictionary', of });
export const optional = <S extends Shape>(of: S): OptionalShape<S> => ({ kind: 'optional', of });

/** What is wrong with an argument: the path of the field (`recipients[0].amount`) and why. */
export interface ShapeFault {
  readonly field: string;
  readonly message: string;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function checkFields(fields: Fields, value: unknown, path: string): ShapeFault | undefined {
  if (!isPlainObject(value)) return { field: path, message: 'expected an object' };
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(fields, key)) return { field: join(path, key), message: 'unknown field' };
  }
  for (const [key, shape] of Object.entries(fields)) {
    const item = value[key];
    if (item === undefined && shape.kind === 'optional') continue;
    const fault = checkShape(shape, item, join(path, key));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The first fault of `value` against `shape`, or undefined when it fits. Unknown fields are faults. */
export function checkShape(shape: Shape, value: unknown, path: string): ShapeFault | undefined {
  const fault = (message: string): ShapeFault => ({ field: path, message });
  switch (shape.kind) {
    case 'text':
      if (typeof value !== 'string') return fault('expected text');
      if (value.length > shape.max) return fault(`longer than ${shape.max} characters`);
      return shape.pattern === undefined || shape.pattern.test(value) ? undefined : fault('not in the expected form');
    case 'integer':
    case 'decimal':
      if (typeof value !== 'number' || !Number.isFinite(value)) return fault('expected a number');
      if (shape.kind === 'integer' && !Number.isSafeInteger(value)) return fault('expected a whole number');
      return value >= shape.min && value <= shape.max ? undefined : fault(`not between ${shape.min} and ${shape.max}`);
    case 'amount':
      if (typeof value !== 'bigint') return fault('expected an amount');
      return value >= 0n && value <= MAX_MONEY ? undefined : fault('amount out of range');
    case 'flag':
      return typeof value === 'boolean' ? undefined : fault('expected true or false');
    case 'choice':
      return typeof value === 'string' && shape.values.includes(value)
        ? undefined
        : fault(`expected one of ${shape.values.join(', ')}`);
    case 'list':
      if (!Array.isArray(value)) return fault('expected a list');
      if (value.length > shape.max) return fault(`more than ${shape.max} items`);
      for (const [index, item] of value.entries()) {
        const found = checkShape(shape.of, item, `${path}[${index}]`);
        if (found !== undefined) return found;
      }
      return undefined;
    case 'record':
      return checkFields(shape.fields, value, path);
    case 'dictionary': {
      if (!isPlainObject(value)) return fault('expected an object');
      const entries = Object.entries(value);
      if (entries.length > 64) return fault('more than 64 keys');
      for (const [key, item] of entries) {
        if (key.length > 64) return fault('key longer than 64 characters');
        const found = checkShape(shape.of, item, join(path, key));
        if (found !== undefined) return found;
      }
      return undefined;
    }
    case 'optional':
      return value === undefined ? undefined : checkShape(shape.of, value, path);
  }
}

/** Whether `value` is what a call with `fields` takes; a call without fields takes `{}`. */
export function fitsFields<F extends Fields>(fields: F, value: unknown): value is InferFields<F> {
  return checkFields(fields, value, '') === undefined;
}

/** The first fault of a call's argument object, or undefined. */
export function checkArguments(fields: Fields, value: unknown): ShapeFault | undefined {
  return checkFields(fields, value, '');
}
