import { FolderOpen, RotateCw, Unplug, WalletCards } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Compartment, WalletState } from '../../../src-interfaces/facade.js';
import { plannedRetry } from '../../app/compartment-words.js';
import { useCompartment, useWallet, useWallets, useWalletsOffered } from '../../state/bridge.js';
import { useAction, useFacade } from '../../state/facade-context.js';
import { openDialog } from '../../state/view.js';
import { useText } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Empty } from '../../ui/feedback.js';

/** The process is not there, and will not be by waiting. */
export function isGone(compartment: Compartment | undefined): boolean {
  const kind = compartment?.state.kind;
  if (compartment !== undefined && plannedRetry(compartment) !== null) return false;
  return kind === 'crashed' || kind === 'detached' || kind === 'stopped';
}

/** What a page shows when there is no wallet to show: which of the reasons, and the way on. */
export function WalletGate(props: { readonly children: (wallet: WalletState) => ReactNode; readonly skeleton: ReactNode }) {
  const wallets = useWallets();
  const wallet = useWallet();
  const walletProcess = useCompartment('wallet');
  const nodeProcess = useCompartment('node');
  const offered = useWalletsOffered();
  const never = nodeProcess?.state.kind === 'crashed' && nodeProcess.state.never !== undefined;
  const facade = useFacade();
  const t = useText();
  // The wallet is started by the node and sees the chain through it: without a node there is nothing to restart.
  const cause = isGone(nodeProcess) ? 'node' : 'wallet';
  const restart = useAction(() => facade.compartments.restart({ compartment: cause }));

  if (wallet !== null) return props.children(wallet);
  if (!offered) {
    return (
      <Empty icon={WalletCards} title={t('gate.notOffered')} testId="wallets-not-offered">
        {t('gate.notOffered.text')}
      </Empty>
    );
  }
  if (wallets === null && isGone(walletProcess)) {
    return (
      <Empty
        icon={Unplug}
        title={t(`gate.gone.${cause}`)}
        testId="wallet-gone"
        action={
          <Button variant="primary" icon={RotateCw} busy={restart.busy} onClick={() => void restart.run()}>
            {never ? t('crash.never.restart') : t(`crash.${cause}.restart`)}
          </Button>
        }
      >
        {t(`gate.gone.${cause}.text`)}
      </Empty>
    );
  }
  if (wallets === null && walletProcess?.state.kind === 'silent') {
    return (
      <Empty icon={Unplug} title={t('silent.what')} testId="wallet-silent">
        {t('silent.todo')}
      </Empty>
    );
  }
  if (wallets === null) return props.skeleton;
  if (walletProcess?.state.kind === 'disabled') {
    return (
      <Empty icon={WalletCards} title={t('gate.disabled')} testId="wallets-disabled">
        {t('gate.disabled.text')}
      </Empty>
    );
  }
  return (
    <Empty
      icon={WalletCards}
      title={t('gate.none')}
      testId="no-wallet"
      action={
        <>
          <Button variant="primary" onClick={() => openDialog('create-wallet')} data-testid="create-wallet">
            {t('gate.none.create')}
          </Button>
          <Button icon={FolderOpen} onClick={() => openDialog('open-wallet')}>
            {t('wallet.open')}
          </Button>
        </>
      }
    >
      {t('gate.none.text')}
    </Empty>
  );
}
