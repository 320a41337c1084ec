import { ArrowDownLeft, ArrowUpRight, Pickaxe, Repeat2, type LucideIcon } from 'lucide-react';
import type { TransactionKind, TransactionRow } from '../../../src-interfaces/facade.js';
import { shortened } from '../../logic/address-groups.js';
import { useText } from '../../text/text.js';

export const KIND_ICONS: Readonly<Record<TransactionKind, LucideIcon>> = {
  received: ArrowDownLeft,
  sent: ArrowUpRight,
  self: Repeat2,
  mined: Pickaxe,
};

/** What a payment is: its label, else the address, else its kind. */
export function PaymentWhat({ row }: { readonly row: TransactionRow }) {
  const t = useText();
  const more = row.addressCount > 1 ? t('payment.more', { n: row.addressCount - 1 }) : '';
  if (row.label !== '') {
    return (
      <span className="ellipsis">
        {row.label}
        {more !== '' && <span className="quiet"> {more}</span>}
      </span>
    );
  }
  if (row.kind === 'mined' || row.kind === 'self' || row.address === '') return <span className="ellipsis">{t(`kind.${row.kind}`)}</span>;
  return (
    <span className="ellipsis">
      <span className="mono">{shortened(row.address, 14, 8)}</span>
      {more !== '' && <span className="quiet"> {more}</span>}
    </span>
  );
}
