/** Believable, repeatable data for the fake bridge. */
import type {
  AddressType,
  Coin,
  Network,
  NodeState,
  Peer,
  TransactionKind,
  TransactionRow,
} from '../../src-interfaces/facade.js';

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const LABELS = ['Rent', 'Bakery', 'Ada Lovelace', 'Bicycle repair', 'Farmers’ market', 'Salary', 'Book shop', 'Grandmother', 'Hosting', 'Concert tickets', 'Coffee beans', 'Invoice 2041', 'Piano lessons', 'Train to Lugano'];

/** Repeatable pseudo-random numbers (mulberry32). */
export class Dice {
  constructor(private state: number) {}

  /** 0 up to but not 1. */
  roll(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(n: number): number {
    return Math.floor(this.roll() * n);
  }

  pick<T>(from: readonly T[]): T {
    const item = from[this.below(from.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  characters(alphabet: string, length: number): string {
    let text = '';
    for (let i = 0; i < length; i++) text += alphabet.charAt(this.below(alphabet.length));
    return text;
  }

  hash(): string {
    return this.characters('0123456789abcdef', 64);
  }

  blockHash(): string {
    return `${'0'.repeat(12)}${this.characters('0123456789abcdef', 52)}`;
  }

  address(network: Network, type: AddressType = 'bech32'): string {
    const prefix = network === 'main' ? 'bc' : network === 'regtest' ? 'bcrt' : 'tb';
    if (type === 'bech32') return `${prefix}1q${this.characters(BECH32, 38)}`;
    if (type === 'bech32m') return `${prefix}1p${this.characters(BECH32, 58)}`;
    const first = network === 'main' ? (type === 'legacy' ? '1' : '3') : type === 'legacy' ? 'm' : '2';
    return `${first}${this.characters(BASE58, 33)}`;
  }
}

/** A history, newest first, with `tip` as the height of the newest block. */
export function fakeHistory(dice: Dice, network: Network, count: number, tip: number, now: number): TransactionRow[] {
  const rows: TransactionRow[] = [];
  let time = now - 240;
  let height = tip;
  for (let index = 0; index < count; index++) {
    const roll = dice.roll();
    const kind: TransactionKind = network === 'regtest' && roll > 0.82 && index > 2 ? 'mined' : roll > 0.74 ? 'self' : roll > 0.4 ? 'received' : 'sent';
    const size = 10 ** (3.4 + dice.roll() * 4.4);
    const round = dice.roll() > 0.5 ? 10_000 : 1;
    const value = BigInt(Math.max(1, Math.round(size / round)) * round);
    const fee = kind === 'sent' || kind === 'self' ? BigInt(141 + dice.below(4000)) : null;
    const amount = kind === 'mined' ? 5_000_000_000n : kind === 'received' ? value : kind === 'self' ? -(fee ?? 0n) : -value - (fee ?? 0n);
    const pending = index === 0 || index === 1;
    const abandoned = index === 17;
    rows.push({
      txid: dice.hash(),
      time,
      kind: pending && kind === 'mined' ? 'received' : kind,
      status: pending ? 'pending' : abandoned ? 'abandoned' : 'confirmed',
      height: pending || abandoned ? null : Math.max(1, height),
      amount,
      fee,
      address: kind === 'self' ? '' : dice.address(network, dice.roll() > 0.8 ? 'bech32m' : 'bech32'),
      label: kind !== 'mined' && dice.roll() > 0.35 ? dice.pick(LABELS) : '',
      addressCount: kind === 'sent' && dice.roll() > 0.85 ? 2 + dice.below(4) : 1,
    });
    if (!pending) height -= index < 4 ? 2 : 1 + dice.below(9);
    time -= Math.floor(dice.roll() * (count > 1000 ? 4000 : 90_000)) + 60;
  }
  return rows;
}

export function fakeCoins(dice: Dice, network: Network, count: number, tip: number): Coin[] {
  return Array.from({ length: count }, (_, index) => ({
    txid: dice.hash(),
    vout: dice.below(3),
    address: dice.address(network),
    label: dice.roll() > 0.5 ? dice.pick(LABELS) : '',
    amount: BigInt(Math.round(10 ** (4.5 + dice.roll() * 4))),
    height: index === 0 ? null : tip - dice.below(4000),
    locked: index === 3,
    change: dice.roll() > 0.7,
  }));
}

const AGENTS = ['/Satoshi:29.0.0/', '/Satoshi:28.1.0/', '/Bulkhead:0.1.0/', '/Satoshi:27.2.0/', '/btcd:0.24.2/'];

export function fakePeers(dice: Dice, count: number, height: number, now: number): Peer[] {
  return Array.from({ length: count }, (_, index) => {
    const onion = dice.roll() > 0.75;
    const inbound = index > 7;
    const address = onion ? `${dice.characters('abcdefghijklmnopqrstuvwxyz234567', 56)}.onion:8333` : dice.roll() > 0.7 ? `[2001:db8:${dice.below(9999)}::${dice.below(999)}]:8333` : `203.0.113.${dice.below(255)}:8333`;
    return {
      id: index + 3,
      address,
      direction: inbound ? 'inbound' : 'outbound',
      connectionType: inbound ? 'inbound' : index > 5 ? 'block-relay-only' : 'outbound-full-relay',
      transport: dice.roll() > 0.3 ? 'v2' : 'v1',
      network: onion ? 'onion' : address.startsWith('[') ? 'ipv6' : 'ipv4',
      userAgent: dice.pick(AGENTS),
      version: 70016,
      services: ['NETWORK', 'WITNESS', 'NETWORK_LIMITED', 'P2P_V2'],
      connectedAt: now - 300 - dice.below(90_000),
      pingMilliseconds: 12 + dice.below(onion ? 700 : 160),
      receivedBytes: 40_000 + dice.below(90_000_000),
      sentBytes: 20_000 + dice.below(30_000_000),
      startingHeight: height - dice.below(200),
      syncedBlocks: height,
      relaysTransactions: index <= 5 || inbound,
    } satisfies Peer;
  });
}

export interface FakeNodeOptions {
  readonly network: Network;
  readonly height: number;
  readonly peers: number;
  /** 0 to 1 while it syncs; 1 when it is up to date. */
  readonly progress: number;
  readonly now: number;
}

export function fakeNode(dice: Dice, options: FakeNodeOptions): NodeState {
  const { network, height, now } = options;
  const synced = options.progress === 1;
  const busy = network !== 'regtest' && synced;
  const recentBlocks = [];
  let time = now - 260;
  for (let index = 0; index < (synced ? 90 : 0); index++) {
    recentBlocks.push({ height: height - index, hash: dice.blockHash(), time: Math.floor(time) });
    time += Math.log(1 - dice.roll()) * 600 - 20;
  }
  const traffic = [];
  let receivedBytes = 48_200_000;
  let sentBytes = 12_900_000;
  for (let second = busy ? 150 : 0; second > 0; second--) {
    const burst = second % 47 < 3 ? 900_000 : 0;
    receivedBytes += 9_000 + dice.below(40_000) + burst;
    sentBytes += 6_000 + dice.below(26_000);
    traffic.push({ timeMilliseconds: Math.floor((now - second) * 1000), receivedBytes, sentBytes });
  }
  const rates = [1, 2, 3, 5, 8, 12, 20, 35, 60, 100];
  return {
    offers: { wallets: true, restartsWallet: true, commands: true },
    sync: {
      phase: synced ? 'synced' : 'blocks',
      height,
      headers: synced ? height : 912_345,
      tipHash: recentBlocks[0]?.hash ?? dice.blockHash(),
      tipTime: synced ? (recentBlocks[0]?.time ?? now) : now - 86_400 * 500,
      progress: options.progress,
      secondsLeft: synced ? null : 3 * 3600 - 400,
    },
    network: { active: true, inbound: Math.max(0, options.peers - 8), outbound: Math.min(8, options.peers), localAddresses: busy ? ['203.0.113.7:8333'] : [], userAgent: '/Bulkhead:0.1.0/' },
    mempool: {
      count: busy ? 24_817 : 2,
      vsize: busy ? 14_100_000 : 282,
      usageBytes: busy ? 88_400_000 : 3_100,
      maxUsageBytes: 300_000_000,
      minFeeRate: 1,
      bands: busy ? rates.map((fromRate, index) => ({ fromRate, vsize: Math.round(3_600_000 * Math.exp(-((index - 2.4) ** 2) / 5)) + dice.below(90_000) })) : [],
    },
    peers: fakePeers(dice, options.peers, height, now),
    bans: busy ? [{ subnet: '198.51.100.23/32', until: Math.floor(now + 86_400) }] : [],
    traffic,
    warnings: [],
    recentBlocks,
  };
}
