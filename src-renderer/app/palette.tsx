import { Command } from 'cmdk';
import { Dialog } from 'radix-ui';
import { useNetwork, useSettings, useWallet, useWallets, useCanOpenWallets } from '../state/bridge.js';
import { openDialog, PAGES, useView, type DialogKind } from '../state/view.js';
import { useText } from '../text/text.js';
import { useActions, walletTitle } from './actions.js';

interface Entry {
  readonly id: string;
  readonly group: 'pages' | 'wallets' | 'actions';
  readonly title: string;
  readonly keys?: string;
  readonly run: () => void;
}

function useEntries(): readonly Entry[] {
  const t = useText();
  const actions = useActions();
  const settings = useSettings();
  const network = useNetwork();
  const wallet = useWallet();
  const wallets = useWallets() ?? [];
  const canOpen = useCanOpenWallets();
  const dialog = (id: DialogKind, title: string): Entry => ({ id, group: 'actions', title, run: () => openDialog(id) });
  const entries: Entry[] = PAGES.map((page, index) => ({
    id: `page-${page}`,
    group: 'pages',
    title: t(`page.${page}`),
    keys: t('keys.ctrl', { key: String(index + 1) }),
    run: () => actions.go(page),
  }));
  for (const one of wallets) {
    if (one.name === wallet?.name) continue;
    const title = t('palette.switchTo', { name: walletTitle(one.title, t) });
    entries.push({ id: `wallet-${one.name}`, group: 'wallets', title, run: () => actions.chooseWallet(one.name) });
  }
  if (canOpen) entries.push(dialog('create-wallet', t('wallet.create')), dialog('open-wallet', t('wallet.open')), dialog('restore-wallet', t('wallet.restore')));
  if (wallet !== null) {
    entries.push({ id: 'backup', group: 'actions', title: t('wallet.backup'), run: () => void actions.backup() });
    if (wallet.encrypted && wallet.locked) entries.push(dialog('unlock-wallet', t('wallet.unlock')));
    if (wallet.encrypted && !wallet.locked) entries.push({ id: 'lock', group: 'actions', title: t('wallet.lock'), run: () => void actions.lock() });
    if (!wallet.encrypted && !wallet.watchOnly) entries.push(dialog('encrypt-wallet', t('wallet.encrypt')));
    if (network === 'regtest') entries.push({ id: 'mine', group: 'actions', title: t('mine.one'), run: () => void actions.mine(1) });
  }
  entries.push(
    { id: 'unit', group: 'actions', title: t('amount.showIn', { unit: settings.unit === 'BTC' ? 'sats' : 'BTC' }), keys: t('keys.ctrl', { key: 'B' }), run: actions.toggleUnit },
    { id: 'hide', group: 'actions', title: settings.hideAmounts ? t('amount.show') : t('amount.hide'), keys: t('keys.ctrlShift', { key: 'M' }), run: actions.toggleAmounts },
    ...(['system', 'light', 'dark'] as const).filter((theme) => theme !== settings.theme).map(
      (theme): Entry => ({ id: `theme-${theme}`, group: 'actions', title: t('palette.theme', { theme: t(`theme.${theme}`) }), run: () => actions.setTheme(theme) }),
    ),
    dialog('quit', t('quit.title')),
  );
  return entries;
}

/** Ctrl+K: every page, wallet and action by name. */
export function Palette() {
  const t = useText();
  const entries = useEntries();
  const close = (): void => useView.setState({ palette: false });
  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="palette" aria-describedby={undefined} data-testid="palette">
          <Dialog.Title className="sr-only">{t('palette.title')}</Dialog.Title>
          <Command label={t('palette.title')} loop>
            <Command.Input className="palette-input" placeholder={t('palette.placeholder')} data-testid="palette-input" />
            <Command.List className="palette-list">
              <Command.Empty className="palette-empty">{t('palette.empty')}</Command.Empty>
              {(['pages', 'wallets', 'actions'] as const).map((group) => {
                const mine = entries.filter((entry) => entry.group === group);
                return mine.length === 0 ? null : (
                  <Command.Group key={group} heading={t(`palette.${group}`)} className="palette-group">
                    {mine.map((entry) => (
                      <Command.Item
                        key={entry.id}
                        value={`${entry.title} ${entry.id}`}
                        className="palette-item"
                        onSelect={() => {
                          close();
                          entry.run();
                        }}
                      >
                        <span className="grow">{entry.title}</span>
                        {entry.keys !== undefined && <kbd>{entry.keys}</kbd>}
                      </Command.Item>
                    ))}
                  </Command.Group>
                );
              })}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
