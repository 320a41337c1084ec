import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { inTime, Patience, within } from './patience.js';

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

test('what comes in time is given, what fails in time fails, and no timer stays', async () => {
  const before = timers();
  assert.equal(await inTime(60_000, Promise.resolve(7)), 7);
  assert.equal(await within(60_000, Promise.resolve(undefined), 'too late'), undefined);
  await assert.rejects(inTime(60_000, Promise.reject(new Error('broken'))), /^Error: broken$/);
  await assert.rejects(within(60_000, Promise.reject(new Error('broken')), 'too late'), /^Error: broken$/);
  assert.equal(timers(), before);
});

test('what is late is not waited for, nor is its failure a fault', async () => {
  const late = pause(30).then(() => Promise.reject(new Error('broken')));
  assert.equal(await inTime(1, late), undefined);
  await assert.rejects(within(1, late, 'too late'), /^Error: too late$/);
  await pause(60);
});

test('a program that has let one wait is waited for again once it has answered', async () => {
  const changes: boolean[] = [];
  const patience: Patience = new Patience(20, () => void changes.push(patience.isSpent));
  let answer = (_text: string): void => undefined;
  const owed = (): Promise<string> => new Promise((resolve) => (answer = resolve));
  let asked = 0;
  const quick = async (): Promise<string> => {
    asked++;
    return 'quick';
  };
  assert.equal(await patience.ask(quick), 'quick');
  assert.equal(await patience.ask(owed), undefined);
  assert.equal(patience.isSpent, true);
  const before = timers();
  assert.equal(await patience.ask(quick), undefined);
  assert.equal(asked, 1, 'nothing more is asked of it');
  assert.equal(await patience.waitFor(new Promise(() => undefined)), undefined);
  assert.equal(timers(), before, 'nor is it waited for');
  answer('late');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(changes, [true, false]);
  assert.equal(await patience.ask(quick), 'quick');
});

test('a refusal is an answer, also a late one', async () => {
  const patience = new Patience(1);
  await assert.rejects(patience.ask(() => Promise.reject(new Error('broken'))), /^Error: broken$/);
  assert.equal(patience.isSpent, false);
  assert.equal(await patience.ask(() => pause(30).then(() => Promise.reject(new Error('broken')))), undefined);
  assert.equal(patience.isSpent, true);
  await pause(60);
  assert.equal(patience.isSpent, false);
});

test('long work is waited for while the program answers', async () => {
  const patience = new Patience(10);
  assert.equal(await patience.whileAnswering(pause(60).then(() => 'done'), async () => undefined), 'done');
  assert.equal(await patience.whileAnswering(pause(25).then(() => 'done'), () => Promise.reject(new Error('no'))), 'done');
  await assert.rejects(patience.whileAnswering(pause(25).then(() => Promise.reject(new Error('broken'))), async () => undefined), /^Error: broken$/);
  assert.equal(await patience.whileAnswering(pause(60).then(() => 'done'), () => new Promise(() => undefined)), undefined);
  assert.equal(patience.isSpent, true);
});
