import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Compiles schemas with the `capnp` program and gives the code generator request.
 * @param directory root of the schemas; also where absolute imports are looked up
 * @param files paths relative to `directory`
 * @param importPath further directories for absolute imports
 */
export function compileSchemas(
  directory: string,
  files: readonly string[],
  importPath: readonly string[] = [],
): Uint8Array {
  const includes = [directory, ...importPath].flatMap((path) => ['-I', path]);
  try {
    return execFileSync('capnp', ['compile', '-o-', '--no-standard-import', ...includes, ...files], {
      cwd: directory,
      maxBuffer: 64 << 20,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (cause) {
    if (isMissingProgram(cause)) {
      throw new Error("The capnp program is missing. On Debian and Ubuntu: 'apt-get install capnproto'.", {
        cause,
      });
    }
    throw cause;
  }
}

/** All schemas below a directory, as sorted paths relative to it. */
export function listSchemas(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.capnp'))
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

function isMissingProgram(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
