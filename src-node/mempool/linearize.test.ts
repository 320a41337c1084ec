import assert from 'node:assert/strict';
import test from 'node:test';
import { compareDiagrams, compareFeeRates, linearize, type ClusterNode, type FeeAndSize } from './linearize.js';

/** A generator of the same numbers each time: 0 to `limit` − 1. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function randomCluster(next: (limit: number) => number, size: number): ClusterNode[] {
  return Array.from({ length: size }, (_, index) => ({
    fee: BigInt(next(1000)),
    size: 1 + next(100),
    parents: [...Array(index).keys()].filter(() => next(3) === 0),
  }));
}

/** Chunks by trying all closed subsets: slow and obviously right. */
function bruteForce(nodes: readonly ClusterNode[]): FeeAndSize[] {
  const chunks: FeeAndSize[] = [];
  let done = 0;
  const all = (1 << nodes.length) - 1;
  while (done !== all) {
    let best: (FeeAndSize & { set: number }) | undefined;
    for (let set = 1; set <= all; set++) {
      if ((set & done) !== 0) continue;
      const members = nodes.flatMap((node, index) => ((set >> index) & 1 ? [node] : []));
      if (!members.every((node) => node.parents.every((parent) => ((set | done) >> parent) & 1))) continue;
      const candidate = {
        set,
        fee: members.reduce((sum, node) => sum + node.fee, 0n),
        size: members.reduce((sum, node) => sum + node.size, 0),
      };
      if (best === undefined || compareFeeRates(candidate, best) > 0) best = candidate;
    }
    assert.ok(best !== undefined);
    chunks.push(best);
    done |= best.set;
  }
  return chunks;
}

test('linearizations are topological, complete and as good as any', () => {
  const next = numbers(7);
  for (let round = 0; round < 150; round++) {
    const nodes = randomCluster(next, 1 + next(8));
    const chunks = linearize(nodes);
    const order = chunks.flatMap((chunk) => chunk.members);
    assert.deepEqual([...order].sort((a, b) => a - b), [...nodes.keys()]);
    order.forEach((member, place) => {
      for (const parent of nodes[member]?.parents ?? []) assert.ok(order.indexOf(parent) < place);
    });
    assert.equal(compareDiagrams(chunks, bruteForce(nodes)), 'equal');
  }
});

test('a cluster of the largest size is ordered exactly', () => {
  const nodes = randomCluster(numbers(3), 64);
  const chunks = linearize(nodes);
  assert.equal(chunks.flatMap((chunk) => chunk.members).length, 64);
  chunks.reduce((before, chunk) => {
    assert.ok(compareFeeRates(before, chunk) >= 0);
    return chunk;
  });
});

test('diagrams: better means nowhere worse', () => {
  const a = [{ fee: 10n, size: 1 }, { fee: 1n, size: 1 }];
  assert.equal(compareDiagrams(a, [{ fee: 9n, size: 1 }, { fee: 2n, size: 1 }]), 'better');
  assert.equal(compareDiagrams(a, a), 'equal');
  assert.equal(compareDiagrams([{ fee: 12n, size: 10 }], [{ fee: 10n, size: 1 }]), 'mixed');
  assert.equal(compareDiagrams([{ fee: 10n, size: 10 }], [{ fee: 10n, size: 1 }]), 'worse');
});
