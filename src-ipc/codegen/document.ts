import type { InterfaceType, Method, SchemaFile, SchemaModel } from './model.js';
import { planMethods } from './plan.js';

/** Reasons why methods are not answered, by interface and method. */
export type UnimplementedMethods = Readonly<Record<string, Readonly<Record<string, string>>>>;

const HEAD = `<!-- Generated from schemas/ and src-interfaces/unimplemented.ts. To change it: "npm run generate". -->

# Process interfaces

What the programs call on each other. The schemas in \`schemas/\` describe every method; this is their index. Names of methods do not travel: the id of the interface and the ordinal (@) are what counts.

Every interface has the ids and the layout of Bitcoin Core's multiprocess programs, and one socket serves two generations of them: the programs with a process each for window, node and wallet, and Bitcoin Core since version 30, which offers Init, Echo, Mining and Rpc. They differ in Init @4, which is Chain for the one and Rpc for the other. The reference we give there answers the calls of both. BlockTemplate @7 and @10 are the earlier and the later submitSolution, and Mining @6 to @9 are known to the later one only.
`;

/**
 * The index of all interfaces and the list of the methods nobody answers, as Markdown.
 * @throws Error if the list names what does not exist
 */
export function generateDocument(model: SchemaModel, unimplemented: UnimplementedMethods): string {
  checkNames(model, unimplemented);
  const files = model.files.filter(({ types }) => types.some(({ kind }) => kind === 'interface'));
  return `${[HEAD, unimplementedSection(unimplemented), ...files.map((file) => fileSection(model, file, unimplemented))].join('\n')}`;
}

function unimplementedSection(unimplemented: UnimplementedMethods): string {
  const rows = Object.entries(unimplemented).flatMap(([owner, methods]) =>
    Object.entries(methods).map(([name, reason]) => `| ${owner}.${name} | ${reason} |`),
  );
  return [
    '## Not implemented',
    '',
    "Calls of these methods fail with the protocol's own exception `unimplemented`. Every other method is answered.",
    '',
    '| method | reason |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function fileSection(model: SchemaModel, file: SchemaFile, unimplemented: UnimplementedMethods): string {
  const interfaces = file.types.filter((type): type is InterfaceType => type.kind === 'interface' && !type.annotations.has('facets'));
  const sections = interfaces.map((type) => interfaceSection(model, type, unimplemented[type.name] ?? {}));
  return [`## ${file.path}`, '', file.doc, '', ...sections].join('\n');
}

function interfaceSection(model: SchemaModel, type: InterfaceType, unimplemented: Readonly<Record<string, string>>): string {
  const { host } = Object.fromEntries(type.annotations);
  if (typeof host !== 'string') throw new Error(`${type.name}: no $host says who serves it.`);
  const bases = type.superclasses.map((id) => model.interface(id).name);
  const heritage = bases.length === 0 ? '' : ` extends ${bases.join(', ')}`;
  const rows = type.methods.map((method) => {
    return `| ${method.ordinal} | ${namesOf(model, type, method)} | ${meaningOf(method, unimplemented[method.name])} |`;
  });
  return [`### ${type.name}${heritage}`, '', `\`0x${type.id.toString(16)}\`, served by ${host}.`, '', '| @ | method | what it does |', '|--:|---|---|', ...rows, ''].join('\n');
}

/** What a method does, in a sentence. */
function meaningOf({ doc, annotations }: Method, reason: string | undefined): string {
  if (annotations.has('retired')) return 'Always fails: its place was given up.';
  if (reason !== undefined) return `Not implemented: ${reason}.`;
  const [sentence = ''] = /^[^]*?[.](?=\s|$)/.exec(doc) ?? [doc];
  return sentence.replace(/\s+/g, ' ').replaceAll('|', '\\|');
}

/** A method's name; several where a slot has several. */
function namesOf(model: SchemaModel, type: InterfaceType, method: Method): string {
  const plans = planMethods(model, type).filter((plan) => plan.method.ordinal === method.ordinal);
  return plans.length < 2 ? method.name : plans.map(({ name }) => name).join(', ');
}

function checkNames(model: SchemaModel, unimplemented: UnimplementedMethods): void {
  const types = model.files.flatMap((file) => file.types).filter((type) => type.kind === 'interface');
  for (const [owner, methods] of Object.entries(unimplemented)) {
    const type = types.find(({ name }) => name === owner);
    for (const name of Object.keys(methods)) {
      if (type?.methods.some((method) => method.name === name) !== true) throw new Error(`There is no method ${owner}.${name}.`);
    }
  }
}
