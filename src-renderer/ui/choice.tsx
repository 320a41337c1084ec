import { Checkbox as RadixCheckbox, RadioGroup, Switch as RadixSwitch } from 'radix-ui';
import { Check, Minus } from 'lucide-react';
import type { ReactNode } from 'react';

interface Option<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  readonly testId?: string;
}

/** Two to five exclusive choices side by side. */
export function Segmented<V extends string>(props: {
  readonly label: string;
  readonly value: V;
  readonly options: readonly Option<V>[];
  readonly onChange: (value: V) => void;
}) {
  return (
    <RadioGroup.Root
      className="segmented"
      aria-label={props.label}
      orientation="horizontal"
      value={props.value}
      onValueChange={(value) => {
        const option = props.options.find((one) => one.value === value);
        if (option !== undefined) props.onChange(option.value);
      }}
    >
      {props.options.map((option) => (
        <RadioGroup.Item key={option.value} value={option.value} className="segment" data-testid={option.testId}>
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}

/** Exclusive choices that need explaining: a card each. */
export function ChoiceCards<V extends string>(props: {
  readonly label: string;
  readonly value: V;
  readonly options: readonly (Option<V> & { readonly detail: ReactNode; readonly badge?: ReactNode })[];
  readonly onChange: (value: V) => void;
  readonly columns?: number;
}) {
  return (
    <RadioGroup.Root
      className="choice-cards"
      style={{ gridTemplateColumns: `repeat(${props.columns ?? 1}, minmax(0, 1fr))` }}
      aria-label={props.label}
      value={props.value}
      onValueChange={(value) => {
        const option = props.options.find((one) => one.value === value);
        if (option !== undefined) props.onChange(option.value);
      }}
    >
      {props.options.map((option) => (
        <RadioGroup.Item key={option.value} value={option.value} className="choice-card" data-testid={option.testId}>
          <span className="radio-dot" aria-hidden />
          <span className="grow">
            <span className="choice-title">
              {option.label}
              {option.badge}
            </span>
            <span className="choice-detail">{option.detail}</span>
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}

export function Switch(props: {
  readonly label: ReactNode;
  readonly detail?: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly testId?: string;
}) {
  return (
    <label className="switch-row">
      <span className="grow">
        <span className="switch-label">{props.label}</span>
        {props.detail !== undefined && <span className="switch-detail">{props.detail}</span>}
      </span>
      <RadixSwitch.Root className="switch" checked={props.checked} onCheckedChange={props.onChange} data-testid={props.testId}>
        <RadixSwitch.Thumb className="switch-thumb" />
      </RadixSwitch.Root>
    </label>
  );
}

export function Checkbox(props: {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly checked: boolean | 'indeterminate';
  readonly onChange: (checked: boolean) => void;
  readonly testId?: string;
}) {
  return (
    <label className="checkbox-row">
      <RadixCheckbox.Root
        className="checkbox"
        checked={props.checked}
        aria-label={props.label}
        onCheckedChange={(checked) => props.onChange(checked === true)}
        data-testid={props.testId}
      >
        <RadixCheckbox.Indicator>
          {props.checked === 'indeterminate' ? <Minus size={12} strokeWidth={3} /> : <Check size={12} strokeWidth={3} />}
        </RadixCheckbox.Indicator>
      </RadixCheckbox.Root>
      {props.hideLabel === true ? null : <span>{props.label}</span>}
    </label>
  );
}

/** A filter that is on or off. */
export function Chip(props: {
  readonly children: ReactNode;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly testId?: string;
}) {
  return (
    <button type="button" className="chip" aria-pressed={props.on} data-testid={props.testId} onClick={() => props.onChange(!props.on)}>
      {props.on && <Check size={12} strokeWidth={3} aria-hidden />}
      {props.children}
    </button>
  );
}
