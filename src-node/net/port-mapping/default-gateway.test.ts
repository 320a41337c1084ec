import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../../src-interfaces/logging.js';
import { gatewayOfNetRoute, gatewayOfProcIpv6Route, gatewayOfProcRoute, gatewayOfRouteGet, systemGateways } from './default-gateway.js';

test('the routes of Linux: the default one of least cost, through a router', () => {
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
  const route = (...fields: string[]): string => fields.join('\t');
  const lines = [
    head,
    route('eth0', '0002000A', '00000000', '0001', '0', '0', '0', '00FFFFFF', '0', '0', '0'),
    route('wlan0', '00000000', '0101A8C0', '0003', '0', '0', '600', '00000000', '0', '0', '0'),
    route('eth0', '00000000', '010200C0', '0003', '0', '0', '100', '00000000', '0', '0', '0'),
    route('ppp0', '00000000', '00000000', '0001', '0', '0', '0', '00000000', '0', '0', '0'),
    route('tun0', '00000000', '0100000A', '0003', '0', '0', '0', '00000080', '0', '0', '0'),
  ];
  assert.equal(gatewayOfProcRoute(lines.join('\n'), 'LE'), '192.0.2.1');
  assert.equal(gatewayOfProcRoute(route('eth0', '00000000', 'C0000201', '0003', '0', '0', '0', '00000000').replace(/^/, `${head}\n`), 'BE'), '192.0.2.1');
  assert.equal(gatewayOfProcRoute(head, 'LE'), undefined);
  assert.equal(gatewayOfProcRoute('', 'LE'), undefined);
});

test('the IPv6 routes of Linux: a router of this link comes with its interface', () => {
  const none = '0'.repeat(32);
  const line = (destination: string, prefix: string, gateway: string, metric: string, flags: string, device: string): string =>
    `${destination} ${prefix} ${none} 00 ${gateway} ${metric} 00000003 00000000 ${flags}     ${device}`;
  const lines = [
    line('fd000000000000000000000000000000', '40', none, '00000100', '00000001', 'eth0'),
    line(none, '00', 'fd000000000000000000000000000001', '00000400', '00000003', 'eth1'),
    line(none, '00', 'fe80000000000000021122fffe334455', '00000100', '00450003', 'eth0'),
    line(none, '00', none, 'ffffffff', '00200200', 'lo'),
  ];
  assert.equal(gatewayOfProcIpv6Route(lines.join('\n')), 'fe80::211:22ff:fe33:4455%eth0');
  assert.equal(gatewayOfProcIpv6Route(lines.slice(0, 2).join('\n')), 'fd00::1');
  assert.equal(gatewayOfProcIpv6Route(lines[3] ?? ''), undefined);
});

test('what the programs of other systems say', () => {
  const mac = '   route to: default\ndestination: default\n       mask: default\n    gateway: 192.168.1.1\n  interface: en0\n      flags: <UP,GATEWAY,DONE,STATIC>\n';
  assert.equal(gatewayOfRouteGet(mac), '192.168.1.1');
  assert.equal(gatewayOfRouteGet(mac.replace('192.168.1.1', 'fe80::1%en0')), 'fe80::1%en0');
  assert.equal(gatewayOfRouteGet('route: writing to routing socket: not in table\n'), undefined);
  assert.equal(gatewayOfNetRoute('192.168.1.1 12\r\n'), '192.168.1.1');
  assert.equal(gatewayOfNetRoute('fe80::1 12\r\n'), 'fe80::1%12');
});

test('this system is asked without a fault', async () => {
  const gateways = systemGateways(silentLogger);
  for (const network of ['ipv4', 'ipv6'] as const) {
    const found = await gateways.find(network);
    assert.equal(found?.port ?? 5351, 5351);
  }
  assert.ok(gateways.ownIpv6Addresses().every((address) => address.includes(':')));
});
