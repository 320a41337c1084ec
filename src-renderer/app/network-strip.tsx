import { ChevronDown, Pickaxe } from 'lucide-react';
import { useState } from 'react';
import { useNetwork, useWallet, useWalletsOffered } from '../state/bridge.js';
import { useWalletAbsence } from '../pages/shared/wallet-away.js';
import { useText } from '../text/text.js';
import { Button, IconButton } from '../ui/button.js';
import { Menu } from '../ui/overlay.js';
import { useActions } from './actions.js';

const BATCHES = [1, 6, 10, 101] as const;

function MineButton() {
  const wallet = useWallet();
  const cannot = useWalletAbsence() !== null || wallet === null;
  const actions = useActions();
  const t = useText();
  const [busy, setBusy] = useState(false);
  const mine = async (blocks: number): Promise<void> => {
    setBusy(true);
    await actions.mine(blocks);
    setBusy(false);
  };
  return (
    <div className="mine split">
      <Button
        small
        icon={Pickaxe}
        busy={busy}
        disabled={cannot}
        title={wallet === null ? t('mine.noWallet') : t('mine.hint')}
        data-testid="mine-block"
        onClick={() => void mine(1)}
      >
        {t('mine.one')}
      </Button>
      <Menu
        label={t('mine.more')}
        align="end"
        trigger={<IconButton icon={ChevronDown} label={t('mine.more')} disabled={cannot || busy} data-testid="mine-more" />}
        entries={BATCHES.map((blocks) => ({
          key: String(blocks),
          label: t('mine.many', { blocks }),
          testId: `mine-${blocks}`,
          ...(blocks === 101 ? { detail: t('mine.matures') } : {}),
          onSelect: () => void mine(blocks),
        }))}
      />
    </div>
  );
}

/** On every network whose coins are worth nothing: says so, in words, on every page. */
export function NetworkStrip() {
  const network = useNetwork();
  const offered = useWalletsOffered();
  const t = useText();
  if (network === null || network === 'main') return null;
  return (
    <div className="network-strip" data-testid="network-strip">
      <strong>{t(`network.${network}`)}</strong>
      <span className="network-words">{t(`network.${network}.worth`)}</span>
      <span className="grow" />
      {network === 'regtest' && offered && <MineButton />}
    </div>
  );
}
