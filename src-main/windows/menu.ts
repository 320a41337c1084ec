/** The application menu. On Linux and Windows it hides until Alt is pressed; its shortcuts always work. */
import { Menu, type MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  showPage(page: string): void;
  closeWindow(): void;
  quitEverything(): void;
}

export function applicationMenu(actions: MenuActions): Menu {
  const page = (label: string, name: string, accelerator: string): MenuItemConstructorOptions => ({ label, accelerator, click: () => actions.showPage(name) });
  return Menu.buildFromTemplate([
    {
      label: '&Bulkhead',
      submenu: [
        page('Settings', 'settings', 'CmdOrCtrl+,'),
        { type: 'separator' },
        { label: 'Close window', accelerator: 'CmdOrCtrl+W', click: () => actions.closeWindow() },
        { label: 'Quit completely', accelerator: 'CmdOrCtrl+Q', click: () => actions.quitEverything() },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        page('Overview', 'overview', 'CmdOrCtrl+1'),
        page('Send', 'send', 'CmdOrCtrl+2'),
        page('Receive', 'receive', 'CmdOrCtrl+3'),
        page('Transactions', 'transactions', 'CmdOrCtrl+4'),
        page('Node', 'node', 'CmdOrCtrl+5'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
      ],
    },
  ]);
}
