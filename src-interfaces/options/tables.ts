import { cliOptions } from './cli-options.js';
import { connectionOptions, rpcServerOptions } from './connection-options.js';
import { chainOptions, commonOptions, connectAddresses, guiOptions, hiddenGuiOptions, loggingOptions } from './general-options.js';
import { nodeDebugOptions, nodeOptions, relayOptions } from './node-options.js';
import { option, OptionTable, type OptionSpec } from './option-spec.js';
import { walletOptions } from './wallet-options.js';

/** Options that are accepted, because Bitcoin Core has them, but do nothing yet. */
export const optionsWithoutEffect: ReadonlySet<string> = new Set([
  'acceptstalefeeestimates',
  'asmap',
  'blockfilterindex',
  'blockreconstructionextratxn',
  'blockversion',
  'capturemessages',
  'checkaddrman',
  'checkblockindex',
  'checklevel',
  'checkmempool',
  'checkpoints',
  'cjdnsreachable',
  'coinstatsindex',
  'dbcrashratio',
  'dns',
  'fastprune',
  'fixedseeds',
  'forcecompactdb',
  'forcednsseed',
  'i2pacceptincoming',
  'i2psam',
  'limitancestorcount',
  'limitancestorsize',
  'limitdescendantcount',
  'limitdescendantsize',
  'listenonion',
  'maxreceivebuffer',
  'maxsendbuffer',
  'maxsigcachesize',
  'maxuploadtarget',
  'onion',
  'onlynet',
  'peerblockfilters',
  'peerbloomfilters',
  'persistmempoolv1',
  'printpriority',
  'privatebroadcast',
  'prune',
  'rest',
  'rpcdoccheck',
  'seednode',
  'signer',
  'signetseednode',
  'test',
  'testactivationheight',
  'torcontrol',
  'torpassword',
  'txindex',
  'txospenderindex',
  'txreconciliation',
  'v2transport',
  'vbparams',
  'walletcrosschain',
  'walletnotify',
  'whitebind',
  'whitelist',
  'whitelistforcerelay',
  'whitelistrelay',
  'zmqpubhashblock',
  'zmqpubhashblockhwm',
  'zmqpubhashtx',
  'zmqpubhashtxhwm',
  'zmqpubrawblock',
  'zmqpubrawblockhwm',
  'zmqpubrawtx',
  'zmqpubrawtxhwm',
  'zmqpubsequence',
  'zmqpubsequencehwm',
]);

const serverOptions: readonly OptionSpec[] = [
  ...commonOptions,
  ...nodeOptions,
  ...connectionOptions,
  ...walletOptions,
  ...chainOptions,
  ...loggingOptions,
  ...nodeDebugOptions,
  ...relayOptions,
  ...rpcServerOptions,
];

/** Options of bitcoin-node and bitcoind. */
export const nodeOptionTable = new OptionTable([...serverOptions, ...hiddenGuiOptions], optionsWithoutEffect);

/** Options of bitcoin-gui, which hands those of the node and the wallet on to them. */
export const guiOptionTable = new OptionTable([...serverOptions, ...guiOptions], optionsWithoutEffect);

/** Options of bitcoin-cli. */
export const cliOptionTable = new OptionTable([...commonOptions, ...chainOptions, ...cliOptions]);

/** Options of bitcoin-wallet when it is started by hand. */
export const walletOptionTable = new OptionTable(
  [
    ...commonOptions,
    option('ipc', 'ipcconnect=<address>', 'text', `Attach wallets of this computer to a running node at this address: ${connectAddresses}`),
    ...walletOptions,
    ...chainOptions,
    ...loggingOptions,
  ],
  optionsWithoutEffect,
);
