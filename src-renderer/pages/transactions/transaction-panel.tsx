import { ChevronsUp, Trash2, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import type { TransactionDetails } from '../../../src-interfaces/facade.js';
import { useActions } from '../../app/actions.js';
import { confirmationsAt } from '../../logic/confirmations.js';
import { useTip } from '../../state/bridge.js';
import { useAction, useFacade, useQuery } from '../../state/facade-context.js';
import { showTransaction, toast } from '../../state/view.js';
import { useText } from '../../text/text.js';
import { Amount } from '../../ui/amount.js';
import { Button, IconButton } from '../../ui/button.js';
import { Callout, Skeleton } from '../../ui/feedback.js';
import { Field, TextInput } from '../../ui/field.js';
import { AddressGroups, CopyButton, Identifier } from '../../ui/identifier.js';
import { Facts } from '../../ui/page.js';
import { parseRate } from '../send/send-form.js';
import { useSend } from '../send/send-store.js';
import { SettlementMark } from '../shared/settlement.js';
import { useTimeWords } from '../shared/time-words.js';
import { useWalletAbsence, useWalletReturn, WalletAwayNotice, WalletFields } from '../shared/wallet-away.js';

function Flow({ details }: { readonly details: TransactionDetails }) {
  const t = useText();
  return (
    <div className="flow">
      <h3>{t('details.inputs', { n: details.inputs.length })}</h3>
      <ul>
        {details.inputs.map((input) => (
          <li key={`${input.txid}:${input.vout}`} className={input.mine ? 'mine' : ''}>
            <span className="grow flow-where">
              {input.address === null ? <Identifier value={`${input.txid}:${input.vout}`} what={t('outpoint')} /> : <Identifier value={input.address} what={t('address')} head={12} tail={8} />}
              {input.mine && <span className="badge">{t('details.mine')}</span>}
            </span>
            {input.amount === null ? <span className="quiet">{t('details.unknown')}</span> : <Amount value={input.amount} />}
          </li>
        ))}
      </ul>
      <h3>{t('details.outputs', { n: details.outputs.length })}</h3>
      <ul>
        {details.outputs.map((output) => (
          <li key={output.index} className={output.mine ? 'mine' : ''}>
            <span className="grow flow-where">
              {output.label !== '' && <span className="ellipsis">{output.label}</span>}
              {output.address === null ? <Identifier value={output.script} what={t('details.script')} /> : <Identifier value={output.address} what={t('address')} head={12} tail={8} />}
              {output.change ? <span className="badge">{t('details.change')}</span> : output.mine && <span className="badge">{t('details.mine')}</span>}
            </span>
            <Amount value={output.amount} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Label of the payment's address, changed in place. */
function LabelEditor({ wallet, address, label }: { readonly wallet: string; readonly address: string; readonly label: string }) {
  const facade = useFacade();
  const t = useText();
  const [text, setText] = useState(label);
  const save = useAction(() => facade.wallet.setLabel({ wallet, address, label: text.trim() }));
  const isAway = useWalletAbsence() !== null;
  useWalletReturn(() => text.trim() !== label && void save.run());
  return (
    <Field label={t('label')} error={save.error?.code === 'disconnected' ? null : save.error?.message} hint={t('details.label.hint')}>
      {(parts) => (
        <TextInput
          parts={parts}
          value={text}
          maxLength={200}
          disabled={isAway}
          data-testid="details-label"
          onChange={(event) => setText(event.target.value)}
          onBlur={() => text.trim() !== label && void save.run()}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        />
      )}
    </Field>
  );
}

function PendingActions({ wallet, details }: { readonly wallet: string; readonly details: TransactionDetails }) {
  const facade = useFacade();
  const actions = useActions();
  const t = useText();
  const [rate, setRate] = useState(() => String(Math.ceil((details.feeRate ?? 1) + 1)));
  const bump = useAction(facade.wallet.prepareBump);
  const abandon = useAction(facade.wallet.abandon);
  const parsed = parseRate(rate);
  const review = async (): Promise<void> => {
    if (parsed === null) return;
    const draft = await bump.run({ wallet, txid: details.row.txid, feeRate: parsed });
    if (draft === undefined) return;
    useSend.setState({ wallet, step: { kind: 'review', draft } });
    actions.go('send');
  };
  const giveUp = async (): Promise<void> => {
    if ((await abandon.run({ wallet, txid: details.row.txid })) !== undefined) toast(t('details.abandoned.toast'));
  };
  const bumpError = bump.error?.code === 'disconnected' ? null : bump.error?.message;
  return (
    <WalletFields>
      <div className="pending-actions">
        {details.canBump && (
          <Field label={t('details.bump')} hint={t('details.bump.hint')} error={bumpError ?? (parsed === null && rate !== '' ? t('send.fault.rate') : null)}>
            {(parts) => (
              <div className="row">
                <TextInput parts={parts} className="tabular grow" inputMode="decimal" value={rate} onChange={(event) => { setRate(event.target.value); bump.clear(); }} data-testid="bump-rate" suffix={<span className="input-unit">sat/vB</span>} />
                <Button icon={ChevronsUp} busy={bump.busy} disabled={parsed === null} onClick={() => void review()} data-testid="bump-review">
                  {t('details.bump.review')}
                </Button>
              </div>
            )}
          </Field>
        )}
        {details.canAbandon && (
          <div className="stack-tight">
            <div>
              <Button small icon={Trash2} busy={abandon.busy} onClick={() => void giveUp()} data-testid="abandon">
                {t('details.abandon')}
              </Button>
            </div>
            <p className="small muted">{abandon.error === null ? t('details.abandon.hint') : <span className="bad">{abandon.error.message}</span>}</p>
          </div>
        )}
      </div>
    </WalletFields>
  );
}

function Body({ wallet, details }: { readonly wallet: string; readonly details: TransactionDetails }) {
  const t = useText();
  const intl = useIntl();
  const times = useTimeWords();
  const tip = useTip();
  const { row } = details;
  const size = (n: number): string => intl.formatNumber(n);
  return (
    <div className="panel-body stack">
      <div>
        <Amount value={row.amount} change unit className="panel-amount" testId="details-amount" />
        <div className="row panel-state">
          <SettlementMark row={row} />
        </div>
      </div>
      {row.address !== '' && (
        <div className="stack-tight">
          <span className="spread small muted">
            {row.kind === 'sent' ? t('details.to') : t('details.address')}
            <CopyButton text={row.address} what={t('address')} />
          </span>
          <AddressGroups address={row.address} />
        </div>
      )}
      {row.address !== '' && <LabelEditor key={`${row.txid}${row.label}`} wallet={wallet} address={row.address} label={row.label} />}
      <Facts
        items={[
          [t('date'), times.full(row.time)],
          ...(details.fee === null
            ? []
            : ([[t('details.fee'), <span key="fee"><Amount value={details.fee} unit />{details.feeRate !== null && <span className="quiet"> · {t('rate', { rate: intl.formatNumber(details.feeRate, { maximumFractionDigits: 2 }) })}</span>}</span>]] as const)),
          [t('details.confirmations'), intl.formatNumber(confirmationsAt(row.height, tip))],
          ...(row.height === null ? [] : ([[t('details.block'), intl.formatNumber(row.height)]] as const)),
          [t('txid'), <Identifier key="txid" value={row.txid} what={t('txid')} head={8} tail={8} />],
          [t('details.size'), t('details.size.value', { vsize: size(details.vsize), size: size(details.size), weight: size(details.weight) })],
          ...(details.replaces === null ? [] : ([[t('details.replaces'), <Identifier key="r" value={details.replaces} what={t('txid')} head={8} tail={8} />]] as const)),
          ...(details.replacedBy === null ? [] : ([[t('details.replacedBy'), <Identifier key="rb" value={details.replacedBy} what={t('txid')} head={8} tail={8} />]] as const)),
        ]}
      />
      {(details.canBump || details.canAbandon) && <PendingActions wallet={wallet} details={details} />}
      <Flow details={details} />
      <details className="raw">
        <summary>{t('details.raw')}</summary>
        <div className="row">
          <CopyButton labelled text={details.hex} what={t('details.raw.what')} />
        </div>
        <p className="mono small raw-hex">{details.hex}</p>
      </details>
    </div>
  );
}

/** Everything about one transaction, beside the list it was chosen from. */
export function TransactionPanel({ wallet, txid }: { readonly wallet: string; readonly txid: string }) {
  const facade = useFacade();
  const t = useText();
  const details = useQuery(
    `tx:${wallet}:${txid}`,
    () => facade.wallet.transaction({ wallet, txid }),
    (event) => event.name === 'wallet.transactions' && event.data.wallet === wallet && event.data.rows.some((row) => row.txid === txid),
  );
  return (
    <Dialog.Root open modal={false} onOpenChange={(open) => !open && showTransaction(null)}>
      <Dialog.Content
        className="panel"
        aria-describedby={undefined}
        data-testid="transaction-panel"
        // The list stays usable: a click there chooses another transaction instead of closing this one.
        onInteractOutside={(event) => event.preventDefault()}
        onOpenAutoFocus={(event) => event.preventDefault()}
      >
        <div className="spread panel-head">
          <Dialog.Title asChild>
            <h2>{details.data === undefined ? t('details.title') : t(`details.kind.${details.data.row.kind}`)}</h2>
          </Dialog.Title>
          <IconButton icon={X} label={t('close')} onClick={() => showTransaction(null)} data-testid="panel-close" />
        </div>
        {details.error !== null && <Callout tone="bad" what={details.error.message} />}
        {details.data === undefined && details.error === null && (
          <div className="panel-body stack">
            <Skeleton width={220} height={30} />
            <Skeleton height={60} />
            <Skeleton height={140} />
          </div>
        )}
        <WalletAwayNotice />
        {details.data !== undefined && <Body wallet={wallet} details={details.data} />}
      </Dialog.Content>
    </Dialog.Root>
  );
}
