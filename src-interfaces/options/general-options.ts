import { option, type OptionSpec } from './option-spec.js';

/** Help, version, files and folders: what every program understands. */
export const commonOptions: readonly OptionSpec[] = [
  option('options', 'help', 'switch', 'Print this text and exit (also -h or -?)'),
  option('hidden', 'h', 'switch', ''),
  option('hidden', '?', 'switch', ''),
  option('debug', 'help-debug', 'switch', 'Print this text with the debugging options and exit'),
  option('options', 'version', 'switch', 'Print the version and exit'),
  option('options', 'conf=<file>', 'text', 'Read-only configuration file. Relative paths start at the data directory; it can be given on the command line only (default: bitcoin.conf)'),
  option('options', 'datadir=<dir>', 'text', 'Data directory', 'no-negation'),
  option('options', 'includeconf=<file>', 'text', 'One more configuration file, relative to the data directory (only in a configuration file)'),
  option('options', 'allowignoredconf', 'switch', 'When the data directory in use holds a configuration file that is not the one being read, start anyway with a warning (default: 0)'),
];

export const chainOptions: readonly OptionSpec[] = [
  option('chain', 'chain=<chain>', 'text', 'The network to use (default: main). One of main, test, testnet4, signet, regtest'),
  option('chain', 'regtest', 'switch', 'Private practice network on which blocks are made at will. Equivalent to -chain=regtest', 'debug-only'),
  option('chain', 'signet', 'switch', 'Test network whose blocks are signed. Equivalent to -chain=signet'),
  option('chain', 'signetchallenge', 'text', 'The script (hex) that signs blocks of a custom signet', 'no-negation'),
  option('chain', 'signetseednode', 'text', 'A seed node of a custom signet; may be repeated', 'no-negation'),
  option('chain', 'testnet', 'switch', 'Third test network (superseded by testnet4). Equivalent to -chain=test'),
  option('chain', 'testnet4', 'switch', 'Fourth test network. Equivalent to -chain=testnet4'),
  option('chain', 'vbparams=deployment:start:end[:min_activation_height]', 'text', 'Start, end and least height of a version-bits deployment (regtest only)', 'debug-only'),
  option('debug', 'testactivationheight=name@height.', 'text', 'Height at which a buried deployment becomes active: segwit, bip34, dersig, cltv or csv (regtest only)', 'debug-only'),
];

export const loggingOptions: readonly OptionSpec[] = [
  option('options', 'debuglogfile=<file>', 'text', 'Where the log goes, relative to the network’s data directory (-nodebuglogfile writes none; default: debug.log)'),
  option('debug', 'debug=<category>', 'text', 'Log what belongs to a category; may be repeated. Without a category, or with 1 or all: everything (default: -nodebug)'),
  option('debug', 'debugexclude=<category>', 'text', 'Leave a category out; may be repeated and wins over -debug'),
  option('debug', 'logips', 'switch', 'Write peers’ IP addresses to the log (default: 0)'),
  option('debug', 'loglevel=<level>|<category>:<level>', 'text', 'Least severity to log where a category is on: info, debug or trace; may be repeated (default: debug)', 'no-negation', 'needs-value', 'debug-only'),
  option('debug', 'loglevelalways', 'switch', 'Begin every line with its category and level (default: 0)'),
  option('debug', 'logratelimit', 'switch', 'Limit how much one place in the program may write to the log in an hour (default: 1)'),
  option('debug', 'logsourcelocations', 'switch', 'Begin lines with the file, line and function they come from (default: 0)'),
  option('debug', 'logthreadnames', 'switch', 'Begin lines with the name of the thread (default: 0)'),
  option('debug', 'logtimemicros', 'switch', 'Microseconds in the time of lines (default: 0)', 'debug-only'),
  option('debug', 'logtimestamps', 'switch', 'Begin lines with the time (default: 1)'),
  option('debug', 'printtoconsole', 'switch', 'Copy the log to standard output (default: 1 when no -daemon. To write no file, set -nodebuglogfile)'),
  option('debug', 'shrinkdebugfile', 'switch', 'Cut an overlong log file when starting (default: 1 when no -debug)'),
];

/** What -ipcconnect takes, for help texts. */
export const connectAddresses =
  'unix (node.sock of the network’s data directory), unix:<path>, ssh://[user@]host[:port][/path/to/node.sock], auto (unix if a node listens there) or 0 (none)';

export const guiOptions: readonly OptionSpec[] = [
  option('gui', 'choosedatadir', 'switch', 'Ask for the data directory when starting (default: 0)'),
  option('gui', 'lang=<lang>', 'text', 'Language, for example “de_DE” (default: that of the system)'),
  option('gui', 'min', 'switch', 'Start with the window minimized'),
  option('gui', 'resetguisettings', 'switch', 'Forget all changes made in the settings window'),
  option('gui', 'splash', 'switch', 'Show a start-up picture (default: 1)'),
  option('gui', 'uiplatform', 'text', 'Windowing system to use', 'debug-only'),
  option('ipc', 'ipcconnect=<address>', 'text', `Attach to a running node at this address instead of starting one: ${connectAddresses} (default: auto)`),
];

/** Known so that a configuration file shared with the graphical program is not refused. */
export const hiddenGuiOptions: readonly OptionSpec[] = guiOptions
  .filter((spec) => spec.category === 'gui')
  .map((spec) => ({ ...spec, category: 'hidden' }));
