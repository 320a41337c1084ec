import { amountParts, GROUP_SPACE, type Unit } from '../../src-bitcoin/amount.js';
import { useFacade } from '../state/facade-context.js';
import { useSettings } from '../state/bridge.js';
import { useText } from '../text/text.js';

interface AmountProps {
  readonly value: bigint;
  /** Green when positive, `+` and `−` shown: for changes of a balance. */
  readonly change?: boolean;
  /** With the unit's name behind it. */
  readonly unit?: boolean;
  /** In this unit, whatever is chosen: fees are thought of in satoshis. */
  readonly always?: Unit;
  readonly className?: string;
  readonly testId?: string;
}

/** Digits that say nothing (the zeros at the end) are paler, so that the size of an amount is seen first. */
function splitZeros(decimals: string): readonly [string, string] {
  const zeros = new RegExp(`[0${GROUP_SPACE}]*$`).exec(decimals)?.[0] ?? '';
  const kept = decimals.slice(0, decimals.length - zeros.length);
  return kept === '.' ? ['', decimals] : [kept, zeros];
}

/**
 * An amount in the chosen unit. In a right-aligned column the points are below each other, because the
 * decimals are always eight and figures are tabular. Hidden amounts keep the width.
 */
export function Amount({ value, change = false, unit = false, always, className, testId }: AmountProps) {
  const settings = useSettings();
  const t = useText();
  const shown = always ?? settings.unit;
  const tone = change && value > 0n ? ' good' : '';
  if (settings.hideAmounts) {
    return (
      <span className={`amount hidden-amount ${className ?? ''}`} data-testid={testId} aria-label={t('amount.hidden')}>
        <span aria-hidden>••••••</span>
        {unit && <span className="amount-unit"> {shown}</span>}
      </span>
    );
  }
  const parts = amountParts(value, shown, change);
  const [kept, zeros] = splitZeros(parts.decimals);
  return (
    <span className={`amount${tone} ${className ?? ''}`} data-testid={testId} data-satoshis={value.toString()}>
      {parts.sign === '-' ? '\u2212' : parts.sign}
      {parts.whole}
      {kept}
      {zeros !== '' && <span className="amount-zeros">{zeros}</span>}
      {unit && <span className="amount-unit"> {shown}</span>}
    </span>
  );
}

/** The unit's name; a click changes it everywhere. */
export function UnitToggle({ className }: { readonly className?: string }) {
  const settings = useSettings();
  const facade = useFacade();
  const t = useText();
  const next = settings.unit === 'BTC' ? 'sats' : 'BTC';
  return (
    <button
      type="button"
      className={`unit-toggle ${className ?? ''}`}
      data-testid="unit-toggle"
      title={t('amount.showIn', { unit: next })}
      aria-label={t('amount.showIn', { unit: next })}
      onClick={() => void facade.app.setSettings({ unit: next })}
    >
      {settings.unit}
    </button>
  );
}
