import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const sheet = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const NETWORKS = ['regtest', 'testnet4', 'signet'] as const;

/** The `#rrggbb` tokens of one rule. */
function tokensOf(selector: string): Map<string, string> {
  const start = sheet.indexOf(`${selector} {`);
  assert.ok(start >= 0, `tokens.css has no rule ${selector}`);
  const body = sheet.slice(start, sheet.indexOf('}', start));
  return new Map([...body.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

/** Relative luminance of WCAG 2. */
function luminance(colour: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** Text needs 4.5 to 1 and signs 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11). */
const SURFACES = ['--ground', '--surface', '--raised', '--hover'];
const PAIRS: readonly (readonly [string, readonly string[], number])[] = [
  ['--text', [...SURFACES, '--pressed', '--bad-fill', '--warn-fill'], 4.5],
  ['--text-2', [...SURFACES, '--pressed', '--warn-fill'], 4.5],
  ['--text-3', SURFACES, 4.5],
  ['--good', SURFACES, 4.5],
  ['--bad', [...SURFACES, '--bad-fill'], 4.5],
  ['--warn', ['--surface', '--warn-fill'], 4.5],
  ['--on-accent', ['--accent', '--accent-hover'], 4.5],
  ['--json-key', ['--surface'], 4.5],
  ['--json-text', ['--surface'], 4.5],
  ['--json-number', ['--surface'], 4.5],
  ['--line-strong', ['--ground', '--surface'], 3],
  ['--focus', SURFACES, 3],
];

for (const theme of ['dark', 'light'] as const) {
  test(`${theme} colours can be read`, () => {
    const tokens = tokensOf(`:root[data-theme='${theme}']`);
    const colour = (name: string): string => {
      const value = tokens.get(name);
      assert.ok(value !== undefined, `${name} has no colour`);
      return value;
    };
    for (const [ink, papers, least] of PAIRS) {
      for (const paper of papers) {
        const ratio = contrast(colour(ink), colour(paper));
        assert.ok(ratio >= least, `${ink} on ${paper}: ${ratio.toFixed(2)} is below ${least}`);
      }
    }
    for (const network of NETWORKS) {
      const tint = tokensOf(`:root[data-theme='${theme}'][data-network='${network}']`);
      const ratio = contrast(tint.get('--tint-text') ?? '', tint.get('--tint-fill') ?? '');
      assert.ok(ratio >= 4.5, `${network}: ${ratio.toFixed(2)}`);
    }
  });
}
