import { useEffect } from 'react';
import { useCompartment } from '../state/bridge.js';
import { useFacade } from '../state/facade-context.js';
import { openDialog } from '../state/view.js';
import { useText } from '../text/text.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/overlay.js';

const close = (): void => openDialog(null);

/** Whether a wallet process that does not answer is to be killed. The question is moot once it answers. */
export function EndWallet() {
  const t = useText();
  const facade = useFacade();
  const isSilent = useCompartment('wallet')?.state.kind === 'silent';
  useEffect(() => {
    if (!isSilent) close();
  }, [isSilent]);
  const end = (): void => {
    close();
    // How it goes, the bar says.
    void facade.compartments.restart({ compartment: 'wallet', kill: true });
  };
  return (
    <Dialog title={t('silent.end.title')} description={t('silent.end.text')} onClose={close} testId="dialog-end-wallet">
      <div className="dialog-actions">
        <Button variant="quiet" onClick={close}>
          {t('silent.end.wait')}
        </Button>
        <Button variant="danger" onClick={end} data-testid="end-wallet-confirm">
          {t('silent.end.submit')}
        </Button>
      </div>
    </Dialog>
  );
}
