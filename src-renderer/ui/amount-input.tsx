import { useState, type ReactNode } from 'react';
import { formatAmount, parseAmount, type AmountFault, type Unit } from '../../src-bitcoin/amount.js';
import { useSettings } from '../state/bridge.js';
import { useText, type TextId } from '../text/text.js';
import { Field, TextInput } from './field.js';
import { UnitToggle } from './amount.js';

export const AMOUNT_FAULTS: Readonly<Record<AmountFault, TextId>> = {
  empty: 'amount.fault.empty',
  'not-a-number': 'amount.fault.not-a-number',
  comma: 'amount.fault.comma',
  negative: 'amount.fault.negative',
  'too-precise': 'amount.fault.too-precise',
  'too-large': 'amount.fault.too-large',
};

/** What is typed, with the unit it was typed in. */
export interface TypedAmount {
  readonly text: string;
  readonly unit: Unit;
}

export function typedFrom(value: bigint | null, unit: Unit): TypedAmount {
  return { text: value === null ? '' : formatAmount(value, { unit, plain: true, trim: true }), unit };
}

/** The satoshis a typed amount stands for; null when it is empty or not an amount. */
export function satoshisOf(typed: TypedAmount): bigint | null {
  const parsed = parseAmount(typed.text, typed.unit);
  return parsed.ok ? parsed.value : null;
}

/** The same amount in another unit; text that is not an amount stays as typed. */
export function converted(typed: TypedAmount, unit: Unit): TypedAmount {
  if (typed.unit === unit) return typed;
  const value = satoshisOf(typed);
  return value === null ? { text: typed.text, unit } : typedFrom(value, unit);
}

export function AmountInput(props: {
  readonly label: string;
  readonly value: TypedAmount;
  readonly onChange: (value: TypedAmount) => void;
  readonly error?: string | null | undefined;
  readonly hint?: ReactNode;
  readonly optional?: boolean;
  readonly aside?: ReactNode;
  readonly testId?: string;
}) {
  const { unit, hideAmounts } = useSettings();
  const t = useText();
  const [touched, setTouched] = useState(false);
  const shown = converted(props.value, unit);
  const parsed = parseAmount(shown.text, unit);
  // Half-typed text is not scolded: faults other than the obvious ones wait until the field is left.
  const fault = parsed.ok || parsed.fault === 'empty' || (!touched && parsed.fault === 'not-a-number') ? null : t(AMOUNT_FAULTS[parsed.fault], { unit });
  return (
    <Field label={props.label} error={props.error ?? fault} hint={props.hint} optional={props.optional ?? false} aside={props.aside}>
      {(parts) => (
        <TextInput
          parts={parts}
          inputMode="decimal"
          className={`tabular amount-input${hideAmounts ? ' masked' : ''}`}
          placeholder={unit === 'BTC' ? '0.00000000' : '0'}
          value={shown.text}
          data-testid={props.testId}
          onBlur={() => setTouched(true)}
          onChange={(event) => props.onChange({ text: event.target.value, unit })}
          suffix={<UnitToggle className="in-input" />}
        />
      )}
    </Field>
  );
}
