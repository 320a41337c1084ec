import { ArrowLeft } from 'lucide-react';
import { useRef, useState, type FormEvent } from 'react';
import { useIntl } from 'react-intl';
import type { Draft, TransactionInput } from '../../../src-interfaces/facade.js';
import { shortened } from '../../logic/address-groups.js';
import { useAction, useFacade } from '../../state/facade-context.js';
import { useText } from '../../text/text.js';
import { Amount } from '../../ui/amount.js';
import { Button } from '../../ui/button.js';
import { Callout } from '../../ui/feedback.js';
import { Field, PassphraseInput, useFaultFocus } from '../../ui/field.js';
import { AddressGroups } from '../../ui/identifier.js';
import { Card } from '../../ui/page.js';
import { useWalletAbsence, WalletAwayNotice, WalletFields } from '../shared/wallet-away.js';
import { feePercent } from './send-form.js';

function Inputs({ inputs }: { readonly inputs: readonly TransactionInput[] }) {
  const t = useText();
  return (
    <details className="review-inputs">
      <summary>{t('review.inputs', { n: inputs.length })}</summary>
      <ul>
        {inputs.map((input) => (
          <li key={`${input.txid}:${input.vout}`} className="spread small">
            <span className="mono quiet">{shortened(input.address ?? `${input.txid}:${input.vout}`, 14, 8)}</span>
            {input.amount !== null && <Amount value={input.amount} unit />}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What leaves, to whom, what it costs, what comes back. The only place where money goes out. */
export function Review(props: {
  readonly wallet: string;
  readonly draft: Draft;
  readonly onBack: () => void;
  readonly onSent: (txid: string) => void;
}) {
  const { draft, wallet } = props;
  const facade = useFacade();
  const t = useText();
  const intl = useIntl();
  const isAway = useWalletAbsence() !== null;
  const [passphrase, setPassphrase] = useState('');
  const confirm = useAction(facade.wallet.confirm);
  const form = useRef<HTMLFormElement>(null);
  useFaultFocus(form, confirm.busy);
  const payments = draft.outputs.filter((output) => !output.change);
  const change = draft.outputs.filter((output) => output.change).reduce((sum, output) => sum + output.amount, 0n);
  const paid = payments.reduce((sum, output) => sum + output.amount, 0n);
  const passphraseError = confirm.error?.field === 'passphrase' || confirm.error?.code === 'wrong-passphrase' ? confirm.error.message : null;

  // The answer got lost, not necessarily the payment.
  const failed = confirm.error?.code === 'disconnected' ? 'unknown' : 'failed';

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const sent = await confirm.run({ wallet, draft: draft.id, ...(draft.locked ? { passphrase } : {}) });
    if (sent !== undefined) props.onSent(sent.txid);
  };

  return (
    <form ref={form} className="send-column" onSubmit={(event) => void submit(event)} noValidate data-testid="review">
      <WalletAwayNotice />
      <Card>
        <div className="small muted">{draft.replacedFee === null ? t('review.leaves') : t('review.bumpTitle')}</div>
        <div className="review-total">
          <Amount value={draft.leaves} unit testId="review-total" />
        </div>
        <ul className="review-list">
          {payments.map((output) => (
            <li key={output.index} className="review-payment" data-testid="review-output">
              <div className="spread">
                <span className="review-name ellipsis">{output.label === '' ? t('review.to') : output.label}</span>
                <Amount value={output.amount} unit />
              </div>
              {output.address === null ? <span className="mono small">{output.script}</span> : <AddressGroups address={output.address} testId="review-address" />}
              {output.mine && <span className="badge">{t('send.mine')}</span>}
            </li>
          ))}
        </ul>
        <dl className="review-sums">
          <div className="fact">
            <dt>
              {t('review.fee')}
              <span className="quiet small">
                {' '}
                <Amount value={draft.fee} unit always="sats" /> · {t('review.fee.detail', { rate: intl.formatNumber(draft.feeRate, { maximumFractionDigits: 2 }), percent: feePercent(draft.fee, paid) })}
              </span>
            </dt>
            <dd>
              <Amount value={draft.fee} unit testId="review-fee" />
            </dd>
          </div>
          {draft.replacedFee !== null && (
            <div className="fact">
              <dt>{t('review.replacedFee')}</dt>
              <dd>
                <Amount value={draft.replacedFee} unit testId="review-replaced-fee" />
              </dd>
            </div>
          )}
          <div className="fact">
            <dt>{t('review.change')}</dt>
            <dd>{change === 0n ? t('review.noChange') : <Amount value={change} unit testId="review-change" />}</dd>
          </div>
        </dl>
        <Inputs inputs={draft.inputs} />
      </Card>
      {draft.warnings.map((warning) => (
        <Callout key={warning} tone="warning" what={warning} />
      ))}
      {draft.locked && (
        <Card>
          <WalletFields>
            <Field label={t('review.passphrase')} hint={t('review.passphrase.hint')} error={passphraseError}>
              {(parts) => <PassphraseInput parts={parts} autoFocus value={passphrase} onChange={(event) => setPassphrase(event.target.value)} data-testid="review-passphrase" />}
            </Field>
          </WalletFields>
        </Card>
      )}
      {confirm.error !== null && passphraseError === null && <Callout tone="bad" what={t(`review.${failed}`)} why={confirm.error.message} todo={t(`review.${failed}.todo`)} testId="review-error" />}
      <div className="spread send-foot">
        <Button variant="quiet" icon={ArrowLeft} onClick={props.onBack} disabled={confirm.busy} data-testid="review-back">
          {t('review.back')}
        </Button>
        <Button type="submit" variant="primary" busy={confirm.busy} disabled={isAway || (draft.locked && passphrase === '')} data-testid="review-confirm">
          {draft.replacedFee === null ? t('review.send') : t('review.bump')}
        </Button>
      </div>
    </form>
  );
}
