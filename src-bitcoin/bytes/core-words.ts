import type { DecodeError } from './reader.js';

const words: readonly (readonly [ours: string, theirs: string])[] = [
  ['end of data', 'SpanReader::read(): end of data'],
  ['non-canonical CompactSize', 'non-canonical ReadCompactSize()'],
  ['size too large', 'ReadCompactSize(): size too large'],
];

/** What Bitcoin Core says of data that ends early or is not in its shortest form; other faults are in its words already. */
export function inCoreWords({ message }: DecodeError): string {
  return words.find(([ours]) => message.startsWith(ours))?.[1] ?? message;
}
