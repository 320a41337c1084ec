import type { OutputType } from './descriptor.js';

/** Output types in the order of their numbers in wallet files and interfaces. */
export const outputTypes: readonly OutputType[] = ['legacy', 'p2sh-segwit', 'bech32', 'bech32m'];

export function outputTypeNumber(type: OutputType): number {
  return outputTypes.indexOf(type);
}

/** Undefined for a name that is no output type. */
export function parseOutputType(name: string): OutputType | undefined {
  return outputTypes.find((type) => type === name);
}
