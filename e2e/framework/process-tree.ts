/** Processes of this machine, from /proc. */
import fs from 'node:fs';

/** Command line with blanks between the arguments; '' when the process is gone. */
export function commandLine(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
  } catch {
    return '';
  }
}

/** True for a process that runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Ids of all processes there are. */
function numbered(): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

export function childrenOf(pid: number): number[] {
  return numbered().filter((candidate) => {
    try {
      return new RegExp(`^PPid:\\s+${pid}$`, 'm').test(fs.readFileSync(`/proc/${candidate}/status`, 'utf8')) && isRunning(candidate);
    } catch {
      return false;
    }
  });
}

/** Children that have ended and that their parent has not taken notice of. */
export function zombiesOf(pid: number): number[] {
  return numbered().filter((candidate) => {
    try {
      const status = fs.readFileSync(`/proc/${candidate}/status`, 'utf8');
      return new RegExp(`^PPid:\\s+${pid}$`, 'm').test(status) && /^State:\s+Z/m.test(status);
    } catch {
      return false;
    }
  });
}

/** Running processes that were started with this in their environment, or by one that was, however far down. */
export function processesMarked(variable: string, value: string): number[] {
  return numbered().filter((pid) => {
    try {
      return fs.readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`${variable}=${value}`) && isRunning(pid);
    } catch {
      return false;
    }
  });
}

/** What a process has open: paths, and what the system calls the rest. */
export function openFiles(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return fs.readdirSync(folder).flatMap((descriptor) => {
    try {
      return [fs.readlinkSync(`${folder}/${descriptor}`)];
    } catch {
      return [];
    }
  });
}

/** Memory of a process that is in use, bytes. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}
