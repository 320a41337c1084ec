import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileSchemas, listSchemas } from './compile.js';
import { generateInterfaces, moduleName } from './interfaces.js';
import { visibleTypes } from './plan.js';
import { readRequest } from './request.js';

/** Text of the generated modules by file name. */
export interface Generated {
  /** Contracts: `src-interfaces/generated`. */
  readonly interfaces: ReadonlyMap<string, string>;
}

/**
 * Generates all code from the schemas below a directory. The same schemas give the same text.
 * @param importPath further directories for absolute imports
 */
export function generate(directory: string, importPath: readonly string[] = []): Generated {
  const model = readRequest(compileSchemas(directory, listSchemas(directory), importPath));
  const interfaces = new Map<string, string>();
  for (const file of model.files) {
    if (visibleTypes(file).length === 0) continue;
    const source = readFileSync(join(directory, file.path));
    const digest = createHash('sha256').update(source).digest('hex').slice(0, 16);
    interfaces.set(`${moduleName(file.path)}.ts`, generateInterfaces(model, file, digest));
  }
  return { interfaces };
}
