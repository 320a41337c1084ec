import type { Logger } from '../../src-interfaces/logging.js';
import { parseFixedPoint } from '../../src-interfaces/rpc/values.js';
import type { OptionValues } from '../../src-interfaces/options/option-values.js';
import { splitHostPort } from '../rpc/http-server.js';
import type { NodeConfiguration } from './configuration.js';
import { InitFailure } from './init-failure.js';

const maxBlockWeight = 4_000_000;
const minReservedWeight = 2000;

/** Sets options that follow from others, unless they were set by somebody. As in Bitcoin Core. */
export function applyOptionInteractions(options: OptionValues, log: Logger): void {
  const soften = (name: string, value: string | boolean, reason: string): void => {
    const shown = typeof value === 'boolean' ? (value ? '1' : '0') : value;
    if (options.softSet(name, value)) log.info(`parameter interaction: ${reason} -> setting -${name}=${shown}`);
  };
  const isOn = (name: string, byDefault: boolean): boolean => options.flag(name) ?? byDefault;
  if (options.list('bind').length > 0) soften('listen', true, '-bind set');
  if (options.list('whitebind').length > 0) soften('listen', true, '-whitebind set');
  const noAutomatic = (options.integer('maxconnections') ?? 125) <= 0;
  if (options.list('connect').length > 0 || options.isNegated('connect') || noAutomatic) {
    soften('dnsseed', false, '-connect or -maxconnections=0 set');
    soften('listen', false, '-connect or -maxconnections=0 set');
  }
  const proxy = options.text('proxy') ?? '';
  if (proxy !== '' && proxy !== '0') {
    for (const name of ['listen', 'natpmp', 'discover']) soften(name, false, '-proxy set');
  }
  if (!isOn('listen', true)) {
    for (const name of ['natpmp', 'discover', 'listenonion', 'i2pacceptincoming']) soften(name, false, '-listen=0');
  }
  if (options.list('externalip').length > 0) soften('discover', false, '-externalip set');
  if (isOn('blocksonly', false)) {
    soften('whitelistrelay', false, '-blocksonly=1');
    soften('maxmempool', '5', '-blocksonly=1');
  }
  if (isOn('whitelistforcerelay', false)) soften('whitelistrelay', true, '-whitelistforcerelay=1');
}

function checkPorts(options: OptionValues): void {
  for (const name of ['port', 'rpcport']) {
    const text = options.text(name);
    if (text === undefined) continue;
    const port = Number(text);
    if (!/^\d+$/.test(text) || port < 1 || port > 65535) {
      throw new InitFailure(`Invalid port specified in -${name}: '${text}'`);
    }
  }
  for (const name of ['bind', 'rpcbind', 'whitebind', 'torcontrol', 'i2psam', 'onion', 'proxy']) {
    for (const text of options.list(name)) {
      const address = name === 'bind' || name === 'proxy' ? text.replace(/=[^=]*$/, '') : text;
      if (!address.startsWith('unix:') && address !== '0' && splitHostPort(address.replace(/^.*@/, ''), 1) === undefined) {
        throw new InitFailure(`Invalid port specified in -${name}: '${text}'`);
      }
    }
  }
}

/** The amount an option gives, satoshis. @throws InitFailure */
export function amountOption(options: OptionValues, name: string): bigint | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const amount = parseFixedPoint(text.startsWith('.') ? `0${text}` : text.replace(/\.$/, ''), 8);
  if (amount === undefined || amount < 0n) throw new InitFailure(`Invalid amount for -${name}=<amount>: '${text}'`);
  return amount;
}

/** Looks for options that contradict each other or make no sense. @throws InitFailure */
export function checkOptions({ options, params }: NodeConfiguration): void {
  const isOn = (name: string, byDefault: boolean): boolean => options.flag(name) ?? byDefault;
  const misplaced = options.misplacedOptions();
  if (misplaced.length > 0) {
    const { chain } = params;
    throw new InitFailure(
      misplaced.map((name) => `Config setting for -${name} only applied on ${chain} network when in [${chain}] section.`).join('\n'),
    );
  }
  checkPorts(options);
  if (!isOn('listen', true)) {
    if (options.list('bind').length > 0 || options.list('whitebind').length > 0) {
      throw new InitFailure('Cannot set -bind or -whitebind together with -listen=0');
    }
    if (isOn('listenonion', false)) throw new InitFailure('Cannot set -listen=0 together with -listenonion=1');
  }
  if (isOn('forcednsseed', false) && !isOn('dnsseed', true)) {
    throw new InitFailure('Cannot set -forcednsseed to true when setting -dnsseed to false.');
  }
  if ((options.integer('maxconnections') ?? 0) < 0) throw new InitFailure('-maxconnections must be greater or equal than zero');
  if ((options.integer('peertimeout') ?? 60) <= 0) throw new InitFailure('peertimeout must be a positive integer.');
  const weight = options.integer('blockmaxweight') ?? maxBlockWeight;
  if (weight > maxBlockWeight) {
    throw new InitFailure(`Specified -blockmaxweight (${weight}) exceeds consensus maximum block weight (${maxBlockWeight})`);
  }
  const reserved = options.integer('blockreservedweight') ?? 8000;
  if (reserved > maxBlockWeight) {
    throw new InitFailure(`Specified -blockreservedweight (${reserved}) exceeds consensus maximum block weight (${maxBlockWeight})`);
  }
  if (reserved < minReservedWeight) {
    throw new InitFailure(`Specified -blockreservedweight (${reserved}) is lower than minimum safety value of (${minReservedWeight})`);
  }
  if (options.list('test').length > 0 && params.chain !== 'regtest') {
    throw new InitFailure('-test=<option> can only be used with regtest');
  }
  for (const name of ['minrelaytxfee', 'incrementalrelayfee', 'dustrelayfee', 'blockmintxfee']) amountOption(options, name);
  if (isOn('acceptnonstdtxn', false) && !params.isTestChain) {
    throw new InitFailure(`acceptnonstdtxn is not currently supported for ${params.chain} chain`);
  }
}
