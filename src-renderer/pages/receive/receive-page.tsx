import { useEffect, useRef, useState } from 'react';
import { ChevronDown, Plus, QrCode, Trash2 } from 'lucide-react';
import type { AddressType, FacadeError, ReceiveRequest, WalletState } from '../../../src-interfaces/facade.js';
import { bip21Uri } from '../../logic/bip21-uri.js';
import { useSettings } from '../../state/bridge.js';
import { useAction, useBridgeEvent, useFacade, useQuery } from '../../state/facade-context.js';
import { toast } from '../../state/view.js';
import { useText } from '../../text/text.js';
import { AmountInput, satoshisOf, typedFrom } from '../../ui/amount-input.js';
import { Amount } from '../../ui/amount.js';
import { Button, IconButton } from '../../ui/button.js';
import { Callout, Empty, Skeleton } from '../../ui/feedback.js';
import { Field, TextInput } from '../../ui/field.js';
import { AddressGroups, CopyButton } from '../../ui/identifier.js';
import { Menu } from '../../ui/overlay.js';
import { Card, PageFrame } from '../../ui/page.js';
import { Qr } from '../../ui/qr.js';
import { shortened } from '../../logic/address-groups.js';
import { useTimeWords } from '../shared/time-words.js';
import { useWalletAbsence, useWalletReturn, WalletAwayNotice, WalletFields } from '../shared/wallet-away.js';
import { WalletGate } from '../shared/wallet-gate.js';
import { dropUnsaved, keepUnsaved, unsavedRequest, type TypedRequest } from './unsaved-requests.js';

const TYPES: readonly AddressType[] = ['bech32', 'bech32m', 'p2sh-segwit', 'legacy'];
/** How long typing rests before the request is stored. The QR code follows at once. */
const REST_MILLISECONDS = 500;

function RequestEditor({ wallet, request }: { readonly wallet: string; readonly request: ReceiveRequest }) {
  const facade = useFacade();
  const t = useText();
  const { unit } = useSettings();
  const [typed, setTyped] = useState<TypedRequest>(() => unsavedRequest(request.id) ?? { label: request.label, message: request.message, amount: typedFrom(request.amount, unit) });
  const [failure, setFailure] = useState<FacadeError | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const store = (): void => {
    const next = unsavedRequest(request.id);
    if (next === undefined) return;
    const amount = satoshisOf(next.amount);
    void facade.wallet
      .updateRequest({ wallet, id: request.id, label: next.label.trim(), message: next.message.trim(), ...(amount === null ? {} : { amount }) })
      .then((answer) => {
        if (answer.ok) dropUnsaved(request.id, next);
        // Without the wallet it waits for its return.
        setFailure(answer.ok || answer.error.code === 'disconnected' ? null : answer.error);
      });
  };
  // Leaving the page keeps what was typed.
  const storeLatest = useRef(store);
  useEffect(() => {
    storeLatest.current = store;
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      storeLatest.current();
    },
    [],
  );
  useEffect(() => storeLatest.current(), []);
  useWalletReturn(store);

  const change = (part: Partial<TypedRequest>): void => {
    const next = { ...typed, ...part };
    setTyped(next);
    keepUnsaved(request.id, next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => storeLatest.current(), REST_MILLISECONDS);
  };
  const failureAt = (field: string): string | null => (failure?.field === field ? failure.message : null);
  const uri = bip21Uri({ address: request.address, amount: satoshisOf(typed.amount), label: typed.label.trim(), message: typed.message.trim() });

  return (
    <div className="receive-editor">
      <div className="receive-code">
        <Qr uri={uri} />
        <p className="small muted receive-state" data-testid="request-received">
          {request.received > 0n ? (
            <span className="good">
              {t('receive.got')} <Amount value={request.received} unit />
            </span>
          ) : (
            t('receive.waiting')
          )}
        </p>
      </div>
      <div className="grow">
        <div className="receive-address">
          <span className="small muted">{t('receive.address')}</span>
          <AddressGroups address={request.address} className="receive-address-value" testId="receive-address" />
          <div className="row">
            <CopyButton labelled text={request.address} what={t('address')} testId="copy-address" />
            <CopyButton labelled text={uri} what={t('receive.link')} />
          </div>
        </div>
        <WalletFields>
          <div className="receive-fields">
            <AmountInput label={t('amount')} optional error={failureAt('amount')} value={typed.amount} onChange={(amount) => change({ amount })} testId="request-amount" />
            <Field label={t('label')} optional hint={t('receive.label.hint')} error={failureAt('label')}>
              {(parts) => <TextInput parts={parts} value={typed.label} maxLength={200} onChange={(event) => change({ label: event.target.value })} data-testid="request-label" />}
            </Field>
            <Field label={t('receive.message')} optional hint={t('receive.message.hint')} error={failureAt('message')} className="wide">
              {(parts) => <TextInput parts={parts} value={typed.message} maxLength={200} onChange={(event) => change({ message: event.target.value })} data-testid="request-message" />}
            </Field>
          </div>
        </WalletFields>
        {failure !== null && !['amount', 'label', 'message'].includes(failure.field ?? '') && <Callout tone="bad" what={failure.message} testId="request-error" />}
      </div>
    </div>
  );
}

