import { isRanged, isSingleType, type Descriptor } from '../../src-bitcoin/descriptor/descriptor.js';
import { expandDescriptor } from '../../src-bitcoin/descriptor/expand.js';
import { parseDescriptor } from '../../src-bitcoin/descriptor/parse.js';
import { printPrivateDescriptor } from '../../src-bitcoin/descriptor/print.js';
import { RpcFailure } from '../../src-interfaces/errors.js';
import { JsonNumber, isJsonArray, jsonTypeName, JsonText, type Jsonable, type JsonObject, type JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { asBigInt, asBoolean, asObject, asString } from '../../src-interfaces/rpc/values.js';
import { coversAllKeys, importDescriptor } from '../keys/import-descriptor.js';
import type { DescriptorRange } from '../keys/wallet-descriptor.js';
import { resubmitTransactions } from '../sync/attach.js';
import { rescanFromTime, timestampWindow } from '../sync/rescan.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';
import { labelOf } from './request.js';
import { withScanReserved } from './scan-reservation.js';
import { compareText, ensureUnlocked, needsPassphrase, onWallet, publicText, type WalletCommandSpec } from './wallet-command.js';

/** Scripts made from one range, at most. */
const maxRange = 1_000_000n;
const maxIndex = 0x7fffffffn;
const leastTimestamp = 1n;

function listDescriptors(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const showPrivate = call.boolean('private');
  if (showPrivate && !wallet.canSign) throw rpcError('wallet', "Can't get private descriptor string for watch-only wallets");
  if (showPrivate) ensureUnlocked(wallet);
  const listed = [...wallet.keyring.descriptors].map((descriptor) => {
    const secrets = showPrivate ? wallet.keyring.vault.secretsOf(descriptor) : undefined;
    const text = (secrets && printPrivateDescriptor(descriptor.descriptor, wallet.context.params, secrets)) ?? publicText(wallet, descriptor);
    return { text, descriptor };
  });
  listed.sort((a, b) => compareText(a.text, b.text));
  return {
    wallet_name: wallet.name,
    descriptors: listed.map(({ text, descriptor }) => {
      const activity = wallet.keyring.activity(descriptor);
      return {
        desc: text,
        timestamp: descriptor.creationTime,
        active: activity !== undefined,
        ...(activity === undefined ? {} : { internal: activity.internal }),
        ...(descriptor.ranged
          ? { range: [descriptor.rangeStart, descriptor.rangeEnd - 1], next: descriptor.nextIndex, next_index: descriptor.nextIndex }
          : {}),
      };
    }),
  };
}

function rangeOf(value: JsonValue): readonly [start: bigint, end: bigint] {
  const bad = 'Range must be specified as end or as [begin,end]';
  let range: readonly [bigint, bigint];
  if (value instanceof JsonNumber) range = [0n, asBigInt(value)];
  else if (isJsonArray(value) && value.length === 2 && value.every((each) => each instanceof JsonNumber)) {
    range = [asBigInt(value[0] ?? null), asBigInt(value[1] ?? null)];
    if (range[0] > range[1]) throw rpcError('invalidParameter', 'Range specified as [begin,end] must not have begin after end');
  } else throw rpcError('invalidParameter', bad);
  const [start, end] = range;
  if (start < 0n) throw rpcError('invalidParameter', 'Range should be greater or equal than 0');
  if (end > maxIndex) throw rpcError('invalidParameter', 'End of range is too high');
  if (end >= start + maxRange) throw rpcError('invalidParameter', 'Range is too large');
  return range;
}

function timestampOf(request: JsonObject, now: bigint): bigint {
  const value = request['timestamp'];
  if (value === undefined) throw rpcError('type', 'Missing required timestamp field for key');
  if (value instanceof JsonNumber) return asBigInt(value);
  if (value === 'now') return now;
  throw rpcError('type', `Expected number or "now" timestamp value for key. got type ${jsonTypeName(value)}`);
}

function importRange(wallet: LoadedWallet, request: JsonObject, ranged: boolean, warnings: string[]): DescriptorRange {
  const given = request['range'];
  if (!ranged) {
    if (given !== undefined) throw rpcError('invalidParameter', 'Range should not be specified for an un-ranged descriptor');
    return { rangeStart: 0, rangeEnd: 1, nextIndex: 0 };
  }
  if (given === undefined) warnings.push('Range not given, using default keypool range');
  const [start, last] = given === undefined ? [0n, BigInt(wallet.context.settings.keypoolSize) - 1n] : rangeOf(given);
  const next = request['next_index'] === undefined ? start : asBigInt(request['next_index']);
  if (next < start || next > last) throw rpcError('invalidParameter', 'next_index is out of range');
  return { rangeStart: Number(start), rangeEnd: Number(last) + 1, nextIndex: Number(next) };
}

function importOne(wallet: LoadedWallet, request: JsonObject, creationTime: bigint, warnings: string[]): void {
  const text = request['desc'];
  if (text === undefined) throw rpcError('invalidParameter', 'Descriptor not found.');
  const active = request['active'] !== undefined && asBoolean(request['active']);
  const label = labelOf(request['label'] ?? null);
  const parsed = parseDescriptor(asString(text), wallet.context.params, { requireChecksum: true });
  if (!parsed.ok) throw rpcError('invalidAddressOrKey', parsed.error);
  const { descriptors, secrets } = parsed;
  const [first] = descriptors;
  const several = descriptors.length > 1;
  const ranged = isRanged(first);
  if (request['internal'] !== undefined && several) {
    throw rpcError('invalidAddressOrKey', "Cannot have multipath descriptor while also specifying 'internal'");
  }
  const internal = request['internal'] !== undefined && asBoolean(request['internal']);
  const range = importRange(wallet, request, ranged, warnings);
  if (active && !ranged) throw rpcError('invalidParameter', 'Active descriptors must be ranged');
  if (request['label'] !== undefined) {
    if (several) throw rpcError('invalidParameter', 'Multipath descriptors should not have a label');
    if (ranged) throw rpcError('invalidParameter', 'Ranged descriptors should not have a label');
    if (internal) throw rpcError('invalidParameter', 'Internal addresses should not have a label');
  }
  if (active && !isSingleType(first)) throw rpcError('wallet', 'Combo descriptors cannot be set to active');
  if (!wallet.canSign && secrets.size > 0) throw rpcError('wallet', 'Cannot import private keys to a wallet with private keys disabled');
  descriptors.forEach((descriptor: Descriptor, i) => {
    if (expandDescriptor(descriptor, 0, { secrets }) === undefined) {
      throw rpcError('wallet', 'Cannot expand descriptor. Probably because of hardened derivations without private keys provided');
    }
    if (wallet.canSign) {
      if (secrets.size === 0) throw rpcError('wallet', 'Cannot import descriptor without private keys to a wallet with private keys enabled');
      if (!coversAllKeys(descriptor, secrets)) {
        warnings.push('Not all private keys provided. Some wallet functionality may return unexpected errors');
      }
    }
    // Of a pair of descriptors the second is for change.
    const forChange = descriptors.length === 2 ? i === 1 : internal;
    const outcome = importDescriptor(wallet, { ...range, descriptor, secrets, creationTime, internal: forChange, active, label });
    if (!outcome.ok) throw rpcError('wallet', `Could not add descriptor '${asString(text)}': ${outcome.error}`);
    warnings.push(...outcome.warnings);
  });
}

interface ImportResult {
  readonly timestamp: bigint;
  readonly failure: RpcFailure | undefined;
  readonly warnings: readonly string[];
}

function importRequest(wallet: LoadedWallet, value: JsonValue, now: bigint): ImportResult {
  const request = asObject(value);
  const timestamp = timestampOf(request, now);
  const warnings: string[] = [];
  try {
    importOne(wallet, request, timestamp < leastTimestamp ? leastTimestamp : timestamp, warnings);
    return { timestamp, failure: undefined, warnings };
  } catch (fault) {
    if (fault instanceof RpcFailure) return { timestamp, failure: fault, warnings };
    throw fault;
  }
}

async function incompleteReason(wallet: LoadedWallet): Promise<string> {
  const { chain } = wallet.context;
  if (await chain.havePruned()) {
    return ' This error could be caused by pruning or data corruption (see bitcoind log for details) and could be dealt with by downloading and rescanning the relevant blocks (see -reindex option and rescanblockchain RPC).';
  }
  if (await chain.hasAssumedValidChain()) {
    return ' This error is likely caused by an in-progress assumeutxo background sync. Check logs or getchainstates RPC for assumeutxo background sync progress and try again later.';
  }
  return ' This error could potentially caused by data corruption. If the issue persists you may want to reindex (see -reindex option).';
}

function resultJson({ failure, warnings }: ImportResult): Jsonable {
  return {
    success: failure === undefined,
    ...(failure === undefined ? {} : { error: new JsonText(failure.json) }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

async function importDescriptors(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  return withScanReserved(wallet, async () => {
    ensureUnlocked(wallet);
    const { block: tip } = await wallet.context.chain.findBlock(wallet.lastBlock.hash, { wantTime: true, wantMtpTime: true });
    const now = tip.mtpTime ?? 0n;
    const results = call.array('requests').map((request) => importRequest(wallet, request, now));
    if (results.every(({ failure }) => failure !== undefined)) return results.map(resultJson);
    const times = results.map(({ timestamp }) => (timestamp < leastTimestamp ? leastTimestamp : timestamp));
    const lowest = [tip.time ?? now, ...times].reduce((low, each) => (each < low ? each : low));
    const scanned = await rescanFromTime(wallet, lowest);
    await resubmitTransactions(wallet, false);
    if (scanned.status === 'aborted') throw rpcError('misc', 'Rescan aborted by user.');
    if (scanned.seenFrom <= lowest) return results.map(resultJson);
    const reason = await incompleteReason(wallet);
    return results.map((result) => {
      if (result.failure !== undefined || scanned.seenFrom <= result.timestamp) return resultJson(result);
      const message = `Rescan failed for descriptor with timestamp ${result.timestamp}. There was an error reading a block from time ${scanned.seenFrom - BigInt(timestampWindow) - 1n}, which is after or within ${timestampWindow} seconds of key creation, and could contain transactions pertaining to the desc. As a result, transactions and coins using this desc may not appear in the wallet.${reason}`;
      return resultJson({ ...result, failure: rpcError('misc', message) });
    });
  });
}

/** Commands about the descriptors that a wallet's addresses come from. */
export function descriptorCommands(registry: WalletRegistry): readonly CommandSpec[] {
  const specs: readonly WalletCommandSpec[] = [
    {
      name: 'listdescriptors',
      description: 'Lists the descriptors of the wallet, in the order of their texts.',
      args: [{ names: 'private', kind: 'boolean', help: 'Show private keys.', default: false }],
      run: listDescriptors,
    },
    {
      name: 'importdescriptors',
      description: `Adds descriptors and looks for their transactions in old blocks. That may take long.${needsPassphrase}`,
      synced: true,
      args: [
        {
          names: 'requests',
          kind: 'array',
          required: true,
          help: 'What to import.',
          inner: [
            {
              names: '',
              kind: 'object',
              help: '',
              inner: [
                { names: 'desc', kind: 'string', required: true, help: 'The descriptor, with checksum.' },
                { names: 'active', kind: 'boolean', default: false, help: 'Take new addresses from it.' },
                { names: 'range', kind: 'range', help: 'Which indexes to watch: the last one, or first and last.' },
                { names: 'next_index', kind: 'number', help: 'Index of the next new address.' },
                {
                  names: 'timestamp',
                  kind: 'number',
                  required: true,
                  typeText: 'integer / string',
                  oneLine: 'timestamp | "now"',
                  help: 'When it was made, in seconds since 1970: older blocks need not be looked at. "now" skips all, 0 none.',
                },
                { names: 'internal', kind: 'boolean', default: false, help: 'It is for change.' },
                { names: 'label', kind: 'string', default: '', help: 'Label of the address; only without range, and not for change.' },
              ],
            },
          ],
        },
      ],
      run: importDescriptors,
    },
  ];
  return specs.map((spec) => onWallet(registry, spec));
}
