import { readFileSync } from 'node:fs';

/** Milliseconds of processor time that a process has used, in steps of 10. @throws when there is no such process, or no /proc */
export function processorTime(pid: number): number {
  // Behind the name, which may be anything in parentheses.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
