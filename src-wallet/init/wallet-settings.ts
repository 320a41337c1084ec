import { existsSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { COIN, MAX_MONEY } from '../../src-bitcoin/amount.js';
import type { OutputType } from '../../src-bitcoin/descriptor/descriptor.js';
import { parseOutputType } from '../../src-bitcoin/descriptor/output-types.js';
import { OptionError, type OptionValues } from '../../src-interfaces/options/option-values.js';
import type { WalletSettings } from '../context.js';

const highFeeRate = COIN / 100n;
const highTogetherFee = COIN / 10_000n;
const highMaxFee = COIN;

/** Bitcoin as people write it: digits, perhaps a point and up to eight more. */
function parseMoney(text: string): bigint | undefined {
  const match = /^\s*(\d{0,10})(?:\.(\d{0,8}))?\s*$/.exec(text);
  if (match === null || text.trim() === '' || text.trim() === '.') return undefined;
  const amount = BigInt(match[1] ?? '') * COIN + BigInt((match[2] ?? '').padEnd(8, '0'));
  return amount > MAX_MONEY ? undefined : amount;
}

interface MoneyOption {
  readonly name: string;
  /** Satoshis; above it there is a warning, which ends in `caution`. */
  readonly high?: bigint;
  readonly caution?: string;
}

/** Reads options of wallets; remembers what the person should be warned about. */
class SettingsReader {
  readonly warnings: string[] = [];
  readonly #options: OptionValues;

  constructor(options: OptionValues) {
    this.#options = options;
  }

  /** Satoshis. @throws OptionError */
  money({ name, high, caution }: MoneyOption, byDefault: bigint): bigint {
    const text = this.#options.text(name);
    if (text === undefined) return byDefault;
    const amount = parseMoney(text);
    if (amount === undefined) throw new OptionError(`Invalid amount for -${name}=<amount>: '${text}'`);
    if (high !== undefined && amount > high) this.warnings.push(`-${name} is set very high! ${caution ?? ''}`.trim());
    return amount;
  }

  togetherFee(): bigint {
    if (this.#options.text('maxapsfee') === '-1') return -1n;
    const caution =
      'This is the maximum transaction fee you pay (in addition to the normal fee) to prioritize partial spend avoidance over regular coin selection.';
    return this.money({ name: 'maxapsfee', high: highTogetherFee, caution }, 0n);
  }

  /** @throws OptionError */
  outputType(name: string, what: string): OutputType | undefined {
    const text = this.#options.text(name) ?? '';
    if (text === '') return undefined;
    const type = parseOutputType(text);
    if (type === undefined) throw new OptionError(`Unknown ${what} type '${text}'`);
    return type;
  }

  flag(name: string, byDefault: boolean): boolean {
    return this.#options.flag(name) ?? byDefault;
  }

  integer(name: string, byDefault: number): number {
    return this.#options.integer(name) ?? byDefault;
  }

  /** @throws OptionError when it is not there */
  directory(netDirectory: string): string {
    const chosen = this.#options.text('walletdir');
    if (chosen === undefined) {
      const own = join(netDirectory, 'wallets');
      return existsSync(own) && statSync(own).isDirectory() ? own : netDirectory;
    }
    if (!existsSync(chosen)) throw new OptionError(`Specified -walletdir "${chosen}" does not exist`);
    if (!statSync(chosen).isDirectory()) throw new OptionError(`Specified -walletdir "${chosen}" is not a directory`);
    if (!isAbsolute(chosen)) throw new OptionError(`Specified -walletdir "${chosen}" is a relative path`);
    return realpathSync(chosen);
  }
}

/**
 * How wallets are to behave, as the options say.
 * @param netDirectory the network's data directory
 * @throws OptionError in Bitcoin Core's words
 */
export function readWalletSettings(options: OptionValues, netDirectory: string): { readonly settings: WalletSettings; readonly warnings: readonly string[] } {
  const read = new SettingsReader(options);
  const settings: WalletSettings = {
    walletDirectory: read.directory(netDirectory),
    addressType: read.outputType('addresstype', 'address') ?? 'bech32',
    changeType: read.outputType('changetype', 'change'),
    keypoolSize: Math.max(1, read.integer('keypool', 1000)),
    spendZeroConfChange: read.flag('spendzeroconfchange', true),
    avoidPartialSpends: read.flag('avoidpartialspends', false),
    confirmTarget: read.integer('txconfirmtarget', 6),
    signalRbf: read.flag('walletrbf', true),
    broadcast: read.flag('walletbroadcast', true),
    rejectLongChains: read.flag('walletrejectlongchains', true),
    minFee: read.money(
      { name: 'mintxfee', high: highFeeRate, caution: 'This is the minimum transaction fee you pay on every transaction.' },
      1000n,
    ),
    maxAvoidPartialFee: read.togetherFee(),
    fallbackFee: read.money(
      { name: 'fallbackfee', high: highFeeRate, caution: 'This is the transaction fee you may pay when fee estimates are not available.' },
      0n,
    ),
    discardFee: read.money(
      { name: 'discardfee', high: highFeeRate, caution: 'This is the transaction fee you may discard if change is smaller than dust at this level' },
      10_000n,
    ),
    maxFee: read.money(
      { name: 'maxtxfee', high: highMaxFee, caution: 'Fees this large could be paid on a single transaction.' },
      10_000_000n,
    ),
    consolidateFee: read.money({ name: 'consolidatefeerate' }, 10_000n),
    unsafeSync: read.flag('unsafesqlitesync', false),
  };
  return { settings, warnings: read.warnings };
}
