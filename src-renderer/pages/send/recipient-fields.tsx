import { Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useSettings } from '../../state/bridge.js';
import { useFacade } from '../../state/facade-context.js';
import { useText } from '../../text/text.js';
import { AmountInput, typedFrom } from '../../ui/amount-input.js';
import { IconButton, LinkButton } from '../../ui/button.js';
import { Checkbox } from '../../ui/choice.js';
import { Field, TextInput } from '../../ui/field.js';
import { AddressGroups } from '../../ui/identifier.js';
import { changeRecipient, removeRecipient, useSend } from './send-store.js';
import { useWalletReturn } from '../shared/wallet-away.js';
import type { Recipient } from './send-form.js';

/** How long typing rests before the wallet is asked what the text means. */
const REST_MILLISECONDS = 150;

export function RecipientFields(props: {
  readonly wallet: string;
  readonly recipient: Recipient;
  readonly number: number;
  readonly count: number;
  readonly available: bigint;
  readonly addressError: string | null;
  readonly amountError: string | null;
}) {
  const { recipient, wallet } = props;
  const facade = useFacade();
  const t = useText();
  const { unit } = useSettings();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const understand = async (text: string): Promise<void> => {
    const answer = await facade.wallet.parseRecipient({ wallet, text });
    const latest = useSend.getState().form.recipients.find((one) => one.key === recipient.key);
    if (latest === undefined || latest.text !== text) return;
    // Asked again when the wallet is back.
    if (!answer.ok && answer.error.code === 'disconnected') return;
    if (!answer.ok) {
      changeRecipient(recipient.key, { parsed: null, fault: answer.error.message });
      return;
    }
    const parsed = answer.value;
    changeRecipient(recipient.key, {
      parsed,
      fault: null,
      text: parsed.address,
      ...(parsed.amount === null ? {} : { amount: typedFrom(parsed.amount, unit) }),
      ...(parsed.label !== '' ? { label: parsed.label } : parsed.message !== '' ? { label: parsed.message } : {}),
    });
  };

  const onText = (text: string, now: boolean): void => {
    clearTimeout(timer.current);
    changeRecipient(recipient.key, { text, parsed: null, fault: null });
    if (text.trim() === '') return;
    if (now) void understand(text);
    else timer.current = setTimeout(() => void understand(text), REST_MILLISECONDS);
  };

  // A text that came with the form (a link) has not been asked about yet.
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current || recipient.text === '' || recipient.parsed !== null || recipient.fault !== null) return;
    asked.current = true;
    void understand(recipient.text);
  });

  useWalletReturn(() => {
    if (recipient.text !== '' && recipient.parsed === null && recipient.fault === null) void understand(recipient.text);
  });

  const { parsed } = recipient;
  return (
    <fieldset className="recipient" data-testid={`recipient-${props.number}`}>
      {props.count > 1 && (
        <legend className="spread recipient-legend">
          <span>{t('send.recipient.number', { n: props.number })}</span>
          <IconButton icon={Trash2} label={t('send.recipient.remove', { n: props.number })} onClick={() => removeRecipient(recipient.key)} />
        </legend>
      )}
      <Field
        label={t('send.to')}
        error={props.addressError}
        hint={parsed === null ? t('send.to.hint') : <AddressGroups address={parsed.address} className="recipient-groups" />}
        {...(parsed?.mine === true ? { aside: <span className="badge">{t('send.mine')}</span> } : {})}
      >
        {(parts) => (
          <TextInput
            parts={parts}
            mono
            value={recipient.text}
            maxLength={4096}
            placeholder={t('send.to.placeholder')}
            data-testid={`recipient-address-${props.number}`}
            onChange={(event) => onText(event.target.value, false)}
            onPaste={(event) => {
              // Pasted over an empty field: understood at once instead of after the rest.
              if (recipient.text !== '') return;
              event.preventDefault();
              onText(event.clipboardData.getData('text').trim().slice(0, 4096), true);
            }}
          />
        )}
      </Field>
      <div className="recipient-row">
        <AmountInput
          label={t('amount')}
          value={recipient.amount}
          error={props.amountError}
          testId={`recipient-amount-${props.number}`}
          onChange={(amount) => changeRecipient(recipient.key, { amount })}
          aside={
            <LinkButton
              className="small"
              disabled={props.available <= 0n}
              data-testid={`recipient-max-${props.number}`}
              onClick={() => changeRecipient(recipient.key, { amount: typedFrom(props.available, unit), subtractFee: true })}
            >
              {t('send.max')}
            </LinkButton>
          }
          hint={
            <Checkbox
              label={t('send.subtractFee')}
              checked={recipient.subtractFee}
              onChange={(subtractFee) => changeRecipient(recipient.key, { subtractFee })}
              testId={`recipient-subtract-${props.number}`}
            />
          }
        />
        <Field label={t('label')} optional hint={t('send.label.hint')}>
          {(parts) => (
            <TextInput parts={parts} value={recipient.label} maxLength={200} data-testid={`recipient-label-${props.number}`} onChange={(event) => changeRecipient(recipient.key, { label: event.target.value })} />
          )}
        </Field>
      </div>
    </fieldset>
  );
}
