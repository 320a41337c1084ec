import { connectAddresses } from './general-options.js';
import { option, type OptionSpec } from './option-spec.js';

/** Options of the command-line client beside the common ones and the choice of network. */
export const cliOptions: readonly OptionSpec[] = [
  option('cliCommands', 'addrinfo', 'switch', 'Count known peer addresses by network'),
  option('cliCommands', 'generate', 'switch', 'Make blocks to a new address of the wallet: -generate [nblocks] [maxtries]'),
  option('cliCommands', 'getinfo', 'switch', 'Show general information about node and wallet'),
  option('cliCommands', 'netinfo', 'switch', 'Show connections: -netinfo [0 to 4 or help]'),
  option('options', 'color=<when>', 'text', 'Colours of -getinfo: always, auto or never (default: auto)', 'no-negation'),
  option('options', 'ipcconnect=<address>', 'text', `Send commands to a node over its socket instead of HTTP: ${connectAddresses} (default: auto). With -rpcconnect commands go over HTTP`),
  option('options', 'named', 'switch', 'Pass arguments by name, as name=value (default: 0)'),
  option('options', 'rpcclienttimeout=<n>', 'integer', 'Seconds to wait for an answer, 0 for ever (default: 900)'),
  option('options', 'rpcconnect=<ip>', 'text', 'Host to send commands to (default: 127.0.0.1)'),
  option('options', 'rpccookiefile=<loc>', 'text', 'Where the authentication cookie is, relative to the network’s data directory (default: data dir)'),
  option('options', 'rpcpassword=<pw>', 'text', 'Password for JSON-RPC'),
  option('options', 'rpcport=<port>', 'text', 'Port to send commands to (default: 8332, testnet3: 18332, testnet4: 48332, signet: 38332, regtest: 18443)', 'network-only'),
  option('options', 'rpcuser=<user>', 'text', 'User name for JSON-RPC'),
  option('options', 'rpcwait', 'switch', 'Wait for the node to start'),
  option('options', 'rpcwaittimeout=<n>', 'integer', 'Most seconds to wait with -rpcwait, 0 for ever (default: 0)', 'no-negation'),
  option('options', 'rpcwallet=<walletname>', 'text', 'Wallet to send the command to'),
  option('options', 'stdin', 'switch', 'Read more arguments from standard input, one a line'),
  option('options', 'stdinrpcpass', 'switch', 'Read the JSON-RPC password from standard input, first line'),
  option('options', 'stdinwalletpassphrase', 'switch', 'Read the wallet passphrase from standard input, first line (after that of -stdinrpcpass)'),
];
