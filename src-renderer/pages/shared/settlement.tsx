import { Check, Clock, X } from 'lucide-react';
import type { TransactionRow } from '../../../src-interfaces/facade.js';
import { COINBASE_MATURITY, SETTLED, settlementOf, type Settlement } from '../../logic/confirmations.js';
import { useTip } from '../../state/bridge.js';
import { useText, type Translate } from '../../text/text.js';

export function settlementWords(settlement: Settlement, t: Translate): string {
  switch (settlement.kind) {
    case 'pending':
      return t('settlement.pending');
    case 'confirming':
      return t('settlement.confirming', { n: settlement.confirmations, of: SETTLED });
    case 'settled':
      return t('settlement.settled');
    case 'immature':
      return t('settlement.immature', { blocks: settlement.blocksLeft });
    default:
      return t(`settlement.${settlement.kind}`);
  }
}

const RADIUS = 6.5;
const AROUND = 2 * Math.PI * RADIUS;

function Ring({ fraction }: { readonly fraction: number }) {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden>
      <circle cx="9" cy="9" r={RADIUS} fill="none" stroke="var(--faint)" strokeWidth="2.2" />
      <circle cx="9" cy="9" r={RADIUS} fill="none" stroke="var(--text-2)" strokeWidth="2.2" strokeDasharray={`${fraction * AROUND} ${AROUND}`} transform="rotate(-90 9 9)" />
    </svg>
  );
}

/** The state of a payment as a small sign with words: a ring that closes with each block. */
export function SettlementMark({ row, words = true }: { readonly row: Pick<TransactionRow, 'status' | 'height' | 'kind'>; readonly words?: boolean }) {
  const tip = useTip();
  const t = useText();
  const settlement = settlementOf(row, tip);
  const text = settlementWords(settlement, t);
  return (
    <span className={`settlement ${settlement.kind}`} data-settlement={settlement.kind}>
      <span className="settlement-sign" role={words ? undefined : 'img'} aria-label={words ? undefined : text} title={text}>
        {settlement.kind === 'pending' && <Clock size={16} aria-hidden />}
        {settlement.kind === 'confirming' && <Ring fraction={settlement.confirmations / SETTLED} />}
        {settlement.kind === 'immature' && <Ring fraction={1 - settlement.blocksLeft / (COINBASE_MATURITY + 1)} />}
        {settlement.kind === 'settled' && <Check size={16} aria-hidden />}
        {(settlement.kind === 'conflicted' || settlement.kind === 'abandoned') && <X size={16} aria-hidden />}
      </span>
      {words && <span className="ellipsis">{text}</span>}
    </span>
  );
}
