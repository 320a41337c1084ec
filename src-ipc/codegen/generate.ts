import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unimplementedMethods } from '../../src-interfaces/unimplemented.js';
import { compileSchemas, listSchemas } from './compile.js';
import { generateDocument } from './document.js';
import { generateInterfaces } from './interfaces.js';
import { moduleName } from './names.js';
import { visibleTypes } from './plan.js';
import { generateProxies, type ModulePaths } from './proxies.js';
import { readRequest } from './request.js';

/** Text of the generated modules by file name. */
export interface Generated {
  /** Contracts: `src-interfaces/generated`. */
  readonly interfaces: ReadonlyMap<string, string>;
  /** Clients and adapters: `src-ipc/generated`. */
  readonly proxies: ReadonlyMap<string, string>;
}

const PATHS: ModulePaths = { interfaces: '../../src-interfaces/generated', library: '../proxy' };

/**
 * Generates all code from the schemas below a directory. The same schemas give the same text.
 * @param importPath further directories for absolute imports
 * @param paths where the generated proxies find interfaces and library
 */
export function generate(
  directory: string,
  importPath: readonly string[] = [],
  paths: ModulePaths = PATHS,
): Generated {
  const model = readRequest(compileSchemas(directory, listSchemas(directory), importPath));
  const interfaces = new Map<string, string>();
  const proxies = new Map<string, string>();
  for (const file of model.files) {
    if (visibleTypes(file).length === 0) continue;
    const source = readFileSync(join(directory, file.path));
    const digest = createHash('sha256').update(source).digest('hex').slice(0, 16);
    const name = `${moduleName(file.path)}.ts`;
    interfaces.set(name, generateInterfaces(model, file, digest));
    proxies.set(name, generateProxies(model, file, digest, paths));
  }
  return { interfaces, proxies };
}

/** The index of all methods in the schemas below a directory: `docs/ipc.md`. */
export function generateIndex(directory: string): string {
  return generateDocument(readRequest(compileSchemas(directory, listSchemas(directory))), unimplementedMethods);
}