function RequestTable(props: { readonly requests: readonly ReceiveRequest[]; readonly shown: string; readonly onShow: (id: string) => void; readonly onRemove: (request: ReceiveRequest) => void }) {
  const t = useText();
  const times = useTimeWords();
  const isAway = useWalletAbsence() !== null;
  return (
    <Card title={t('receive.earlier')} className="requests">
      <table className="request-table">
        <thead>
          <tr>
            <th>{t('date')}</th>
            <th>{t('label')}</th>
            <th className="right">{t('receive.asked')}</th>
            <th className="right">{t('receive.received')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {props.requests.map((request) => (
            <tr key={request.id} aria-current={request.id === props.shown ? 'true' : undefined} data-testid="request">
              <td className="muted">{times.short(request.time)}</td>
              <td>
                <button type="button" className="row-button ellipsis" onClick={() => props.onShow(request.id)}>
                  {request.label === '' ? <span className="mono">{shortened(request.address, 12, 8)}</span> : request.label}
                  {request.label !== '' && request.message !== '' && <span className="quiet"> {request.message}</span>}
                </button>
              </td>
              <td className="right">{request.amount === null ? <span className="quiet">{t('receive.any')}</span> : <Amount value={request.amount} />}</td>
              <td className="right">{request.received === 0n ? <span className="quiet">–</span> : <Amount value={request.received} change />}</td>
              <td>
                <span className="row-actions">
                  <IconButton icon={QrCode} label={t('receive.show')} onClick={() => props.onShow(request.id)} />
                  <IconButton icon={Trash2} label={t('receive.remove')} disabled={isAway} onClick={() => props.onRemove(request)} />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Receiver({ wallet, looksAt }: { readonly wallet: WalletState; /** Id of the request last shown, by wallet. */ readonly looksAt: Map<string, string> }) {
  const facade = useFacade();
  const t = useText();
  const isAway = useWalletAbsence() !== null;
  const [shown, setShown] = useState<string | null>(() => looksAt.get(wallet.name) ?? null);
  const [pushed, setPushed] = useState<readonly ReceiveRequest[] | null>(null);
  const [first, setFirst] = useState<ReceiveRequest | null>(null);
  // Asked for once: what is being filled in stays, also when the wallet was away meanwhile.
  const fresh = useQuery(first === null ? `fresh:${wallet.name}` : null, () => facade.wallet.freshRequest({ wallet: wallet.name }));
  const asked = useQuery(first === null ? null : `requests:${wallet.name}`, () => facade.wallet.requests({ wallet: wallet.name }));
  const create = useAction(facade.wallet.createRequest);
  useBridgeEvent((event) => {
    if (event.name === 'wallet.requests' && event.data.wallet === wallet.name) setPushed(event.data.requests);
  });
  useEffect(() => {
    if (fresh.data !== undefined) setFirst(fresh.data);
  }, [fresh.data]);
  const requests = pushed ?? asked.data ?? (first === null ? [] : [first]);
  const isAllKnown = pushed !== null || asked.data !== undefined;
  const instead = shown !== null && !isAllKnown ? undefined : (requests.find((one) => one.id === first?.id) ?? requests[0]);
  const current = requests.find((one) => one.id === shown) ?? instead;
  useEffect(() => {
    if (current !== undefined) looksAt.set(wallet.name, current.id);
  }, [current, looksAt, wallet.name]);
  const earlier = requests.filter((one) => one.id !== current?.id);

  const make = async (wanted: AddressType): Promise<void> => {
    const made = await create.run({ wallet: wallet.name, type: wanted, label: '', message: '' });
    if (made === undefined) return;
    setShown(made.id);
    if (pushed === null) asked.reload();
  };
  const remove = async (request: ReceiveRequest): Promise<void> => {
    const answer = await facade.wallet.removeRequest({ wallet: wallet.name, id: request.id });
    if (!answer.ok) toast(answer.error.message, 'bad');
    else if (pushed === null) asked.reload();
  };
  const error = create.error ?? fresh.error ?? asked.error;

  return (
    <div className="stack">
      <WalletAwayNotice />
      <Card
        title={t('receive.request')}
        aside={
          <span className="split">
            <Button small icon={Plus} busy={create.busy} disabled={isAway} onClick={() => void make('bech32')} data-testid="new-address">
              {t('receive.new')}
            </Button>
            <Menu
              label={t('receive.type')}
              align="end"
              trigger={<IconButton icon={ChevronDown} label={t('receive.type')} disabled={create.busy || isAway} data-testid="new-address-types" />}
              entries={TYPES.map((value) => ({
                key: value,
                label: t(`addressType.${value}`),
                detail: t(`addressType.${value}.detail`),
                testId: `new-address-${value}`,
                onSelect: () => void make(value),
              }))}
            />
          </span>
        }
      >
        {current === undefined ? (
          <div className="receive-editor">
            <Skeleton width={230} height={230} className="qr-skeleton" />
            <Skeleton height={120} />
          </div>
        ) : (
          <RequestEditor key={current.id} wallet={wallet.name} request={current} />
        )}
      </Card>
      {error !== null && <Callout tone="bad" what={error.message} />}
      {earlier.length > 0 ? (
        <RequestTable requests={earlier} shown={current?.id ?? ''} onShow={setShown} onRemove={(request) => void remove(request)} />
      ) : (
        current !== undefined && (
          <Empty icon={QrCode} title={t('receive.empty')}>
            {t('receive.empty.text')}
          </Empty>
        )
      )}
    </div>
  );
}

export function ReceivePage() {
  const t = useText();
  // A wallet that was away shows again what it showed.
  const [looksAt] = useState(() => new Map<string, string>());
  return (
    <PageFrame title={t('page.receive')} testId="page-receive">
      <WalletGate skeleton={<Skeleton height={320} />}>{(wallet) => <Receiver key={wallet.name} wallet={wallet} looksAt={looksAt} />}</WalletGate>
    </PageFrame>
  );
}
