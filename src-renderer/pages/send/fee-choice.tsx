import { RadioGroup } from 'radix-ui';
import { useIntl } from 'react-intl';
import { useFacade, useQuery } from '../../state/facade-context.js';
import { useText } from '../../text/text.js';
import { LinkButton } from '../../ui/button.js';
import { Skeleton } from '../../ui/feedback.js';
import { Field, TextInput } from '../../ui/field.js';
import { SPEEDS, type SendForm } from './send-form.js';
import { changeForm } from './send-store.js';

const MINUTES_PER_BLOCK = 10;

export function FeeChoice({ wallet, fee, error }: { readonly wallet: string; readonly fee: SendForm['fee']; readonly error: string | null }) {
  const facade = useFacade();
  const t = useText();
  const intl = useIntl();
  // Estimates change when a block comes, not before.
  const estimates = useQuery(`fees:${wallet}`, () => facade.wallet.feeEstimates({ wallet, targets: [...SPEEDS] }), (event) => event.name === 'node.block');
  const byTarget = new Map(estimates.data?.map((one) => [one.blocks, one]));
  const note = (['none', 'fallback'] as const).find((source) => estimates.data?.some((one) => one.source === source));
  const rateText = (rate: number): string => intl.formatNumber(rate, { maximumFractionDigits: rate < 10 ? 2 : 0 });

  return (
    <div className="fee-choice" data-testid="fee-choice">
      <div className="spread field-head">
        <span className="fee-title">{t('send.fee')}</span>
        {fee.kind === 'speed' ? (
          <LinkButton className="small" data-testid="fee-exact" onClick={() => changeForm({ fee: { kind: 'exact', rate: String(byTarget.get(fee.target)?.rate || '') } })}>
            {t('send.fee.exact')}
          </LinkButton>
        ) : (
          <LinkButton className="small" data-testid="fee-speeds" onClick={() => changeForm({ fee: { kind: 'speed', target: 6 } })}>
            {t('send.fee.speeds')}
          </LinkButton>
        )}
      </div>
      {fee.kind === 'speed' ? (
        <>
          <RadioGroup.Root className="fee-speeds" aria-label={t('send.fee')} value={String(fee.target)} onValueChange={(value) => changeForm({ fee: { kind: 'speed', target: Number(value) } })}>
            {SPEEDS.map((target) => {
              const estimate = byTarget.get(target);
              return (
                <RadioGroup.Item key={target} value={String(target)} className="fee-speed" data-testid={`fee-${target}`}>
                  <span className="spread">
                    <span className="fee-name">{t(`send.fee.${target}`)}</span>
                    <span className="radio-dot" aria-hidden />
                  </span>
                  <span className="muted small">{t('send.fee.minutes', { minutes: target * MINUTES_PER_BLOCK })}</span>
                  <span className="small tabular fee-rate">
                    {estimate === undefined && estimates.error === null ? <Skeleton width={64} /> : estimate === undefined || estimate.source === 'none' ? '–' : t('rate', { rate: rateText(estimate.rate) })}
                  </span>
                </RadioGroup.Item>
              );
            })}
          </RadioGroup.Root>
          <div className="field-line">{estimates.error !== null ? <span className="bad">{estimates.error.message}</span> : note === undefined ? '' : t(`send.fee.${note}`)}</div>
        </>
      ) : (
        <Field label={t('send.fee.rate')} error={error} hint={t('send.fee.rate.hint')} className="fee-exact">
          {(parts) => (
            <TextInput
              parts={parts}
              inputMode="decimal"
              className="tabular"
              value={fee.rate}
              data-testid="fee-rate"
              autoFocus
              onChange={(event) => changeForm({ fee: { kind: 'exact', rate: event.target.value } })}
              suffix={<span className="input-unit">sat/vB</span>}
            />
          )}
        </Field>
      )}
    </div>
  );
}
