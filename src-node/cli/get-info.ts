import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../src-interfaces/json/json.js';
import { call, requestObject, sendRequest, type Endpoint } from './rpc-client.js';

const methods = ['getnetworkinfo', 'getblockchaininfo', 'getwalletinfo', 'getbalances'] as const;

function member(value: JsonValue | undefined, ...path: readonly string[]): JsonValue {
  let at: JsonValue = value ?? null;
  for (const name of path) at = isJsonObject(at) ? (at[name] ?? null) : null;
  return at;
}

const text = (value: JsonValue): string => (value === null ? '' : String(value));

/** Bar of twenty steps for a share between 0 and 1. */
function progressBar(progress: number): string {
  if (progress < 0 || progress > 1) return '';
  const filled = Math.ceil(progress / 0.05);
  return '▒'.repeat(filled) + '░'.repeat(Math.ceil((1 - progress) / 0.05));
}

function colours(when: string): { readonly [name in 'blue' | 'green' | 'magenta' | 'cyan' | 'yellow' | 'reset']: string } {
  if (!['always', 'auto', 'never'].includes(when)) {
    throw new Error('Invalid value for -color option. Valid values: always, auto, never.');
  }
  const on = when === 'always' || (when === 'auto' && process.stdout.isTTY);
  const code = (number: number): string => (on ? `\x1b[${number}m` : '');
  return { blue: code(34), green: code(32), magenta: code(35), cyan: code(36), yellow: code(33), reset: code(0) };
}

/** Balances of all wallets, when there are several. */
async function walletBalances(endpoint: Endpoint): Promise<ReadonlyMap<string, string>> {
  const wallets = member(await call(endpoint, 'listwallets', [], undefined), 'result');
  const balances = new Map<string, string>();
  if (!isJsonArray(wallets) || wallets.length < 2) return balances;
  for (const wallet of wallets) {
    if (typeof wallet !== 'string') continue;
    const reply = await call(endpoint, 'getbalances', [], wallet);
    balances.set(wallet, text(member(reply, 'result', 'mine', 'trusted')));
  }
  return balances;
}

function proxies(networks: JsonValue): string {
  const byProxy = new Map<string, string[]>();
  for (const network of isJsonArray(networks) ? networks : []) {
    const proxy = text(member(network, 'proxy'));
    if (proxy !== '') byProxy.set(proxy, [...(byProxy.get(proxy) ?? []), text(member(network, 'name'))]);
  }
  return byProxy.size === 0 ? 'n/a' : [...byProxy].map(([proxy, names]) => `${proxy} (${names.join(', ')})`).join(', ');
}

/** What -getinfo prints, or the error object that came instead. */
export async function getInfo(
  endpoint: Endpoint,
  wallet: string | undefined,
  color: string,
): Promise<{ readonly text: string } | { readonly error: JsonValue }> {
  const requests = methods.map((method, id) => requestObject(method, method === 'getnetworkinfo' || method === 'getblockchaininfo' ? [] : null, id));
  const batch = await sendRequest(endpoint, requests, wallet);
  if (!isJsonArray(batch)) throw new Error('Batch must be an array');
  const replyOf = (method: (typeof methods)[number]): JsonObject => {
    const index = methods.indexOf(method);
    return batch.filter(isJsonObject).find((reply) => text(reply['id'] ?? null) === String(index)) ?? {};
  };
  const network = replyOf('getnetworkinfo');
  const chain = replyOf('getblockchaininfo');
  for (const reply of [network, chain]) {
    const error = member(reply, 'error');
    if (error !== null) return { error };
  }
  const c = colours(color);
  const net = (...path: string[]): string => text(member(network, 'result', ...path));
  const blocks = (name: string): string => text(member(chain, 'result', name));
  const progress = Number(blocks('verificationprogress'));
  const bar = progress < 0.99 ? `${progressBar(progress)} ` : '';
  let info = `${c.blue}Chain: ${blocks('chain')}${c.reset}\n`;
  info += `Blocks: ${blocks('blocks')}\nHeaders: ${blocks('headers')}\n`;
  info += `Verification progress: ${bar}${(progress * 100).toFixed(4)}%\nDifficulty: ${blocks('difficulty')}\n\n`;
  info += `${c.green}Network: in ${net('connections_in')}, out ${net('connections_out')}, total ${net('connections')}${c.reset}\n`;
  info += `Version: ${net('version')}\nTime offset (s): ${net('timeoffset')}\n`;
  info += `Proxies: ${proxies(member(network, 'result', 'networks'))}\nMin tx relay fee rate (BTC/kvB): ${net('relayfee')}\n\n`;
  const walletInfo = member(replyOf('getwalletinfo'), 'result');
  if (walletInfo !== null) {
    info += `${c.magenta}Wallet: ${text(member(walletInfo, 'walletname')) || '""'}${c.reset}\n`;
    info += `Keypool size: ${text(member(walletInfo, 'keypoolsize'))}\n`;
    const unlockedUntil = member(walletInfo, 'unlocked_until');
    if (unlockedUntil !== null) info += `Unlocked until: ${text(unlockedUntil)}\n`;
  }
  const balance = member(replyOf('getbalances'), 'result', 'mine', 'trusted');
  if (balance !== null) info += `${c.cyan}Balance:${c.reset} ${text(balance)}\n\n`;
  const balances = wallet === undefined ? await walletBalances(endpoint) : new Map<string, string>();
  if (balances.size > 0) {
    const width = Math.max(10, ...[...balances.values()].map((each) => each.length));
    info += `${c.cyan}Balances${c.reset}\n`;
    for (const [name, each] of balances) info += `${each.padStart(width)} ${name === '' ? '""' : name}\n`;
    info += '\n';
  }
  const warnings = member(network, 'result', 'warnings');
  const shown = isJsonArray(warnings) ? warnings.map(text).join(', ') : text(warnings);
  return { text: `${info}${c.yellow}Warnings:${c.reset} ${shown === '' ? '(none)' : shown}` };
}
