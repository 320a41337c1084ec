import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import type { Logger } from '../../../src-interfaces/logging.js';
import { waitFor } from '../testing/test-node.js';
import { formatAddress } from '../wire/network-address.js';
import { PortMapper, type PortMapperSurroundings } from './port-mapper.js';
import { natPmpGranted, pcpGranted, Router, unsupportedVersion } from './testing/router.js';

/** 203.0.113.7, mapped into IPv6 for PCP. */
const external = 'cb007107';
const externalPcp = `00000000000000000000ffff${external}`;
const listening = [{ host: '127.0.0.1', port: 18444 }];

class Told {
  readonly lines: string[] = [];
  readonly events: string[] = [];

  readonly log: Logger = {
    info: (text) => this.lines.push(text),
    warning: (text) => this.lines.push(`[warning] ${text}`),
    error: (text) => this.lines.push(`[error] ${text}`),
    debug: (_category, text) => this.lines.push(`[net] ${typeof text === 'string' ? text : text()}`),
    trace: () => undefined,
    willLog: () => true,
  };

  has(text: string): boolean {
    return this.lines.some((line) => line.includes(text));
  }
}

function mapperOn(t: TestContext, router: Router, told: Told, changes: Partial<PortMapperSurroundings> = {}): PortMapper {
  const isIpv6 = router.endpoint.host.includes(':');
  const mapper = new PortMapper({
    log: told.log,
    gateways: {
      find: async (network) => ((network === 'ipv6') === isIpv6 ? router.endpoint : undefined),
      ownIpv6Addresses: () => (isIpv6 ? ['::1'] : []),
    },
    randomBytes,
    listening: () => listening,
    mapped: (address) => told.events.push(`+${formatAddress(address)}`),
    unmapped: (address) => told.events.push(`-${formatAddress(address)}`),
    ...changes,
    timing: { patience: { tries: 3, timeout: 100 }, ...changes.timing },
  });
  t.after(() => mapper.setEnabled(false));
  return mapper;
}

test('a port is asked for by PCP, and given back at the end', async (t) => {
  const router = await Router.start(t, (request) => [pcpGranted(request, request.lifetime ?? 0, externalPcp)]);
  const told = new Told();
  const mapper = mapperOn(t, router, told);
  await mapper.setEnabled(true);
  await waitFor(() => told.events.length === 1, 'a mapping');
  assert.deepEqual(told.events, ['+203.0.113.7:18444']);
  assert.ok(told.has('portmap: Added mapping pcp:203.0.113.7:18444 -> 127.0.0.1:18444 (for 2400s)'), told.lines.join('\n'));
  await mapper.setEnabled(false);
  assert.deepEqual(told.events, ['+203.0.113.7:18444', '-203.0.113.7:18444']);
  const [asked, ended, ...more] = router.requests;
  assert.ok(asked !== undefined && ended !== undefined && more.length === 0);
  // RFC 6887, 7.1 and 11.1: version 2, MAP, lifetime, our address; nonce, TCP, both ports, any address.
  const nonce = asked.bytes.subarray(24, 36).toString('hex');
  const loopback = `${'0'.repeat(20)}ffff7f000001`;
  const any = `${'0'.repeat(20)}ffff00000000`;
  assert.equal(asked.bytes.toString('hex'), `0201000000000960${loopback}${nonce}06000000480c480c${any}`);
  assert.equal(ended.bytes.toString('hex'), `0201000000000000${loopback}${nonce}06000000480c480c${any}`);
  assert.notEqual(nonce, '0'.repeat(24));
});

test('a router that knows NAT-PMP alone is asked in that', async (t) => {
  const router = await Router.start(t, (request) => (request.protocol === 'pcp' ? [unsupportedVersion] : [natPmpGranted(request, 1200, external, 4242)]));
  const told = new Told();
  const mapper = mapperOn(t, router, told);
  await mapper.setEnabled(true);
  await waitFor(() => told.events.length === 1, 'a mapping');
  await mapper.setEnabled(false);
  assert.deepEqual(told.events, ['+203.0.113.7:4242', '-203.0.113.7:4242']);
  assert.ok(told.has('portmap: Added mapping natpmp:203.0.113.7:4242 -> 127.0.0.1:18444 (for 1200s)'), told.lines.join('\n'));
  // RFC 6886, 3.2, 3.3 and 3.4.
  assert.deepEqual(router.requests.slice(1).map(({ bytes }) => bytes.toString('hex')), ['0000', '00020000480c480c00000960', '00020000480c000000000000']);
});

