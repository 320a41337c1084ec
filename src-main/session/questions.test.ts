import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Question } from '../../src-ipc/process/index.js';
import { Questions } from './questions.js';

const hostKey: Question = { kind: 'host-key', prompt: 'Are you sure?', host: 'example.org', fingerprint: 'SHA256:abc', keyType: 'ED25519', attempt: 0 };
const password: Question = { kind: 'password', prompt: 'Password:', host: 'example.org', attempt: 1 };

test('questions are shown one after another, and each answer reaches the one who asked', async () => {
  const shown: (string | null)[] = [];
  const questions = new Questions(() => shown.push(questions.current?.kind ?? null));
  const first = questions.ask(hostKey, new AbortController().signal);
  const second = questions.ask(password, new AbortController().signal);
  const { id = '', ...rest } = questions.current ?? {};
  assert.deepEqual(rest, { kind: 'host-key', prompt: 'Are you sure?', host: 'example.org', fingerprint: 'SHA256:abc', keyType: 'ED25519', keyFile: null, attempt: 0 });
  questions.answer(id, true);
  assert.equal(await first, true);
  questions.answer(questions.current?.id ?? '', 'horse');
  assert.equal(await second, 'horse');
  assert.deepEqual(shown, ['host-key', 'host-key', 'password', null]);
  assert.throws(() => questions.answer(id, true), { code: 'expired' });
  assert.ok(!JSON.stringify(questions).includes('horse'));
});

test('a question that is moot closes by itself', async () => {
  const questions = new Questions(() => undefined);
  const connection = new AbortController();
  const answer = questions.ask(password, connection.signal);
  connection.abort();
  assert.equal(await answer, undefined);
  assert.equal(questions.current, null);
  assert.equal(await questions.ask(password, connection.signal), undefined);
  assert.equal(questions.current, null);
});
