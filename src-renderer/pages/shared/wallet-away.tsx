import { useEffect, useRef, type ReactNode } from 'react';
import { isThere } from '../../app/compartment-words.js';
import { currentWallet, useBridge } from '../../state/bridge.js';
import { compartmentOf } from '../../state/bridge-state.js';
import { useText } from '../../text/text.js';
import { Callout } from '../../ui/feedback.js';

/** What keeps the wallet's process from being asked, the node, its absence or its silence; null while it can be. */
export function useWalletAbsence(): 'node' | 'wallet' | 'silent' | null {
  return useBridge((state) => {
    const answers = (id: 'node' | 'wallet'): boolean => {
      const compartment = compartmentOf(state, id);
      return compartment !== undefined && isThere(compartment);
    };
    if (!answers('wallet') && !answers('node')) return 'node';
    const wallet = currentWallet(state);
    if (wallet?.isSilent === true) return 'silent';
    return answers('wallet') || wallet?.isApart === true ? null : 'wallet';
  });
}

/** Runs when the wallet can be asked again. */
export function useWalletReturn(onReturn: () => void): void {
  const isAway = useWalletAbsence() !== null;
  const wasAway = useRef(isAway);
  const latest = useRef(onReturn);
  useEffect(() => {
    latest.current = onReturn;
  });
  useEffect(() => {
    if (wasAway.current && !isAway) latest.current();
    wasAway.current = isAway;
  }, [isAway]);
}

/** Says above a form that the wallet is away. */
export function WalletAwayNotice() {
  const absence = useWalletAbsence();
  const t = useText();
  return absence === null ? null : <Callout tone="info" what={t(`away.${absence}`)} todo={t('away.todo')} testId="wallet-away" />;
}

/** Fields and buttons that need the wallet. While it is away they cannot be used, and keep what was typed and the focus. */
export function WalletFields({ children }: { readonly children: ReactNode }) {
  const isAway = useWalletAbsence() !== null;
  const focused = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if (!isAway && document.activeElement === document.body) focused.current?.focus();
  }, [isAway]);
  return (
    <fieldset
      className="wallet-fields"
      disabled={isAway}
      onFocus={({ target }) => (focused.current = target)}
      // The browser takes it from a field that cannot be used; that is not the person's doing.
      onBlur={({ target }) => target.matches(':disabled') || (focused.current = null)}
    >
      {children}
    </fieldset>
  );
}
