/** PSBTs written by hand, field by field, and what of others can be compared. */
import type { Json } from './node-process.js';

const unknownTxid = '11'.repeat(32);
const pubkey = '0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798';

const base64 = (hex: string): string => Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('base64');
/** A transaction with an input and an output, as a PSBT has it. */
export const unsignedTx = `0200000001${unknownTxid}0000000000fdffffff010100000000000000015100000000`;
const globalMap = `70736274ff 0100 ${(unsignedTx.length / 2).toString(16)} ${unsignedTx}`;
const psbtWith = (input: string, output = ''): string => base64(`${globalMap} 00 ${input} 00 ${output} 00`);

/** A PSBT that says nothing but which transaction it is about. */
export const emptyPsbt = psbtWith('');

/** PSBTs of every form that a reader has to tell apart, most of them broken. */
export const psbtForms: readonly string[] = [
  '',
  'nonsense!',
  'cHNi',
  base64('70736274ff'),
  base64('70736275ff00'),
  base64('70736274ff 00'),
  base64(globalMap),
  base64(`${globalMap} 00`),
  base64(`${globalMap} 00 00`),
  psbtWith(''),
  base64(`${globalMap} 00 00 00 00`),
  // A second version of a PSBT, which has no transaction.
  base64('70736274ff 01fb 04 02000000 0102 04 02000000 0104 01 00 0105 01 00 00'),
  base64(`${globalMap} 01fb 04 00000000 00 00 00`),
  base64(`${globalMap} 01fb 04 01000000 00 00 00`),
  base64(`${globalMap} 0100 01 00 00 00 00`),
  base64(`70736274ff 020001 01 00 00`),
  base64(`${globalMap} 02f001 01 aa 02f001 01 bb 00 00 00`),
  base64(`${globalMap} 0201aa 04 00000000 00 00 00`),
  psbtWith('0101 09 0100000000000000 00'),
  psbtWith('0101 0a 0100000000000000 00'),
  psbtWith('0101 09 0100000000000000 00 0101 09 0100000000000000 00'),
  psbtWith('020100 09 0100000000000000 00'),
  psbtWith(`2202${pubkey} 02 3001`),
  psbtWith(`0202aa 00`),
  psbtWith(`2202${'02'.padEnd(66, 'f')} 00`),
  psbtWith('0103 03 010000'),
  psbtWith('0103 04 01000000'),
  psbtWith('020300 04 01000000'),
  psbtWith('0104 01 51 0104 01 51'),
  psbtWith('0105 01 51 0105 01 51'),
  psbtWith(`2206${pubkey} 00`),
  psbtWith(`2206${pubkey} 03 aabbcc`),
  psbtWith(`2206${pubkey} 04 aabbccdd 2206${pubkey} 04 aabbccdd`),
  psbtWith(`0206aa 04 aabbccdd`),
  psbtWith('0108 01 01'),
  psbtWith('010a 00'),
  psbtWith(`150a${'aa'.repeat(20)} 01 aa 150a${'aa'.repeat(20)} 01 aa`),
  psbtWith(`010b 00`),
  psbtWith(`0113 3f ${'aa'.repeat(63)}`),
  psbtWith(`0113 42 ${'aa'.repeat(66)}`),
  psbtWith(`0114 40 ${'aa'.repeat(64)}`),
  psbtWith(`4114${'aa'.repeat(64)} 3f ${'aa'.repeat(63)}`),
  psbtWith(`0215c0 01 c0`),
  psbtWith(`2315c0${'aa'.repeat(33)} 01 c0`),
  psbtWith(`2215c0${'aa'.repeat(32)} 00`),
  psbtWith(`2116${'aa'.repeat(32)} 01 00`),
  psbtWith(`2116${'aa'.repeat(32)} 05 01 aabbccdd 01f0 64 ${'aa'.repeat(100)}`),
  psbtWith(`0116 05 00 aabbccdd`),
  psbtWith(`0117 1f ${'aa'.repeat(31)}`),
  psbtWith(`0118 21 ${'aa'.repeat(33)}`),
  psbtWith('02fc05 01 aa'),
  psbtWith('07fc 03 616263 00 07 01 ff'),
  psbtWith('', '020000 01 51'),
  psbtWith('', '0100 01 51 0100 01 51'),
  psbtWith('', `0105 1f ${'aa'.repeat(31)}`),
  psbtWith('', '0106 00'),
  psbtWith('', '0106 04 01 c0 01 51'),
  psbtWith('', '0106 04 00 c1 01 51'),
  psbtWith('', '0106 04 00 c0 01 51'),
  psbtWith('', '0106 08 01 c0 01 51 01 c0 01 52'),
  psbtWith('', '0106 04 81 c0 01 51'),
  psbtWith('', `2107${'aa'.repeat(32)} 01 00`),
  psbtWith('', `2208${pubkey} 01 aa`),
  psbtWith(`221a${pubkey} 22 ${pubkey}aa`),
  psbtWith(`011b 00`),
  psbtWith('03fdf000 01 aa'),
  psbtWith('05 01'),
  psbtWith('0100 0a 02000000 00 00000000 00'),
];

/** Taproot signatures are made with randomness: of those only the length counts. */
export function withoutRandomness(decoded: Json): Json {
  return JSON.parse(JSON.stringify(decoded), (name, value: Json) => {
    if (name === 'taproot_key_path_sig' || name === 'sig') return String(value).length;
    if (name === 'final_scriptwitness' && value.some((item: string) => [128, 130].includes(item.length))) return value.map((item: string) => ([128, 130].includes(item.length) ? item.length : item));
    return value;
  });
}
