import { basename } from 'node:path';
import { bracketed, docComment } from './layout.js';
import type { InterfaceType, SchemaFile, SchemaModel, StructType } from './model.js';
import { isCallback, planMethods, planStruct, visibleTypes, type MethodPlan, type Value } from './plan.js';
import { TypeNames, usedParameters } from './types.js';

/** Name of the module generated from a schema: `chain` for `chain.capnp`. */
export function moduleName(schemaPath: string): string {
  return basename(schemaPath, '.capnp');
}

/** First line of a generated file. */
export function banner(schemaPath: string, digest: string): string {
  return `// Generated from ${schemaPath}, sha256 ${digest}. To change it: "npm run generate".`;
}

/** The TypeScript interfaces of a schema, as the text of a module. */
export function generateInterfaces(model: SchemaModel, file: SchemaFile, digest: string): string {
  const names = new TypeNames(model, file.path);
  const declarations = visibleTypes(file).map((type) =>
    type.kind === 'struct' ? structDeclaration(type, names) : interfaceDeclaration(model, type, names),
  );
  const imports = names
    .imports()
    .flatMap(({ file: path, names: used }) =>
      bracketed('', 'import type ', ['{', '}'], used, ` from './${moduleName(path)}.js';`),
    );
  const head = [banner(file.path, digest), docComment(file.doc, '').join('\n'), imports.join('\n')];
  return `${[...head.filter((part) => part !== ''), ...declarations].join('\n\n')}\n`;
}

function structDeclaration(type: StructType, names: TypeNames): string {
  const parameters = usedParameters(type).map((index) => type.parameters[index] ?? '');
  const generics = parameters.length > 0 ? `<${parameters.join(', ')}>` : '';
  const values = planStruct(type);
  if (type.annotations.has('either')) return eitherDeclaration(type, values, generics, names);
  const members = values.flatMap((value) => [
    ...docComment(value.field.doc, '  '),
    `  readonly ${value.name}${value.optional ? '?' : ''}: ${names.ofValue(value, type)};`,
  ]);
  return [
    ...docComment(type.doc, ''),
    `export interface ${type.name}${generics} {`,
    ...members,
    '}',
  ].join('\n');
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
  const parameters = plan.parameters.map((value) => `${value.name}: ${names.ofValue(value)}`);
  const thrown = plan.errors.map(({ errorClass }) => errorClass).filter((name) => name !== 'Error');
  const doc = [plan.doc, ...(thrown.length > 0 ? [`Throws ${thrown.join(', ')} (errors.ts).`] : [])];
  return [
    ...docComment(doc.filter((line) => line !== '').join('\n'), '  '),
    ...signature(plan, head, parameters, names),
  ].join('\n');
}

function signature(
  plan: MethodPlan,
  head: string,
  parameters: readonly string[],
  names: TypeNames,
): string[] {
  const tail = `: Promise<${resultType(plan, names)}>;`;
  const lines = bracketed('  ', head, ['(', ')'], parameters, tail);
  if (lines.every((line) => line.length <= 100) && (lines.length === 1 || parameters.length > 1)) {
    return lines;
  }
  const single = bracketed('  ', head, ['(', ')'], parameters, ': Promise<');
  if (plan.results.length > 1) return wrapResult(single, plan, names);
  return lines;
}

/** What a method's promise resolves to: nothing, the only result, or an object of the results. */
export function resultType(plan: MethodPlan, names: TypeNames): string {
  const [first, ...more] = plan.results;
  if (first === undefined) return 'void';
  if (more.length === 0) return names.ofValue(first);
  return `{ ${resultMembers(plan, names).join(' ').replace(/;$/, '')} }`;
}

function resultMembers(plan: MethodPlan, names: TypeNames): string[] {
  return plan.results.map((value) => `readonly ${value.name}: ${names.ofValue(value)};`);
}

/** Puts the members of a result object on lines of their own. */
function wrapResult(lines: readonly string[], plan: MethodPlan, names: TypeNames): string[] {
  const members = resultMembers(plan, names).map((member) => `    ${member}`);
  return [...lines.slice(0, -1), `${lines.at(-1) ?? ''}{`, ...members, '  }>;'];
}
