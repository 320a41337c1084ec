import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDouble } from './format-double.js';
import { duplicateKeys, isJsonObject, JsonNumber, JsonText, memberTexts, parseJson, writeJson } from './json.js';

test('numbers keep their text', () => {
  for (const text of ['0.00000000', '-0', '12345678901234567890', '1e-8', '1.10', '9223372036854775807']) {
    assert.equal(writeJson(parseJson(text)), text);
  }
  assert.equal(writeJson([1n << 63n, 21, 0.1, new JsonNumber('50.00000000'), new JsonText('{"a":1.0}')]), '[9223372036854775808,21,0.1,50.00000000,{"a":1.0}]');
});

test('doubles are written as C’s %.16g', () => {
  const pairs: [number, string][] = [
    [4.656542373906925e-10, '4.656542373906925e-10'],
    [1, '1'],
    [0.1, '0.1'],
    [1e15, '1000000000000000'],
    [1e16, '1e+16'],
    [123456.789, '123456.789'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1 / 3, '0.3333333333333333'],
    [0, '0'],
    [-2.5, '-2.5'],
    [0.999999999999999999, '1'],
  ];
  for (const [value, text] of pairs) assert.equal(formatDouble(value), text);
  assert.throws(() => formatDouble(Number.NaN), RangeError);
});

test('texts survive, with escapes and beyond the basic plane', () => {
  const text = 'tab\t "quoted" \\ back \u0001 \u007f é 漢 😀';
  assert.equal(parseJson(writeJson(text)), text);
  assert.ok(writeJson(text).includes('\\u007f'));
  assert.equal(parseJson('"\\u00e9\\n\\ud83d\\ude00"'), 'é\n😀');
});

test('what is not JSON is refused', () => {
  for (const text of ['', '{', '[1,]', '{"a":1,}', '01', '1.', '+1', '.5', 'nul', '"a', '"\\x"', '[1] 2', "{'a':1}", '{"a" 1}', '"\n"', 'NaN']) {
    assert.throws(() => parseJson(text), SyntaxError, text);
  }
  assert.throws(() => parseJson('['.repeat(100_000)), SyntaxError);
});

test('objects keep order, know repeated keys, and have no special ones', () => {
  const value = parseJson('{"b":1,"__proto__":2,"a":3,"b":4}');
  assert.ok(isJsonObject(value));
  assert.deepEqual(duplicateKeys(value), ['b']);
  assert.equal(value['b']?.toString(), '1', 'the first one counts');
  assert.equal(value['constructor'], undefined);
});

test('what was repeated is written again, as UniValue does', () => {
  const text = '{"b":1,"__proto__":2,"a":[{"c":null,"c":{"d":1,"d":1}}],"b":4,"b":1}';
  const value = parseJson(text);
  assert.ok(isJsonObject(value));
  assert.deepEqual(duplicateKeys(value), ['b', 'b']);
  assert.equal(writeJson(value), text);
  assert.equal(writeJson(parseJson('{"a":1,"a":2}'), 2), '{\n  "a": 1,\n  "a": 2\n}');
});

test('keys that are numbers stay where they are', () => {
  const text = '{"b":[{"10":1,"2":{"1":true,"0":false}}],"7":null,"a":0,"3":"c"}';
  assert.equal(writeJson(parseJson(text)), text);
  assert.equal(writeJson(parseJson('{"2":1,"1":2}'), 1), '{\n "2": 1,\n "1": 2\n}');
});

test('pretty printing', () => {
  assert.equal(writeJson({ a: [1, { b: true, skipped: undefined }], c: [], d: {} }, 2), '{\n  "a": [\n    1,\n    {\n      "b": true\n    }\n  ],\n  "c": [\n  ],\n  "d": {\n  }\n}');
});

test('members of an object keep the text they have', () => {
  const members = memberTexts(' { "result" : {"10":1.10,"2":0.00000000, "a" : [ 1e5 ], "2":3} , "error":null,"id":1,"id":2}\n');
  assert.deepEqual([...members], [['result', '{"10":1.10,"2":0.00000000, "a" : [ 1e5 ], "2":3}'], ['error', 'null'], ['id', '1']]);
  assert.equal(memberTexts('{}').size, 0);
  for (const text of ['', 'null', '[1]', '{"a":1}x', '{"a":1,}', '{"a"}', '{"a":tru}']) assert.throws(() => memberTexts(text), SyntaxError, text);
});
