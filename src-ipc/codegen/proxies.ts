import { CodecWriter, inOrderOfUse } from './codecs.js';
import { parameterList, signature } from './interfaces.js';
import { around, callWith, firstFitting, group, importLine, layout, type Code } from './layout.js';
import type { InterfaceType, SchemaFile, SchemaModel, StructType } from './model.js';
import {
  banner,
  clientName,
  codecName,
  identityName,
  interfaceName,
  methodsName,
  moduleName,
} from './names.js';
import { isCallback, planMethods, planStruct, visibleTypes, type MethodPlan } from './plan.js';
import { TypeNames, usedParameters } from './types.js';

/** Where the generated modules find what they use. */
export interface ModulePaths {
  /** Folder of the generated interfaces, seen from the generated proxies. */
  readonly interfaces: string;
  /** Folder of the proxy library, seen from the generated proxies. */
  readonly library: string;
}

const ERROR_CHANNELS: ReadonlyMap<string, string> = new Map([
  ['Error', 'errorText'],
  ['RpcFailure', 'rpcFailure'],
  ['TypeFailure', 'typeFailure'],
  ['HelpResult', 'helpResult'],
]);

/** The codecs, clients and adapters of a schema, as the text of a module. */
export function generateProxies(
  model: SchemaModel,
  file: SchemaFile,
  digest: string,
  paths: ModulePaths,
): string {
  return new ProxyModule(model, file, paths).text(digest);
}

class ProxyModule {
  readonly #types: TypeNames;
  readonly #constants: TypeNames;
  readonly #codecs: CodecWriter;
  /** Names used from the library by module; types begin with `type `. */
  readonly #library = new Map<string, Set<string>>();

  constructor(
    private readonly model: SchemaModel,
    private readonly file: SchemaFile,
    private readonly paths: ModulePaths,
  ) {
    // No schema has the empty path: every type is imported, also this schema's own.
    this.#types = new TypeNames(model, '');
    this.#constants = new TypeNames(model, file.path);
    this.#codecs = new CodecWriter(model, file.path, this.#constants);
  }

