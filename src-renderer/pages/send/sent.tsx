import { Check } from 'lucide-react';
import type { Draft } from '../../../src-interfaces/facade.js';
import { settlementOf, SETTLED } from '../../logic/confirmations.js';
import { useTip } from '../../state/bridge.js';
import { useFacade, useQuery } from '../../state/facade-context.js';
import { showTransaction } from '../../state/view.js';
import { useText } from '../../text/text.js';
import { Amount } from '../../ui/amount.js';
import { Button } from '../../ui/button.js';
import { ProgressBar } from '../../ui/feedback.js';
import { Identifier } from '../../ui/identifier.js';
import { Card } from '../../ui/page.js';

/** The payment, live, until it is settled. */
export function Sent(props: { readonly wallet: string; readonly txid: string; readonly draft: Draft; readonly onNew: () => void }) {
  const { wallet, txid } = props;
  const facade = useFacade();
  const t = useText();
  const tip = useTip();
  const details = useQuery(
    `tx:${wallet}:${txid}`,
    () => facade.wallet.transaction({ wallet, txid }),
    (event) =>
      event.name === 'wallet.transactions' &&
      event.data.wallet === wallet &&
      (event.data.rows.some((row) => row.txid === txid) || event.data.removed.includes(txid)),
  );
  const row = details.data?.row;
  const settlement = row === undefined ? { kind: 'pending' as const } : settlementOf(row, tip);
  const confirmations = settlement.kind === 'confirming' || settlement.kind === 'settled' ? settlement.confirmations : 0;
  const steps = [
    { key: 'sent', done: true },
    { key: 'waiting', done: confirmations > 0 },
    { key: 'settled', done: confirmations >= SETTLED },
  ] as const;
  const current = steps.findIndex((step) => !step.done);
  return (
    <div className="send-column" data-testid="sent" data-confirmations={confirmations}>
      <Card className="sent-card">
        <span className="sent-sign" aria-hidden>
          <Check size={28} />
        </span>
        <h2 className="sent-title" role="status">
          {settlement.kind === 'conflicted' ? t('sent.conflicted') : confirmations === 0 ? t('sent.title') : t('sent.confirmed', { n: confirmations })}
        </h2>
        <Amount value={props.draft.leaves} unit className="review-total" />
        <Identifier value={txid} what={t('txid')} head={12} tail={12} />
        <ol className="sent-steps">
          {steps.map((step, index) => (
            <li key={step.key} className={step.done ? 'done' : index === current ? 'current' : ''} aria-current={index === current ? 'step' : undefined}>
              <span className="step-dot" aria-hidden>
                {step.done && <Check size={12} strokeWidth={3} />}
              </span>
              {t(`sent.step.${step.key}`)}
            </li>
          ))}
        </ol>
        <ProgressBar fraction={Math.min(1, confirmations / SETTLED)} label={t('sent.progress', { n: confirmations, of: SETTLED })} />
        <p className="small muted tabular">{t('sent.progress', { n: confirmations, of: SETTLED })}</p>
      </Card>
      <div className="spread send-foot">
        <Button variant="quiet" onClick={() => showTransaction(txid)} data-testid="sent-details">
          {t('sent.details')}
        </Button>
        <Button onClick={props.onNew} data-testid="sent-new">
          {t('sent.another')}
        </Button>
      </div>
    </div>
  );
}
