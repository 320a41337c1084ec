import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateDocument } from './document.js';
import { compiledSchemas, withoutCapnp } from './testing.js';

const skip = withoutCapnp;

test('the index names every method once, and those not implemented with their reason', { skip }, () => {
  const model = compiledSchemas();
  const text = generateDocument(model, { Node: { mapPort: 'there are no routers' } });
  assert.match(text, /\| Node\.mapPort \| there are no routers \|/);
  assert.match(text, /\| \d+ \| mapPort \| Not implemented: there are no routers\. \|/);
  assert.match(text, /\| 4 \| makeChain, makeRpc \|/);
  const rows = text.match(/^\| \d+ \|/gm) ?? [];
  const methods = model.files.flatMap(({ types }) => types).flatMap((type) => (type.kind === 'interface' ? type.methods : []));
  assert.equal(rows.length, methods.length);
});

test('a list that names what does not exist is refused', { skip }, () => {
  const model = compiledSchemas();
  assert.throws(() => generateDocument(model, { Node: { mapPorts: 'x' } }), /no method Node\.mapPorts/);
  assert.throws(() => generateDocument(model, { Nod: { mapPort: 'x' } }), /no method Nod\.mapPort/);
});