  text(digest: string): string {
    const types = visibleTypes(this.file);
    const structs = types.filter((type): type is StructType => type.kind === 'struct');
    const interfaces = types.filter((type): type is InterfaceType => type.kind === 'interface');
    const parts = [
      ...inOrderOfUse(this.model, structs).map((type) => this.#structCodec(type)),
      ...interfaces.flatMap((type) => this.#interface(type)),
    ];
    const head = banner(this.file.path, digest);
    return `${[head, this.#imports().join('\n'), ...parts].join('\n\n')}\n`;
  }

  #imports(): string[] {
    for (const { module, name } of this.#codecs.imports()) this.#use(module, name);
    const types = this.#types
      .imports()
      .map(({ file, names }) => importLine(names.map((name) => `type ${name}`), `${this.paths.interfaces}/${moduleName(file)}.js`));
    const library = [...this.#library]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([module, names]) => importLine([...names], `${this.paths.library}/${module}.js`));
    const siblings = this.#constants
      .imports()
      .map(({ file, names }) => importLine(names, `./${moduleName(file)}.js`));
    return [...types, ...library, ...siblings].flat();
  }

  #use(module: string, name: string): string {
    const names = this.#library.get(module) ?? new Set();
    this.#library.set(module, names.add(name));
    return name;
  }

  #structCodec(type: StructType): string {
    const parameters = usedParameters(type).map((index) => type.parameters[index] ?? '');
    const kind = type.annotations.has('either') ? 'either' : 'struct';
    const codec = this.#codecs.struct(type, planStruct(type), kind);
    const name = codecName(type.name);
    const tsName = this.#types.nameOf(type);
    this.#use('codec', 'type StructCodec');
    if (parameters.length === 0) {
      return layout('', around(`export const ${name}: StructCodec<${tsName}> = `, codec, ';')).join('\n');
    }
    this.#use('codec', 'type PointerCodec');
    const generics = `<${parameters.join(', ')}>`;
    const codecs = parameters.map((parameter) => {
      return `${parameter.charAt(0).toLowerCase()}${parameter.slice(1)}: PointerCodec<${parameter}>`;
    });
    const head = `export function ${name}${generics}`;
    return [
      ...layout('', group(head, '()', codecs, `: StructCodec<${tsName}${generics}> {`)),
      ...layout('  ', around('return ', codec, ';')),
      '}',
    ].join('\n');
  }

  #interface(type: InterfaceType): string[] {
    const plans = planMethods(this.model, type);
    return [
      this.#identity(type),
      this.#methods(type, plans),
      ...(isCallback(type) ? [] : [this.#clientClass(type, plans)]),
      this.#definition(type, plans),
    ];
  }

  #identity(type: InterfaceType): string {
    const members = [`id: 0x${type.id.toString(16)}n`, `name: '${type.name}'`];
    return layout('', group(`const ${identityName(type.name)} = `, '{}', members, ';')).join('\n');
  }

  #methods(type: InterfaceType, plans: readonly MethodPlan[]): string {
    const entries = plans.flatMap((plan) => {
      const first = [identityName(type.name), String(plan.method.ordinal), `'${plan.method.name}'`];
      const details = group('', '{}', this.#methodDetails(plan));
      const call = callWith(`${plan.name}: ${this.#use('interface', 'method')}`, first, details, ',');
      return layout('  ', call);
    });
    return [`const ${methodsName(type.name)} = {`, ...entries, '};'].join('\n');
  }

  #methodDetails(plan: MethodPlan): Code[] {
    const { params, results } = plan.method;
    const details: Code[] = [
      around('params: ', this.#codecs.parameters(params, plan.parameters, plan.wants)),
      around('results: ', this.#codecs.results(results, plan.results, plan.wants)),
    ];
    if (plan.context !== undefined) details.push(`context: ${plan.context.offset}`);
    if (plan.errors.length > 0) details.push(this.#errors(plan), ...this.#keep(plan));
    return details;
  }

  #errors(plan: MethodPlan): Code {
    const channels = plan.errors.map(({ field, errorClass }) => {
      const channel = ERROR_CHANNELS.get(errorClass);
      if (channel === undefined) throw new Error(`${plan.name}: there is no error class ${errorClass}.`);
      return `${this.#use('error-channel', channel)}(${field.offset})`;
    });
    return group('errors: ', '[]', channels);
  }

  /** In/out values keep what they came with when the method throws. */
  #keep(plan: MethodPlan): Code[] {
    const kept = plan.results.filter(({ name }) => plan.parameters.some((parameter) => parameter.name === name));
    if (kept.length === 0) return [];
    const writes = kept.map((value) => {
      const { name } = value;
      return `(to, { ${name} }, objects) => ${this.#codecs.value(value)}.write(to, ${name}, objects)`;
    });
    return [group('keep: ', '[]', writes)];
  }

  #clientClass(type: InterfaceType, plans: readonly MethodPlan[]): string {
    const [base] = type.superclasses.map((id) => this.model.interface(id));
    if (base !== undefined && base.file !== this.file.path) {
      this.#constants.use(base.file, clientName(base.name));
    }
    const heritage = base === undefined ? '' : ` extends ${clientName(base.name)}`;
    const types = [this.#types.nameOf(type), ...(base === undefined ? ['AsyncDisposable'] : [])];
    const members = plans
      .filter((plan) => plan.retired === undefined)
      .map((plan) => this.#clientMethod(type, plan).join('\n'));
    if (base === undefined) {
      this.#use('remote', 'type Remote');
      members.unshift('  constructor(protected readonly remote: Remote) {}');
      members.push(['  [Symbol.asyncDispose](): Promise<void> {', '    return this.remote.destroy();', '  }'].join('\n'));
    }
    return [
      `/** ${type.name} of another process. */`,
      `export class ${clientName(type.name)}${heritage} implements ${types.join(', ')} {`,
      members.join('\n\n'),
      '}',
    ].join('\n');
  }

  #clientMethod(type: InterfaceType, plan: MethodPlan): string[] {
    const head = signature(plan, plan.name, this.#parameters(plan), this.#types, ' {');
    const body = plan.name === 'destroy' ? 'this.remote.destroy()' : this.#remoteCall(type, plan, 'this.remote');
    return [...head, ...layout('    ', around('return ', body, ';')), '  }'];
  }

  #parameters(plan: MethodPlan): string[] {
    return parameterList(plan, this.#types);
  }

  #remoteCall(type: InterfaceType, plan: MethodPlan, remote: string): Code {
    const names = namesOf(plan);
    const params = names.length === 0 ? 'undefined' : group('', '{}', names);
    const head = `${methodsName(type.name)}.${plan.name}`;
    if (plan.interruptible) return group(`${remote}.call`, '()', [head, params, 'signal']);
    return callWith(`${remote}.call`, [head], params);
  }

  #definition(type: InterfaceType, plans: readonly MethodPlan[]): string {
    this.#use('interface', 'type InterfaceType');
    const methods = methodsName(type.name);
    const client = isCallback(type) ? this.#callbackClient(type, plans) : `new ${clientName(type.name)}(remote)`;
    const parts: Code[] = [around('client: (remote) => ', client)];
    if (plans.some((plan) => plan.name === 'destroy')) {
      const call = isCallback(type) ? 'target.destroy?.()' : 'target.destroy()';
      parts.push(group('destroy: ', '{}', [`method: ${methods}.destroy`, `run: (target) => ${call}`]));
    }
    const bases = type.superclasses.map((id) => {
      const base = this.model.interface(id);
      if (base.file !== this.file.path) this.#constants.use(base.file, interfaceName(base.name));
      return interfaceName(base.name);
    });
    if (bases.length > 0) parts.push(`inherits: [${bases.join(', ')}]`);
    const served = bySlot(plans.filter((plan) => plan.name !== 'destroy')).map((slot) => this.#served(type, slot));
    parts.push(group('methods: ', '[]', served));
    const constant = `export const ${interfaceName(type.name)}: InterfaceType<${this.#types.nameOf(type)}> =`;
    const define = this.#use('interface', 'defineInterface');
    const definition = callWith(define, [identityName(type.name)], group('', '{}', parts), ';');
    const lines = firstFitting('', [around(`${constant} `, definition), { head: constant, body: definition, tail: '' }]);
    return [`/** ${type.name} across processes. */`, ...lines].join('\n');
  }

  #callbackClient(type: InterfaceType, plans: readonly MethodPlan[]): Code {
    const call = plans.find((plan) => plan.name === 'call');
    if (call === undefined) throw new Error(`${type.name} has no method to call.`);
    const head = `(${this.#parameters(call).join(', ')}) =>`;
    const run: Code = { head, body: this.#remoteCall(type, call, 'remote'), tail: '' };
    if (!plans.some((plan) => plan.name === 'destroy')) return run;
    return group('Object.assign', '()', [run, '{ destroy: () => remote.destroy() }']);
  }

  #served(type: InterfaceType, slot: readonly [MethodPlan, ...MethodPlan[]]): Code {
    const [plan] = slot;
    return plan.facet === undefined ? this.#servedMethod(type, plan) : this.#servedFacets(type, slot);
  }

