import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { inTime, within } from './patience.js';

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
