import { argumentShape, describeArgument, firstName, memberShape, type Argument } from './argument.js';
import type { CommandSpec } from './command.js';

interface Line {
  readonly left: string;
  readonly right: string;
}

type Outer = 'none' | 'object' | 'array';

function* structure(argument: Argument, indent: number, outer: Outer): Iterable<Line> {
  const space = ' '.repeat(indent);
  const inObject = outer === 'object';
  const name = inObject ? `"${firstName(argument)}": ` : '';
  const top = outer === 'none';
  const right = top ? '' : describeArgument(argument, inObject);
  const end = top ? '' : ',';
  switch (argument.kind) {
    case 'object':
    case 'user-keys':
      yield { left: `${space}${name}{`, right };
      for (const member of argument.inner ?? []) yield* structure(member, indent + 2, 'object');
      if (argument.kind === 'user-keys') yield { left: `${space}  ...`, right: '' };
      yield { left: `${space}}${end}`, right: '' };
      return;
    case 'array':
      yield { left: `${space}${name}[`, right };
      for (const element of argument.inner ?? []) yield* structure(element, indent + 2, 'array');
      yield { left: `${space}  ...`, right: '' };
      yield { left: `${space}]${end}`, right: '' };
      return;
    default:
      if (!top) yield { left: `${space}${inObject ? memberShape(argument, false) : argumentShape(argument, false)},`, right };
  }
}

function formatLines(lines: readonly Line[]): string {
  const pad = Math.max(0, ...lines.map((line) => line.left.length)) + 4;
  return lines
    .map(({ left, right }) => {
      if (right === '') return `${left}\n`;
      return `${left.padEnd(pad)}${right.replace(/\n */g, `\n${' '.repeat(pad)}`)}\n`;
    })
    .join('');
}

/** Name and arguments on one line, optional ones in parentheses. */
export function commandSignature(spec: CommandSpec): string {
  let text = spec.name;
  let optional = false;
  for (const argument of spec.args) {
    if (argument.hidden === true) break;
    text += ' ';
    if (argument.required === true) {
      if (optional) text += ') ';
      optional = false;
    } else {
      if (!optional) text += '( ';
      optional = true;
    }
    text += argumentShape(argument, true);
  }
  return optional ? `${text} )` : text;
}

/** The whole help of a command: signature, description, arguments, result. */
export function formatCommandHelp(spec: CommandSpec): string {
  let text = `${commandSignature(spec)}\n\n${spec.description.trim()}\n`;
  const lines: Line[] = [];
  const named: Line[] = [];
  for (const [i, argument] of spec.args.entries()) {
    if (argument.hidden === true) break;
    lines.push({ left: `${i + 1}. ${firstName(argument)}`, right: describeArgument(argument, true) });
    lines.push(...structure(argument, 5, 'none'));
    if (argument.kind !== 'named-options') continue;
    for (const inner of argument.inner ?? []) {
      named.push({ left: firstName(inner), right: describeArgument(inner, true) }, ...structure(inner, 5, 'none'));
    }
  }
  if (lines.length > 0) text += `\nArguments:\n${formatLines(lines)}`;
  if (named.length > 0) text += `\nNamed Arguments:\n${formatLines(named)}`;
  if (spec.result !== undefined) text += `\n${spec.result.startsWith('Result') ? '' : 'Result:\n'}${spec.result}\n`;
  return text;
}
