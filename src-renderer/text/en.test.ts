import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createIntl } from 'react-intl';
import { en, parts } from './en.js';

const root = new URL('..', import.meta.url);

function sources(): string {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.|text\/en[./]|testing\//.test(path.replaceAll('\\', '/')))
    .map((path) => readFileSync(new URL(path, root), 'utf8'))
    .join('\n');
}

test('every message parses', () => {
  const errors: unknown[] = [];
  const intl = createIntl({ locale: 'en', messages: en, onError: (error) => errors.push(error) });
  for (const [id, message] of Object.entries(en)) {
    const values: Record<string, string | number | Date> = {};
    for (const [, name = '', type] of message.matchAll(/\{(\w+)(?:,\s*(\w+))?/g)) {
      values[name] = type === 'number' || type === 'plural' ? 2 : type === 'date' ? new Date(0) : 'x';
    }
    assert.notEqual(intl.formatMessage({ id }, values), '', id);
  }
  assert.deepEqual(errors, []);
});

test('no message has two texts', () => {
  const ids = parts.flatMap((part) => Object.keys(part));
  assert.deepEqual(ids.filter((id, at) => ids.indexOf(id) !== at), []);
});

test('no message is left over', () => {
  const text = sources();
  // Ids put together at run time: `t(`network.${name}.worth`)` uses every id of that shape.
  const shapes = [...text.matchAll(/t\(`([^`]+)`/g)].map((match) => new RegExp(`^${(match[1] ?? '').replaceAll('.', '\\.').replace(/\$\{[^}]+\}/g, '[^.]+')}$`));
  const unused = Object.keys(en).filter((id) => !text.includes(`'${id}'`) && !shapes.some((shape) => shape.test(id)));
  assert.deepEqual(unused, []);
});
