/** The window: sandboxed, isolated, and unable to go or open anywhere else. */
import { BrowserWindow, screen, type WebContents } from 'electron';
import path from 'node:path';
import type { FacadeEvent } from '../../src-interfaces/facade.js';
import { EVENT_CHANNEL } from '../../src-interfaces/facade.js';
import type { WindowPlace } from '../settings/preferences.js';
import { pageOrigin } from './page-protocol.js';

function onSomeScreen(place: WindowPlace): boolean {
  const { x, y } = place;
  if (x === undefined || y === undefined) return false;
  return screen.getAllDisplays().some(({ bounds }) => x < bounds.x + bounds.width - 80 && x + place.width > bounds.x + 80 && y >= bounds.y - 20 && y < bounds.y + bounds.height - 80);
}

export interface MainWindowEvents {
  /** Asked to close. Return false to keep it open (the caller closes it later itself). */
  closing(): boolean;
  moved(place: WindowPlace): void;
  visible(visible: boolean): void;
}

export class MainWindow {
  readonly #window: BrowserWindow;

  constructor(place: WindowPlace, preload: string, icon: string, dark: boolean, events: MainWindowEvents) {
    const window = new BrowserWindow({
      width: place.width,
      height: place.height,
      ...(onSomeScreen(place) && place.x !== undefined && place.y !== undefined ? { x: place.x, y: place.y } : {}),
      minWidth: 760,
      minHeight: 560,
      title: 'Bulkhead',
      icon,
      show: false,
      backgroundColor: dark ? '#16181c' : '#f6f6f4',
      autoHideMenuBar: true,
      webPreferences: {
        preload: path.resolve(preload),
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        webviewTag: false,
        spellcheck: false,
        navigateOnDragDrop: false,
      },
    });
    this.#window = window;
    const { webContents } = window;
    webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
    webContents.on('will-navigate', (event) => event.preventDefault());
    webContents.on('will-frame-navigate', (event) => event.preventDefault());
    webContents.on('will-attach-webview', (event) => event.preventDefault());
    window.once('ready-to-show', () => {
      if (place.maximized) window.maximize();
      window.show();
    });
    const remember = (): void => {
      if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
      events.moved({ ...window.getNormalBounds(), maximized: window.isMaximized() });
    };
    window.on('resized', remember);
    window.on('moved', remember);
    window.on('maximize', remember);
    window.on('unmaximize', remember);
    window.on('hide', () => events.visible(false));
    window.on('minimize', () => events.visible(false));
    window.on('show', () => events.visible(true));
    window.on('restore', () => events.visible(true));
    window.on('close', (event) => {
      remember();
      if (!events.closing()) event.preventDefault();
    });
  }

  async load(): Promise<void> {
    await this.#window.loadURL(`${pageOrigin}/index.html`);
  }

  get browserWindow(): BrowserWindow {
    return this.#window;
  }

  owns(contents: WebContents): boolean {
    return !this.#window.isDestroyed() && contents === this.#window.webContents;
  }

  send(event: FacadeEvent): void {
    if (!this.#window.isDestroyed()) this.#window.webContents.send(EVENT_CHANNEL, event);
  }

  show(): void {
    if (this.#window.isDestroyed()) return;
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  /** Closes without asking again. */
  destroy(): void {
    if (!this.#window.isDestroyed()) this.#window.destroy();
  }
}
