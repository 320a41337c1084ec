import { closeSync, fstatSync, readdirSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';

/** Standard input, output and error, which are shared on purpose. */
const STANDARD_STREAMS = 3;

/**
 * Closes files that the parent has open and that came along. Native code such as LevelDB does not keep its files to one
 * process, and a parent may have hundreds: deleted ones would go on taking room on the disk, and the child could run
 * out of descriptors. Where /proc does not tell which they are, nothing is closed.
 */
export function closeInheritedFiles(): void {
  for (const descriptor of descriptors()) {
    const file = fileOf('self', descriptor);
    // Those of the runtime, which the parent may have under the same number, are beside its program.
    if (file === undefined || file.startsWith(`${dirname(process.execPath)}/`)) continue;
    if (file === fileOf(process.ppid, descriptor) && fstatSync(descriptor).isFile()) closeSync(descriptor);
  }
}

function descriptors(): readonly number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number).filter((descriptor) => descriptor >= STANDARD_STREAMS);
  } catch {
    return [];
  }
}

/** What a process has open; undefined when it is not, or cannot be told. */
function fileOf(processId: number | 'self', descriptor: number): string | undefined {
  try {
    return readlinkSync(`/proc/${processId}/fd/${descriptor}`);
  } catch {
    return undefined;
  }
}
