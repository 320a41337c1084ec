/** Characters a descriptor may hold, in groups of 32 (BIP380): the common ones come first. */
const inputAlphabet =
  '0123456789()[],\'/*abcdefgh@:$%{}' + 'IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~' + 'ijklmnopqrstuvwxyzABCDEFGH`#"\\ ';
const checksumAlphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const generator = [0xf5dee51989n, 0xa9fdca3312n, 0x1bab10e32dn, 0x3706b1677an, 0x644d626ffdn];
const checksumLength = 8;

function step(remainder: bigint, value: number): bigint {
  const top = Number(remainder >> 35n);
  let next = ((remainder & 0x7ffffffffn) << 5n) ^ BigInt(value);
  generator.forEach((each, i) => {
    if (((top >> i) & 1) === 1) next ^= each;
  });
  return next;
}

/** The eight checksum characters of BIP380 for a descriptor text without `#`; undefined when a character is not allowed. */
export function descriptorChecksum(text: string): string | undefined {
  let remainder = 1n;
  let groups = 0;
  let held = 0;
  for (const letter of text) {
    const position = inputAlphabet.indexOf(letter);
    if (position === -1) return undefined;
    remainder = step(remainder, position & 31);
    groups = groups * 3 + (position >> 5);
    if (++held === 3) {
      remainder = step(remainder, groups);
      groups = 0;
      held = 0;
    }
  }
  if (held > 0) remainder = step(remainder, groups);
  for (let i = 0; i < checksumLength; i++) remainder = step(remainder, 0);
  remainder ^= 1n;
  let checksum = '';
  for (let i = checksumLength - 1; i >= 0; i--) {
    checksum += checksumAlphabet.charAt(Number((remainder >> BigInt(5 * i)) & 31n));
  }
  return checksum;
}

/** `text#checksum`. */
export function withChecksum(text: string): string {
  return `${text}#${descriptorChecksum(text) ?? ''}`;
}

/**
 * Takes the checksum off a descriptor and checks it.
 * @returns the text before `#` and its right checksum, or Bitcoin Core's words for what is wrong.
 */
export function splitChecksum(
  text: string,
  required: boolean,
): { readonly ok: true; readonly text: string; readonly checksum: string } | { readonly ok: false; readonly error: string } {
  const [payload = '', given, ...more] = text.split('#');
  if (more.length > 0) return { ok: false, error: "Multiple '#' symbols" };
  if (given === undefined && required) return { ok: false, error: 'Missing checksum' };
  if (given !== undefined && given.length !== checksumLength) {
    return { ok: false, error: `Expected 8 character checksum, not ${given.length} characters` };
  }
  const checksum = descriptorChecksum(payload);
  if (checksum === undefined) return { ok: false, error: 'Invalid characters in payload' };
  if (given !== undefined && given !== checksum) {
    return { ok: false, error: `Provided checksum '${given}' does not match computed checksum '${checksum}'` };
  }
  return { ok: true, text: payload, checksum };
}