test('an IPv6 address gets a way through the router', async (t) => {
  const own = `${'0'.repeat(31)}1`;
  const router = await Router.start(t, (request) => [pcpGranted(request, 2400, own)], '::1');
  const told = new Told();
  const mapper = mapperOn(t, router, told, { listening: () => [{ host: '::', port: 8333 }] });
  await mapper.setEnabled(true);
  await waitFor(() => told.events.length === 1, 'a mapping');
  assert.deepEqual(told.events, ['+[::1]:8333']);
  assert.equal(router.requests[0]?.bytes.subarray(44).toString('hex'), own, 'its own address is the one wished for');
});

test('a mapping is renewed before it ends, by the same who made it', async (t) => {
  const router = await Router.start(t, (request) => [pcpGranted(request, request.lifetime === 0 ? 0 : 4, externalPcp)]);
  const told = new Told();
  const mapper = mapperOn(t, router, told, { timing: { shortest: 1, lifetime: 6 } });
  const start = performance.now();
  await mapper.setEnabled(true);
  await waitFor(() => told.events.length === 2, 'a renewal');
  const passed = performance.now() - start;
  assert.ok(passed >= 1990 && passed < 4000, `after ${passed} ms`);
  const nonces = router.requests.map(({ bytes }) => bytes.subarray(24, 36).toString('hex'));
  assert.equal(new Set(nonces).size, 1);
  assert.deepEqual(router.requests.map(({ lifetime }) => lifetime), [6, 6]);
});

test('a router that says no is asked again later', async (t) => {
  const notAuthorized = 2;
  const router = await Router.start(t, (request, count) => [pcpGranted(request, 2400, externalPcp, count < 3 ? notAuthorized : 0)]);
  const told = new Told();
  const mapper = mapperOn(t, router, told, { timing: { retry: 50 } });
  await mapper.setEnabled(true);
  await waitFor(() => told.events.length === 1, 'a mapping');
  const refusals = told.lines.filter((line) => line.includes('pcp: Mapping failed with result NOT_AUTHORIZED (code 2)'));
  assert.deepEqual(refusals.map((line) => line.split(' ')[0]), ['[warning]', '[net]'], 'warned of once');
});

test('a port that leads elsewhere is named as the likely reason', async (t) => {
  const router = await Router.start(t, (request) => (request.protocol === 'pcp' ? [unsupportedVersion] : [natPmpGranted(request, 0, external, 0, request.bytes.length === 12 ? 4 : 0)]));
  const told = new Told();
  await mapperOn(t, router, told).setEnabled(true);
  await waitFor(() => told.has('because of a NO_RESOURCES error'), 'the warning');
  assert.ok(told.has('[warning] natpmp: Port mapping failed with result NO_RESOURCES (code 4)'));
  assert.deepEqual(told.events, []);
});

test('a router that does not answer is asked three times', async (t) => {
  const router = await Router.start(t, () => []);
  const told = new Told();
  const mapper = mapperOn(t, router, told);
  await mapper.setEnabled(true);
  await waitFor(() => told.has('pcp: Giving up after 3 tries'), 'the end of the tries');
  assert.equal(router.requests.length, 3);
  await mapper.setEnabled(false);
  assert.equal(router.requests.length, 3, 'there is nothing to give back');
});

test('switching off does not wait for an answer', async (t) => {
  const router = await Router.start(t, () => []);
  const told = new Told();
  const mapper = mapperOn(t, router, told, { timing: { patience: { tries: 3, timeout: 60_000 } } });
  await mapper.setEnabled(true);
  await waitFor(() => router.requests.length === 1, 'a request');
  await mapper.setEnabled(false);
  assert.ok(told.has('pcp: Interrupted'));
});

test('no router at the address is no fault', async (t) => {
  const router = await Router.start(t, () => []);
  router.close();
  const told = new Told();
  await mapperOn(t, router, told).setEnabled(true);
  await waitFor(() => told.has('ECONNREFUSED'), 'the refusal');
  assert.ok(!told.has('Retrying'));
});

