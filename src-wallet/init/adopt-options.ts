import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import type { GlobalArgs } from '../../src-interfaces/generated/common.js';
import { fromGlobalArgs } from '../../src-interfaces/options/global-args.js';
import { OptionValues } from '../../src-interfaces/options/option-values.js';
import { selectNetwork } from '../../src-interfaces/options/select-network.js';
import { nodeOptionTable } from '../../src-interfaces/options/tables.js';
import { defaultDirectoryName } from '../../src-interfaces/product.js';

/** What a wallet needs of the configuration of the node it belongs to. */
export interface AdoptedOptions {
  readonly options: OptionValues;
  readonly params: ChainParams;
  /** The network's data directory, absolute. */
  readonly netDirectory: string;
}

/** Takes over the options that the node was started with. @throws OptionError */
export function adoptOptions(globalArgs: GlobalArgs): AdoptedOptions {
  const options = new OptionValues(fromGlobalArgs(globalArgs), nodeOptionTable);
  const params = selectNetwork(options);
  const chosen = options.text('datadir') ?? '';
  const dataDirectory = chosen === '' ? join(homedir(), defaultDirectoryName) : resolve(chosen);
  return { options, params, netDirectory: join(dataDirectory, params.directory) };
}
