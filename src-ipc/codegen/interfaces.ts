import { docComment, flat, group, layout, type Group } from './layout.js';
import type { Constant, InterfaceType, SchemaFile, SchemaModel, StructType } from './model.js';
import { banner, moduleName } from './names.js';
import { isCallback, planMethods, planStruct, visibleTypes, type MethodPlan, type Value } from './plan.js';
import { TypeNames, usedParameters } from './types.js';

/** The TypeScript interfaces of a schema, as the text of a module. */
export function generateInterfaces(model: SchemaModel, file: SchemaFile, digest: string): string {
  const names = new TypeNames(model, file.path);
  const declarations = visibleTypes(file).map((type) =>
    type.kind === 'struct' ? structDeclaration(type, names) : interfaceDeclaration(model, type, names),
  );
  const imports = names
    .imports()
    .flatMap(({ file: path, names: used }) =>
      layout('', group('import type ', '{}', used, ` from './${moduleName(path)}.js';`)),
    );
  const constants = file.constants.map(constantDeclaration);
  const head = [banner(file.path, digest), docComment(file.doc, '').join('\n'), imports.join('\n')];
  return `${[...head.filter((part) => part !== ''), ...constants, ...declarations].join('\n\n')}\n`;
}

function constantDeclaration({ name, value, doc }: Constant): string {
  const text = typeof value === 'string' ? `'${value.replace(/[\\']/g, '\\$&')}'` : `${value}${typeof value === 'bigint' ? 'n' : ''}`;
  if (/[\n\r]/.test(text)) throw new Error(`The constant ${name} is not of one line.`);
  return [...docComment(doc, ''), `export const ${name} = ${text};`].join('\n');
}

function structDeclaration(type: StructType, names: TypeNames): string {
  const parameters = usedParameters(type).map((index) => type.parameters[index] ?? '');
  const generics = parameters.length > 0 ? `<${parameters.join(', ')}>` : '';
  const values = planStruct(type);
  if (type.annotations.has('either')) return eitherDeclaration(type, values, generics, names);
  const members = values.flatMap((value) => [
    ...docComment(docOf(value), '  '),
    `  readonly ${value.name}${value.optional ? '?' : ''}: ${names.ofValue(value, type)};`,
  ]);
  return [
    ...docComment(type.doc, ''),
    `export interface ${type.name}${generics} {`,
    ...members,
    '}',
  ].join('\n');
}

/** What a member means, and what it is when left out. */
function docOf({ field, optional }: Value): string {
  const { doc, defaultValue } = field;
  const isPlain = defaultValue === 0 || defaultValue === 0n || defaultValue === false;
  return optional && !isPlain ? `${doc}${doc === '' ? '' : ' '}Default: ${defaultValue}.` : doc;
}

/** A struct of which exactly one of two fields is set, as a union told apart by `error`. */
function eitherDeclaration(
  type: StructType,
  values: readonly Value[],
  generics: string,
  names: TypeNames,
): string {
  const arms = values.map((chosen) => {
    const members = values.map((value) =>
      value === chosen
        ? `readonly ${value.name}: ${names.of(value.field.type, type)}`
        : `readonly ${value.name}?: undefined`,
    );
    return `  | { ${members.join('; ')} }`;
  });
  return [
    ...docComment(type.doc, ''),
    `export type ${type.name}${generics} =`,
    `${arms.join('\n')};`,
  ].join('\n');
}

function interfaceDeclaration(model: SchemaModel, type: InterfaceType, names: TypeNames): string {
  const bases = type.superclasses.map((id) => names.nameOf(model.interface(id)));
  const heritage = bases.length > 0 ? ` extends ${bases.join(', ')}` : '';
  const callback = isCallback(type);
  const plans = planMethods(model, type).filter((plan) => plan.retired === undefined);
  const members = callback
    ? [...plans]
        .sort((a, b) => Number(b.name === 'call') - Number(a.name === 'call'))
        .map((plan) => methodDeclaration(plan, plan.name === 'call' ? '' : `${plan.name}?`, names))
    : plans.map((plan) => methodDeclaration(plan, plan.name, names));
  return [
    ...docComment(type.doc, ''),
    `export interface ${type.name}${heritage} {`,
    members.join(callback ? '\n' : '\n\n'),
    '}',
  ].join('\n');
}

function methodDeclaration(plan: MethodPlan, head: string, names: TypeNames): string {
  const parameters = parameterList(plan, names);
  const thrown = plan.errors.map(({ errorClass }) => errorClass).filter((name) => name !== 'Error');
  const given = plan.interruptible ? ['Aborting `signal` gives the call up.'] : [];
  const left = plan.wants.map(({ name, result }) => `With \`${name}\` false \`${result}\` is left empty.`);
  const doc = [plan.doc, ...left, ...given, ...(thrown.length > 0 ? [`Throws ${thrown.join(', ')} (errors.ts).`] : [])];
  return [
    ...docComment(doc.filter((line) => line !== '').join('\n'), '  '),
    ...signature(plan, head, parameters, names, ';'),
  ].join('\n');
}

/** The parameters of a method, as it declares them. */
export function parameterList(plan: MethodPlan, names: TypeNames): string[] {
  const values = plan.parameters.map((value) => `${value.name}: ${names.ofValue(value)}`);
  const parameters = [...values, ...plan.wants.map(({ name }) => `${name}?: boolean`)];
  return plan.interruptible ? [...parameters, 'signal?: AbortSignal'] : parameters;
}

/** The line or lines of a method: broken at the result if that is an object and the rest is short. */
export function signature(
  plan: MethodPlan,
  head: string,
  parameters: readonly string[],
  names: TypeNames,
  end: ';' | ' {',
): string[] {
  const result = resultType(plan, names);
  const whole = group(head, '()', parameters, `: Promise<${flat(result)}>${end}`);
  if (typeof result === 'string') return layout('  ', whole);
  const start = `${flat(group(head, '()', parameters))}: Promise<`;
  if (parameters.length < 2 && start.length < 98) {
    return layout('  ', { ...result, head: start, tail: `>${end}` });
  }
  const lines = layout('  ', whole);
  const last = lines.pop() ?? '';
  if (last.length <= 100) return [...lines, last];
  return [...lines, ...layout('  ', { ...result, head: '): Promise<', tail: `>${end}` })];
}

/** What a method's promise resolves to: nothing, the only result, or an object of the results. */
function resultType(plan: MethodPlan, names: TypeNames): string | Group {
  const [first, ...more] = plan.results;
  if (first === undefined) return 'void';
  if (more.length === 0) return names.ofValue(first);
  const members = plan.results.map((value) => `readonly ${value.name}: ${names.ofValue(value)}`);
  return group('', '{;}', members);
}
