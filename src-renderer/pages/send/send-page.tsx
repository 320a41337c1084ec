import { ArrowDownLeft, Plus } from 'lucide-react';
import { useEffect, useState, type FormEvent } from 'react';
import type { FacadeError, WalletState } from '../../../src-interfaces/facade.js';
import { useActions } from '../../app/actions.js';
import { useSettings } from '../../state/bridge.js';
import { useAction, useFacade } from '../../state/facade-context.js';
import { useView } from '../../state/view.js';
import { useText, type Translate } from '../../text/text.js';
import { AMOUNT_FAULTS } from '../../ui/amount-input.js';
import { Amount } from '../../ui/amount.js';
import { Button } from '../../ui/button.js';
import { Callout, Empty, Skeleton } from '../../ui/feedback.js';
import { Card, PageFrame } from '../../ui/page.js';
import { WalletAwayNotice, WalletFields } from '../shared/wallet-away.js';
import { WalletGate } from '../shared/wallet-gate.js';
import { CoinChoice } from './coin-choice.js';
import { FeeChoice } from './fee-choice.js';
import { RecipientFields } from './recipient-fields.js';
import { Review } from './review.js';
import { availableFor, readForm, type SendFault } from './send-form.js';
import { addRecipient, changeRecipient, resetSend, setStep, useSend } from './send-store.js';
import { Sent } from './sent.js';

function faultWords(fault: SendFault, unit: string, t: Translate): string {
  switch (fault.kind) {
    case 'address':
      return fault.message;
    case 'amount':
      return t(AMOUNT_FAULTS[fault.fault], { unit });
    default:
      return t(`send.fault.${fault.kind}`);
  }
}

/** Once the faults are drawn: the first one is scrolled to and gets the focus. */
function focusFirstFault(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid]')?.focus());
}

function Editor({ wallet }: { readonly wallet: WalletState }) {
  const facade = useFacade();
  const t = useText();
  const { unit } = useSettings();
  const form = useSend((state) => state.form);
  const prepare = useAction(facade.wallet.prepare);
  // Empty fields are not faults until the person wants to go on.
  const [tried, setTried] = useState(false);
  const read = readForm(wallet.name, form);
  const faults = read.ok ? {} : read.faults;

  const errorAt = (path: string): string | null => {
    const fault = faults[path];
    if (fault !== undefined && (tried || fault.kind === 'address')) return faultWords(fault, unit, t);
    const answered: FacadeError | null = prepare.error;
    return answered?.field === path ? answered.message : null;
  };
  const shownPaths = ['feeRate', 'coins', ...form.recipients.flatMap((_, index) => [`recipients[${index}].address`, `recipients[${index}].amount`])];
  const otherError = prepare.error !== null && !shownPaths.includes(prepare.error.field ?? '') ? prepare.error : null;

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (!read.ok) {
      focusFirstFault(event.currentTarget);
      return;
    }
    const draft = await prepare.run(read.args);
    if (draft !== undefined) setStep({ kind: 'review', draft });
  };

  return (
    <form className="send-column" onSubmit={(event) => void submit(event)} onChange={() => prepare.error !== null && prepare.clear()} noValidate>
      <WalletAwayNotice />
      <WalletFields>
        <Card className="send-card">
          {form.recipients.map((recipient, index) => (
            <RecipientFields
              key={recipient.key}
              wallet={wallet.name}
              recipient={recipient}
              number={index + 1}
              count={form.recipients.length}
              available={availableFor(form, recipient.key, wallet.balances.spendable)}
              addressError={errorAt(`recipients[${index}].address`)}
              amountError={errorAt(`recipients[${index}].amount`)}
            />
          ))}
          <div>
            <Button small variant="quiet" icon={Plus} onClick={() => addRecipient(unit)} data-testid="add-recipient">
              {t('send.recipient.add')}
            </Button>
          </div>
          <FeeChoice wallet={wallet.name} fee={form.fee} error={errorAt('feeRate')} />
          <CoinChoice wallet={wallet.name} chosen={form.coins} error={errorAt('coins')} />
        </Card>
        {otherError !== null && <Callout tone="bad" what={otherError.message} testId="send-error" />}
        <div className="spread send-foot">
          <span className="small muted">
            {t('send.available')} <Amount value={wallet.balances.spendable} unit testId="spendable" />
          </span>
          <span className="row">
            <Button variant="quiet" data-testid="send-clear" onClick={() => { resetSend(wallet.name, unit); setTried(false); prepare.clear(); }}>
              {t('send.clear')}
            </Button>
            <Button type="submit" variant="primary" busy={prepare.busy} data-testid="review-payment">
              {t('send.review')}
            </Button>
          </span>
        </div>
      </WalletFields>
    </form>
  );
}

function Sender({ wallet }: { readonly wallet: WalletState }) {
  const facade = useFacade();
  const actions = useActions();
  const t = useText();
  const { unit } = useSettings();
  const owner = useSend((state) => state.wallet);
  const step = useSend((state) => state.step);
  const sendText = useView((view) => view.sendText);

  useEffect(() => {
    if (owner !== wallet.name) resetSend(wallet.name, unit);
  }, [owner, wallet.name, unit]);

  useEffect(() => {
    if (sendText === null || owner !== wallet.name) return;
    resetSend(wallet.name, unit);
    changeRecipient(1, { text: sendText, parsed: null, fault: null });
    useView.setState({ sendText: null });
  }, [sendText, owner, wallet.name, unit]);

  if (owner !== wallet.name) return null;
  if (step.kind === 'review') {
    return (
      <Review
        wallet={wallet.name}
        draft={step.draft}
        onBack={() => {
          void facade.wallet.discard({ wallet: wallet.name, draft: step.draft.id });
          setStep({ kind: 'edit' });
        }}
        onSent={(txid) => {
          resetSend(wallet.name, unit);
          setStep({ kind: 'sent', txid, draft: step.draft });
        }}
      />
    );
  }
  if (step.kind === 'sent') return <Sent wallet={wallet.name} txid={step.txid} draft={step.draft} onNew={() => setStep({ kind: 'edit' })} />;
  if (wallet.transactionCount === 0) {
    return (
      <Empty
        icon={ArrowDownLeft}
        title={t('send.empty')}
        action={
          <Button variant="primary" onClick={() => actions.go('receive')}>
            {t('send.empty.action')}
          </Button>
        }
      >
        {t('send.empty.text')}
      </Empty>
    );
  }
  return <Editor wallet={wallet} />;
}

export function SendPage() {
  const t = useText();
  const step = useSend((state) => state.step.kind);
  return (
    <PageFrame title={step === 'review' ? t('review.title') : t('page.send')} testId="page-send">
      <WalletGate skeleton={<Skeleton height={320} />}>{(wallet) => <Sender key={wallet.name} wallet={wallet} />}</WalletGate>
    </PageFrame>
  );
}