  /** One slot whose reference answers several interfaces. */
  #servedFacets(type: InterfaceType, slot: readonly [MethodPlan, ...MethodPlan[]]): Code {
    const facets = slot.map((plan): Code => {
      const { facet } = plan;
      if (facet === undefined || plan.parameters.length > 0) throw new Error(`${plan.name}: facets take no parameters.`);
      if (facet.file !== this.file.path) this.#constants.use(facet.file, interfaceName(facet.name));
      return group(this.#use('facets', 'facet'), '()', [`() => ${interfaceName(facet.name)}`, `(target) => target.${plan.name}()`]);
    });
    const methodRef = `${methodsName(type.name)}.${slot[0].name}`;
    return callWith(this.#use('facets', 'serveFacets'), [methodRef], group('', '[]', facets));
  }

  #servedMethod(type: InterfaceType, plan: MethodPlan): Code {
    const methodRef = `${methodsName(type.name)}.${plan.name}`;
    if (plan.retired !== undefined) {
      return group(this.#use('interface', 'serveRetired'), '()', [methodRef, JSON.stringify(plan.retired)]);
    }
    const names = namesOf(plan);
    const callee = isCallback(type) ? 'target' : `target.${plan.name}`;
    const given = names.length === 0 ? [] : [`{ ${names.join(', ')} }`];
    const call = plan.interruptible ? [...(given.length === 0 ? ['_params'] : given), '{ signal }'] : given;
    const head = `(${['target', ...call].join(', ')}) =>`;
    const body = group(callee, '()', plan.interruptible ? [...names, 'signal'] : names);
    const wants = plan.wants.map(({ name, result }) => `${result}: '${name}'`);
    const serve = wants.length === 0 ? this.#use('interface', 'serve') : this.#use('wanted', 'serveWanted');
    const first = wants.length === 0 ? [methodRef] : [methodRef, `{ ${wants.join(', ')} }`];
    const start = `${serve}(${first.join(', ')}, ${head}`;
    if (`    ${start}`.length > 100) return group(serve, '()', [...first, { head, body, tail: '' }]);
    return { head: start, body, tail: ')' };
  }
}

/** What a method takes, in the order of its parameters. */
function namesOf(plan: MethodPlan): string[] {
  return [...plan.parameters, ...plan.wants].map(({ name }) => name);
}

/** The methods of each ordinal. */
function bySlot(plans: readonly MethodPlan[]): [MethodPlan, ...MethodPlan[]][] {
  const slots = new Map<number, [MethodPlan, ...MethodPlan[]]>();
  for (const plan of plans) {
    const slot = slots.get(plan.method.ordinal);
    if (slot === undefined) slots.set(plan.method.ordinal, [plan]);
    else slot.push(plan);
  }
  return [...slots.values()];
}
