import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../src-interfaces/json/json.js';
import { call, type Endpoint } from './rpc-client.js';

export const netInfoHelp = `-netinfo [level] [outonly]

Shows the connections of the node.
  level 0: counts by network and direction (default)
  level 1: also a line for each peer
  level 2: with addresses    3: with versions    4: with both
  outonly: only peers this node connected to`;

const networks = ['ipv4', 'ipv6', 'onion', 'i2p', 'cjdns', 'not_publicly_routable'] as const;

const text = (value: JsonValue | undefined): string => (value === undefined || value === null ? '' : String(value));
const number = (value: JsonValue | undefined): number => Number(text(value) || 'NaN');

const shortTypes: Readonly<Record<string, string>> = {
  'outbound-full-relay': 'full',
  'block-relay-only': 'block',
  manual: 'manual',
  feeler: 'feeler',
  'addr-fetch': 'addr',
  'private-broadcast': 'priv',
  inbound: '',
};

function milliseconds(seconds: JsonValue | undefined): string {
  const value = number(seconds);
  return Number.isNaN(value) ? '' : String(Math.round(value * 1000));
}

function since(then: JsonValue | undefined, now: number, unit: number): string {
  const value = number(then);
  return value > 0 ? String(Math.floor((now - value) / unit)) : '';
}

/** Rows of equal columns, right-aligned except the last. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, i) => (i === row.length - 1 ? cell : cell.padStart(widths[i] ?? 0))).join('  ').trimEnd())
    .join('\n');
}

function peerRows(peers: readonly JsonObject[], level: number, now: number): string {
  const withAddress = level === 2 || level === 4;
  const withVersion = level === 3 || level === 4;
  const head = ['<->', 'type', 'net', 'v', 'mping', 'ping', 'send', 'recv', 'txn', 'blk', 'age', 'id'];
  if (withAddress) head.push('address');
  if (withVersion) head.push('version');
  const rows = peers.map((peer) => {
    const row = [
      peer['inbound'] === true ? 'in' : 'out',
      shortTypes[text(peer['connection_type'])] ?? '',
      text(peer['network']) === 'not_publicly_routable' ? 'npr' : text(peer['network']),
      text(peer['transport_protocol_type']).replace('v', ''),
      milliseconds(peer['minping']),
      milliseconds(peer['pingtime']),
      since(peer['lastsend'], now, 1),
      since(peer['lastrecv'], now, 1),
      peer['relaytxes'] === false ? '*' : since(peer['last_transaction'], now, 60),
      since(peer['last_block'], now, 60),
      since(peer['conntime'], now, 60),
      text(peer['id']),
    ];
    if (withAddress) row.push(text(peer['addr']));
    if (withVersion) row.push(`${text(peer['version'])}${text(peer['subver'])}`);
    return row;
  });
  return table([head, ...rows]);
}

function countRows(peers: readonly JsonObject[]): string {
  const shown = networks.filter((name) => name === 'ipv4' || name === 'ipv6' || peers.some((peer) => peer['network'] === name));
  const head = ['', ...shown.map((name) => (name === 'not_publicly_routable' ? 'npr' : name)), 'total', 'block'];
  const row = (title: string, of: readonly JsonObject[]): string[] => [
    title,
    ...shown.map((name) => String(of.filter((peer) => peer['network'] === name).length)),
    String(of.length),
    String(of.filter((peer) => peer['connection_type'] === 'block-relay-only').length),
  ];
  const inbound = peers.filter((peer) => peer['inbound'] === true);
  const outbound = peers.filter((peer) => peer['inbound'] !== true);
  return table([head, row('in', inbound), row('out', outbound), row('total', peers)]);
}

/** What -netinfo prints, or the error object that came instead. */
export async function netInfo(
  endpoint: Endpoint,
  args: readonly string[],
): Promise<{ readonly text: string } | { readonly error: JsonValue }> {
  const [levelText = '0', only] = args;
  const level = Number(levelText);
  if (!/^\d+$/.test(levelText)) throw new Error(`invalid -netinfo level argument: ${levelText}\nFor more information, run: bitcoin-cli -netinfo help`);
  if (only !== undefined && only !== 'outonly' && only !== 'o') {
    throw new Error(`invalid -netinfo outonly argument: ${only}\nFor more information, run: bitcoin-cli -netinfo help`);
  }
  const info = await call(endpoint, 'getnetworkinfo', [], undefined);
  const peerReply = await call(endpoint, 'getpeerinfo', [], undefined);
  for (const reply of [info, peerReply]) {
    const error = reply['error'] ?? null;
    if (error !== null) return { error };
  }
  const network = info['result'];
  const listed = peerReply['result'];
  if (!isJsonObject(network) || !isJsonArray(listed)) throw new Error('unexpected reply from server');
  const peers = listed.filter(isJsonObject).filter((peer) => only === undefined || peer['inbound'] !== true);
  let output = `${text(network['subversion'])} - services ${isJsonArray(network['localservicesnames']) ? network['localservicesnames'].map(text).join(', ') : ''} - protocol ${text(network['protocolversion'])}\n`;
  if (level > 0 && peers.length > 0) output += `\n${peerRows(peers, Math.min(level, 4), Math.floor(Date.now() / 1000))}\n`;
  output += `\n${countRows(peers)}\n`;
  const addresses = isJsonArray(network['localaddresses']) ? network['localaddresses'].filter(isJsonObject) : [];
  const local = addresses.map((each) => `${text(each['address'])}     port ${text(each['port'])}    score ${text(each['score'])}`);
  return { text: `${output}\nLocal addresses${local.length === 0 ? ': n/a' : `\n${local.join('\n')}`}` };
}
