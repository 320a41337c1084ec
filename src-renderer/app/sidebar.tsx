import {
  ArchiveRestore, ArrowDownLeft, ArrowUpRight, Check, ChevronsUpDown, FolderOpen, House, KeyRound, List, Lock,
  LockOpen, Network, Plus, Save, Settings, ShieldPlus, WalletCards, X, type LucideIcon,
} from 'lucide-react';
import { useCompartment, useWallet, useCanOpenWallets, useWallets, useWalletsOffered } from '../state/bridge.js';
import { openDialog, PAGES, useView, type Page } from '../state/view.js';
import { useText } from '../text/text.js';
import { Amount } from '../ui/amount.js';
import { Menu, type MenuEntry } from '../ui/overlay.js';
import { useActions, walletTitle } from './actions.js';
import { stateWords } from './compartment-words.js';

const ICONS: Readonly<Record<Page, LucideIcon>> = {
  overview: House,
  send: ArrowUpRight,
  receive: ArrowDownLeft,
  transactions: List,
  node: Network,
  settings: Settings,
};

function WalletSwitcher() {
  const wallets = useWallets();
  const offered = useWalletsOffered();
  const canOpen = useCanOpenWallets();
  const wallet = useWallet();
  const compartment = useCompartment('wallet');
  const actions = useActions();
  const t = useText();

  const entries: MenuEntry[] = [];
  for (const one of wallets ?? []) {
    entries.push({
      key: `w:${one.name}`,
      label: walletTitle(one.title, t),
      icon: one.name === wallet?.name ? Check : WalletCards,
      checked: one.name === wallet?.name,
      ...(one.isSilent ? { detail: t('compartment.silent') } : one.locked ? { detail: t('wallet.locked') } : {}),
      testId: `wallet-choice-${one.name}`,
      onSelect: () => actions.chooseWallet(one.name),
    });
  }
  if (entries.length > 0 && canOpen) entries.push({ key: 's1', separator: true });
  if (canOpen) entries.push(
    { key: 'create', label: t('wallet.create'), icon: Plus, testId: 'menu-create-wallet', onSelect: () => openDialog('create-wallet') },
    { key: 'open', label: t('wallet.open'), icon: FolderOpen, testId: 'menu-open-wallet', onSelect: () => openDialog('open-wallet') },
    { key: 'restore', label: t('wallet.restore'), icon: ArchiveRestore, testId: 'menu-restore-wallet', onSelect: () => openDialog('restore-wallet') },
  );
  if (wallet !== null) {
    entries.push({ key: 's2', separator: true }, { key: 'h', heading: walletTitle(wallet.title, t) });
    if (!wallet.encrypted && !wallet.watchOnly) {
      entries.push({ key: 'encrypt', label: t('wallet.encrypt'), icon: ShieldPlus, testId: 'menu-encrypt-wallet', onSelect: () => openDialog('encrypt-wallet') });
    }
    if (wallet.encrypted) {
      entries.push(
        wallet.locked
          ? { key: 'unlock', label: t('wallet.unlock'), icon: LockOpen, testId: 'menu-unlock-wallet', onSelect: () => openDialog('unlock-wallet') }
          : { key: 'lock', label: t('wallet.lock'), icon: Lock, testId: 'menu-lock-wallet', onSelect: () => void actions.lock() },
        { key: 'change', label: t('wallet.changePassphrase'), icon: KeyRound, testId: 'menu-change-passphrase', onSelect: () => openDialog('change-passphrase') },
      );
    }
    entries.push(
      { key: 'backup', label: t('wallet.backup'), icon: Save, testId: 'menu-backup-wallet', onSelect: () => void actions.backup() },
      { key: 'close', label: t('wallet.close'), icon: X, testId: 'menu-close-wallet', onSelect: () => void actions.closeWallet() },
    );
  }
  return (
    <Menu
      label={t('wallet.menu')}
      wide
      entries={entries}
      trigger={
        <button type="button" className="wallet-switcher" data-testid="wallet-menu" disabled={!offered || entries.length === 0}>
          <span className="grow">
            <span className="wallet-name ellipsis">
              {wallets === null || !offered ? t('compartment.wallet') : wallet === null ? t('wallet.none') : walletTitle(wallet.title, t)}
              {wallet?.encrypted === true && (wallet.locked ? <Lock size={12} aria-label={t('wallet.locked')} /> : <LockOpen size={12} aria-label={t('wallet.unlocked')} />)}
            </span>
            <span className="wallet-balance">
              {wallet !== null ? (
                <Amount value={wallet.balances.spendable} unit />
              ) : (wallets === null || !offered || !canOpen) && compartment !== undefined ? (
                stateWords(compartment, t)
              ) : (
                t('wallet.menu.hint')
              )}
            </span>
          </span>
          {offered && entries.length > 0 && <ChevronsUpDown size={16} aria-hidden className="quiet" />}
        </button>
      }
    />
  );
}

/** Wallet switcher and pages. */
export function Sidebar() {
  const page = useView((view) => view.page);
  const actions = useActions();
  const t = useText();
  const item = (name: Page, index: number) => {
    const Icon = ICONS[name];
    return (
      <li key={name}>
        <button
          type="button"
          className="nav-item"
          aria-current={page === name ? 'page' : undefined}
          aria-keyshortcuts={`Control+${index + 1}`}
          title={t('nav.shortcut', { number: index + 1 })}
          data-testid={`nav-${name}`}
          onClick={() => actions.go(name)}
        >
          <Icon size={17} aria-hidden strokeWidth={1.8} />
          {t(`page.${name}`)}
        </button>
      </li>
    );
  };
  return (
    <nav className="sidebar" aria-label={t('nav.label')}>
      <WalletSwitcher />
      <ul className="nav-list">{PAGES.slice(0, 4).map((name, index) => item(name, index))}</ul>
      <ul className="nav-list nav-bottom">{PAGES.slice(4).map((name, index) => item(name, index + 4))}</ul>
    </nav>
  );
}
