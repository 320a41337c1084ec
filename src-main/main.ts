/** bitcoin-gui: the composition root of the window's process. */
import { app, BrowserWindow, dialog, Menu, nativeTheme, shell } from 'electron';
import fs from 'node:fs';
import path from 'node:path';
import { answerAsAskpass, type SpawnTarget } from '../src-ipc/process/index.js';
import { Application, type Stops } from './application.js';
import { EventStream } from './bridge/event-stream.js';
import { appHandlers, compartmentHandlers, type Desktop } from './bridge/handlers/app-handlers.js';
import { nodeHandlers } from './bridge/handlers/node-handlers.js';
import { walletHandlers, walletsHandlers } from './bridge/handlers/wallet-handlers.js';
import { serveFacade } from './bridge/validated-ipc.js';
import { parseGuiCommandLine, type GuiCommandLine } from './command-line.js';
import { connectToNode } from './programs/connect-node.js';
import { WindowLog } from './settings/window-log.js';
import { ipcLog } from '../src-ipc/logging/ipc-log.js';
import { PreferencesFile } from './settings/preferences.js';
import { applicationMenu } from './windows/menu.js';
import { MainWindow } from './windows/main-window.js';
import { pageOrigin, registerPageScheme, servePage } from './windows/page-protocol.js';

const version = app.getVersion();
/** Folder of the built files: this file's own. */
const built = __dirname;

/** How to start a headless program: with Node from a checkout, on this very Electron as Node when packaged. */
function programTarget(name: string): SpawnTarget {
  if (!app.isPackaged) return { command: path.join(built, '..', 'bin', name) };
  return {
    command: process.execPath,
    args: [path.join(process.resourcesPath, 'app.asar.unpacked', 'build', `${name}.mjs`)],
    env: { ELECTRON_RUN_AS_NODE: '1' },
  };
}

function configurationFolder(): string {
  const moved = process.env['BULKHEAD_HOME'];
  return moved !== undefined && moved !== '' ? path.join(moved, 'window') : app.getPath('userData');
}