test('what is no answer to the request is passed over', async (t) => {
  const router = await Router.start(t, (request) => {
    const good = pcpGranted(request, 2400, externalPcp);
    const changed = (at: number, value: number): Buffer => {
      const bytes = Buffer.from(good);
      bytes[at] = value;
      return bytes;
    };
    const garbage = [Buffer.alloc(0), randomBytes(1), randomBytes(59), good.subarray(0, 59), changed(0, 1), changed(1, 1), changed(24, (good[24] ?? 0) ^ 1), changed(36, 17), changed(41, 1)];
    return [...garbage, good];
  });
  const told = new Told();
  await mapperOn(t, router, told).setEnabled(true);
  await waitFor(() => told.events.length === 1, 'a mapping');
  assert.equal(router.requests.length, 1, 'in the first try');
  const warnings = told.lines.filter((line) => line.startsWith('[warning]')).map((line) => line.slice(10));
  assert.deepEqual(warnings, [
    ...new Array<string>(4).fill('pcp: Response too small'),
    ...new Array<string>(2).fill('pcp: Response to wrong command'),
    'pcp: Mapping nonce mismatch',
    ...new Array<string>(2).fill('pcp: Response protocol or port doesn’t match request'),
  ]);
});

test('garbage in NAT-PMP is passed over, too', async (t) => {
  const router = await Router.start(t, (request) => {
    if (request.protocol === 'pcp') return [unsupportedVersion];
    const good = natPmpGranted(request, 1200, external, 4242);
    const otherPort = Buffer.from(good);
    if (request.bytes.length === 12) otherPort[9] = 1;
    return [Buffer.alloc(3), Buffer.alloc(16), ...(request.bytes.length === 12 ? [otherPort] : []), good];
  });
  const told = new Told();
  await mapperOn(t, router, told).setEnabled(true);
  await waitFor(() => told.events.length === 1, 'a mapping');
  assert.deepEqual(told.events, ['+203.0.113.7:4242']);
  assert.ok(told.has('natpmp: Response port doesn’t match request'));
});

test('a lifetime too short to be of use is told of, and no address is kept that has ended', async (t) => {
  const router = await Router.start(t, (request, count) => (count === 1 ? [pcpGranted(request, 0, externalPcp)] : [pcpGranted(request, 0, externalPcp, 7)]));
  const told = new Told();
  await mapperOn(t, router, told, { timing: { retry: 20 } }).setEnabled(true);
  await waitFor(() => told.events.length === 2, 'the end of the mapping');
  assert.ok(told.has('portmap: Got impossibly short mapping lifetime of 0 seconds'));
  assert.deepEqual(told.events, ['+203.0.113.7:18444', '-203.0.113.7:18444']);
});

test('another address of the router takes the place of the former', async (t) => {
  const router = await Router.start(t, (request, count) => [pcpGranted(request, 1, `${'0'.repeat(20)}ffffcb00710${count}`)]);
  const told = new Told();
  await mapperOn(t, router, told, { timing: { shortest: 1, lifetime: 1 } }).setEnabled(true);
  await waitFor(() => told.events.length >= 3, 'a renewal');
  assert.deepEqual(told.events.slice(0, 3), ['+203.0.113.1:18444', '-203.0.113.1:18444', '+203.0.113.2:18444']);
});

test('a node that does not listen there asks for nothing', async (t) => {
  const router = await Router.start(t, (request) => [pcpGranted(request, 2400, externalPcp)]);
  const told = new Told();
  await mapperOn(t, router, told, { listening: () => [{ host: '127.0.0.2', port: 8333 }] }).setEnabled(true);
  await waitFor(() => told.has('where this node does not listen'), 'the line');
  assert.deepEqual(router.requests, []);
});

test('switching on and off in a row ends as the last says', async (t) => {
  const router = await Router.start(t, (request) => [pcpGranted(request, request.lifetime ?? 0, externalPcp)]);
  const told = new Told();
  const mapper = mapperOn(t, router, told);
  const turns = [true, false, true, true, false, true].map((enabled) => mapper.setEnabled(enabled));
  await Promise.all(turns);
  await waitFor(() => told.events.at(-1)?.startsWith('+') === true, 'a mapping');
  await mapper.setEnabled(false);
  assert.equal(told.events.filter((event) => event.startsWith('+')).length, told.events.filter((event) => event.startsWith('-')).length);
});
