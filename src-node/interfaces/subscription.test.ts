import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Deliveries } from './subscription.js';

const never = (error: unknown): void => assert.fail(String(error));

/** A subscriber that takes in one thing whenever it is let. */
function slowSubscriber(): { readonly told: string[]; readonly tell: (what: string) => () => Promise<void>; readonly goOn: () => Promise<void> } {
  const told: string[] = [];
  let next = (): void => undefined;
  const tell = (what: string) => (): Promise<void> => {
    told.push(what);
    return new Promise((resolve) => (next = resolve));
  };
  const goOn = async (): Promise<void> => {
    next();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { told, tell, goOn };
}

test('deliveries are made one after another, and what has not begun can be taken back', async () => {
  const { told, tell, goOn } = slowSubscriber();
  const deliveries = new Deliveries(never);
  const takeBacks = ['a', 'b', 'c'].map((what) => deliveries.push(tell(what)));
  assert.deepEqual(told, [], 'who pushes is in the middle of something');
  await goOn();
  for (const takeBack of takeBacks.slice(0, 2)) takeBack();
  let isDrained = false;
  void deliveries.drained().then(() => (isDrained = true));
  deliveries.push(tell('d'));
  await goOn();
  assert.deepEqual([told, isDrained], [['a', 'c'], false]);
  await goOn();
  assert.deepEqual([told, isDrained, deliveries.waiting], [['a', 'c', 'd'], true, 0]);
  await goOn();
  await deliveries.drained();
});

test('where only the news count, the oldest are dropped', async () => {
  const { told, tell, goOn } = slowSubscriber();
  const deliveries = new Deliveries(never, 3);
  deliveries.push(tell('first'));
  await goOn();
  for (let i = 0; i < 100; i++) deliveries.push(tell(`news ${i}`));
  assert.equal(deliveries.waiting, 3);
  for (let i = 0; i < 5; i++) await goOn();
  assert.deepEqual(told, ['first', 'news 97', 'news 98', 'news 99']);
});

test('a delivery that fails ends them, and nobody waits for what is dropped', async () => {
  const failures: unknown[] = [];
  const { told, tell, goOn } = slowSubscriber();
  const deliveries = new Deliveries((error) => failures.push(error));
  deliveries.push(tell('a'));
  deliveries.push(() => Promise.reject(new Error('gone')));
  deliveries.push(tell('b'));
  const drained = deliveries.drained();
  await goOn();
  await goOn();
  await drained;
  deliveries.push(tell('c'));
  await deliveries.drained();
  assert.deepEqual([told, failures], [['a'], [new Error('gone')]]);
});

test('one that is found stuck is not waited for again until it has gone on', async () => {
  const { tell, goOn } = slowSubscriber();
  const deliveries = new Deliveries(never);
  let waits = 0;
  const impatient = async (work: Promise<void>): Promise<boolean> => {
    waits++;
    return Promise.race([work.then(() => true), new Promise<false>((resolve) => setImmediate(() => resolve(false)))]);
  };
  deliveries.push(tell('a'));
  deliveries.push(tell('b'));
  await deliveries.drainedOrStuck(impatient);
  const { waiting } = deliveries;
  for (let i = 0; i < 5; i++) await deliveries.drainedOrStuck(impatient);
  assert.deepEqual([waits, deliveries.waiting], [1, waiting], 'nothing piles up for it');
  await goOn();
  await deliveries.drainedOrStuck(impatient);
  assert.equal(waits, 2);
});