function readCommandLine(): GuiCommandLine {
  // In development the second argument is the application folder.
  const own = process.argv.slice(1);
  const folder = own.findIndex((arg) => !arg.startsWith('-'));
  const args = app.isPackaged || folder < 0 ? own : [...own.slice(0, folder), ...own.slice(folder + 1)];
  try {
    return parseGuiCommandLine(args);
  } catch (error) {
    process.stderr.write(`Error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

const usage = `Bulkhead ${version}: a Bitcoin wallet whose window, node and wallet are separate processes.

Usage: bitcoin-gui [options] [bitcoin:URI]

  -regtest, -signet, -testnet4, -chain=<chain>
       Network to use; without one, the window asks or uses the last
  -datadir=<dir>
       Data directory
  -ipcconnect=<address>
       Attach to the node at this address instead of starting one: unix, unix:<path>, or
       ssh://[user@]host[:port][/path/to/node.sock]
  -version, -help

All options of bitcoin-node are understood and passed on to the node when the window starts it.
`;

function run(line: GuiCommandLine): void {
  const home = configurationFolder();
  const log = new WindowLog(line.options, home, version);
  const preferences = new PreferencesFile(path.join(home, 'preferences.json'));
  if (preferences.damagedCopy !== undefined) log.write(`the preferences could not be read; they were kept as ${preferences.damagedCopy}`);
  nativeTheme.themeSource = preferences.current.settings.theme;

  let window: MainWindow | undefined;
  let leaving = false;
  const events = new EventStream((event) => window?.send(event));
  const application = new Application({
    preferences,
    events,
    connect: (address, surroundings) => connectToNode(address, surroundings, ipcLog(log.logger)),
    nodeProgram: programTarget('bitcoin-node'),
    version,
    fromCommandLine: line,
    log,
  });

  const leave = (stops: Stops): void => {
    if (leaving) return;
    leaving = true;
    void application
      .leave(stops)
      .catch((error: unknown) => {
        log.write(`leaving: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        return 1;
      })
      .then((status) => {
        window?.destroy();
        log.close();
        app.exit(status);
      });
  };

  const leaveAsSet = (): void => leave(preferences.current.settings.keepRunning ? 'nothing' : 'window');

  const desktop: Desktop = {
    async pickDirectory() {
      const chosen = await dialog.showOpenDialog({ properties: ['openDirectory', 'createDirectory'] });
      return chosen.canceled ? undefined : chosen.filePaths[0];
    },
    async pickSaveFile(suggestedName, title) {
      const chosen = await dialog.showSaveDialog({ title, defaultPath: path.join(app.getPath('documents'), suggestedName) });
      return chosen.canceled ? undefined : chosen.filePath;
    },
    async pickOpenFile(title) {
      const chosen = await dialog.showOpenDialog({ title, properties: ['openFile'] });
      return chosen.canceled ? undefined : chosen.filePaths[0];
    },
    async openFile(file) {
      const problem = await shell.openPath(file);
      if (problem !== '') throw new Error(problem);
    },
    quit: () => leave('everything'),
    relaunch() {
      app.relaunch();
      leave('nothing');
    },
  };

  const showPage = (page: string): void => events.push('app.showPage', { page });
  const openUri = (uri: string): void => {
    window?.show();
    events.push('app.openUri', { uri });
  };

  serveFacade(
    {
      app: appHandlers(application, desktop, (theme) => (nativeTheme.themeSource = theme)),
      compartments: compartmentHandlers(application, desktop),
      node: nodeHandlers(application),
      wallets: walletsHandlers(application, desktop),
      wallet: walletHandlers(application, desktop),
    },
    { isOurs: (contents) => window?.owns(contents) === true },
    `${pageOrigin}/`,
    (text) => log.write(text),
    (group, work) => application.underWay(group, work),
  );

  app.on('second-instance', (_event, argv) => {
    const uri = argv.find((arg) => /^bitcoin:/i.test(arg));
    if (uri === undefined) window?.show();
    else openUri(uri);
  });
  app.on('open-url', (event, uri) => {
    event.preventDefault();
    openUri(uri);
  });
  app.on('web-contents-created', (_event, contents) => {
    // Ours is made in MainWindow, which sets the same for itself; nothing else may open or go anywhere.
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
  app.on('window-all-closed', () => leave('nothing'));
  const listenForSignals = (): void => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, leaveAsSet).on(signal, leaveAsSet);
  };
  listenForSignals();

  void app.whenReady().then(async () => {
    // Chromium has put handlers of its own in their place, with which a second signal kills.
    listenForSignals();
    servePage(path.join(built, 'renderer'));
    Menu.setApplicationMenu(applicationMenu({ showPage, quitEverything: () => leave('everything'), closeWindow: () => BrowserWindow.getFocusedWindow()?.close() }));
    window = new MainWindow(preferences.current.window, path.join(built, 'preload.cjs'), path.join(built, '..', 'assets', 'icon.png'), nativeTheme.shouldUseDarkColors, {
      closing: () => {
        if (leaving) return true;
        leaveAsSet();
        return false;
      },
      moved: (place) => void preferences.update({ window: place }),
      visible: (visible) => {
        if (!visible) application.hidden();
      },
    });
    await window.load();
    application.start();
    if (line.uri !== undefined) openUri(line.uri);
  });
}

answerAsAskpass(app.isPackaged);
const line = readCommandLine();
if (line.wantsHelp || line.wantsVersion) {
  fs.writeSync(1, line.wantsHelp ? usage : `Bulkhead version v${version}\n`);
  process.exit(0);
}
app.setName('Bulkhead');
app.setPath('userData', configurationFolder());
registerPageScheme();
// Chromium refuses its sandbox to root, who has to say --no-sandbox.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
app.setAsDefaultProtocolClient('bitcoin');
// Two windows on one data directory would show two truths; other directories may have their own window.
if (app.requestSingleInstanceLock({ datadir: line.datadir ?? '' })) run(line);
else process.exit(0);
