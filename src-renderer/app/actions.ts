import { useMemo } from 'react';
import type { Facade } from '../../src-interfaces/facade.js';
import { currentWallet, useBridge } from '../state/bridge.js';
import { useFacade } from '../state/facade-context.js';
import { toast, useView, type Page } from '../state/view.js';
import { useText, type Translate } from '../text/text.js';

/** What buttons, the palette and shortcuts do alike. Each says how it ended. */
export interface Actions {
  readonly go: (page: Page) => void;
  readonly chooseWallet: (name: string) => void;
  readonly mine: (blocks: number) => Promise<void>;
  readonly toggleUnit: () => void;
  readonly toggleAmounts: () => void;
  readonly setTheme: (theme: 'system' | 'light' | 'dark') => void;
  readonly lock: () => Promise<void>;
  readonly backup: () => Promise<void>;
  readonly closeWallet: () => Promise<void>;
}

function actionsOf(facade: Facade, t: Translate): Actions {
  const settings = () => useBridge.getState().app?.settings;
  const wallet = () => currentWallet(useBridge.getState());
  return {
    go: (page) => {
      useView.setState({ page });
      void facade.app.setSettings({ page });
    },
    chooseWallet: (name) => {
      useView.setState({ transaction: null });
      void facade.app.setSettings({ wallet: name });
    },
    mine: async (blocks) => {
      const chosen = wallet();
      if (chosen === null) {
        toast(t('mine.noWallet'), 'bad');
        return;
      }
      const answer = await facade.node.mine({ wallet: chosen.name, blocks });
      if (answer.ok) toast(t('mine.done', { blocks }), 'good');
      else toast(answer.error.message, 'bad');
    },
    toggleUnit: () => void facade.app.setSettings({ unit: settings()?.unit === 'BTC' ? 'sats' : 'BTC' }),
    toggleAmounts: () => void facade.app.setSettings({ hideAmounts: settings()?.hideAmounts !== true }),
    setTheme: (theme) => void facade.app.setSettings({ theme }),
    lock: async () => {
      const chosen = wallet();
      if (chosen === null) return;
      const answer = await facade.wallets.lock({ name: chosen.name });
      if (answer.ok) toast(t('wallet.locked.toast', { name: chosen.name }));
      else toast(answer.error.message, 'bad');
    },
    backup: async () => {
      const chosen = wallet();
      if (chosen === null) return;
      const answer = await facade.wallets.backup({ name: chosen.name });
      if (!answer.ok) toast(answer.error.message, 'bad');
      else if (answer.value !== null) toast(t('wallet.backup.toast', { path: answer.value.path }), 'good');
    },
    closeWallet: async () => {
      const chosen = wallet();
      if (chosen === null) return;
      const answer = await facade.wallets.close({ name: chosen.name });
      if (answer.ok) toast(t('wallet.closed.toast', { name: chosen.name }));
      else toast(answer.error.message, 'bad');
    },
  };
}

export function useActions(): Actions {
  const facade = useFacade();
  const t = useText();
  return useMemo(() => actionsOf(facade, t), [facade, t]);
}

/** A wallet's name as shown; the default wallet has none. */
export function walletTitle(title: string, t: Translate): string {
  return title === '' ? t('wallet.default') : title;
}
