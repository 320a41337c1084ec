import { ArrowDownLeft, ArrowUpRight, Lock } from 'lucide-react';
import type { WalletState } from '../../../src-interfaces/facade.js';
import { useActions } from '../../app/actions.js';
import { isThere } from '../../app/compartment-words.js';
import { bip21Uri } from '../../logic/bip21-uri.js';
import { useCompartment, useNetwork, useNode } from '../../state/bridge.js';
import { useFacade, useQuery } from '../../state/facade-context.js';
import { showTransaction } from '../../state/view.js';
import { useText } from '../../text/text.js';
import { Amount, UnitToggle } from '../../ui/amount.js';
import { Button, LinkButton } from '../../ui/button.js';
import { Callout, ProgressBar, Skeleton } from '../../ui/feedback.js';
import { AddressGroups, CopyButton } from '../../ui/identifier.js';
import { Card, PageFrame } from '../../ui/page.js';
import { Qr } from '../../ui/qr.js';
import { PaymentWhat, KIND_ICONS } from '../shared/payment-words.js';
import { SettlementMark } from '../shared/settlement.js';
import { useTimeWords } from '../shared/time-words.js';
import { isGone, WalletGate } from '../shared/wallet-gate.js';
import { BlockClock } from './block-clock.js';
import { connectionWords, syncWords } from './sync-words.js';

const LATEST = 7;

function BalanceCard({ wallet }: { readonly wallet: WalletState }) {
  const t = useText();
  const actions = useActions();
  const sync = useNode()?.sync;
  const behind = sync !== undefined && (sync.phase === 'blocks' || sync.phase === 'headers');
  const { spendable, kept, pending, immature } = wallet.balances;
  return (
    <Card className="balance-card">
      <div className="small muted">{t('balance.spendable')}</div>
      <div className="balance">
        <Amount value={spendable} className="balance-amount" testId="balance" />
        <UnitToggle className="balance-unit" />
      </div>
      <div className="balance-more">
        {pending !== 0n && (
          <span>
            <span className="muted">{t('balance.pending')}</span> <Amount value={pending} unit testId="balance-pending" />
          </span>
        )}
        {kept !== 0n && (
          <span title={t('balance.kept.hint')}>
            <span className="muted">{t('balance.kept')}</span> <Amount value={kept} unit testId="balance-kept" />
          </span>
        )}
        {immature !== 0n && (
          <span title={t('balance.immature.hint')}>
            <span className="muted">{t('balance.immature')}</span> <Amount value={immature} unit testId="balance-immature" />
          </span>
        )}
      </div>
      <div className="row">
        <Button variant={spendable === 0n ? 'secondary' : 'primary'} icon={ArrowUpRight} disabled={spendable === 0n} onClick={() => actions.go('send')}>
          {t('page.send')}
        </Button>
        <Button variant={spendable === 0n ? 'primary' : 'secondary'} icon={ArrowDownLeft} onClick={() => actions.go('receive')}>
          {t('page.receive')}
        </Button>
        {wallet.locked && (
          <span className="row small quiet">
            <Lock size={14} aria-hidden /> {t('wallet.lockedNote')}
          </span>
        )}
      </div>
      {behind && <p className="small warn">{t('balance.asOf', { height: sync.height })}</p>}
      {wallet.scanProgress !== null && (
        <div className="scan stack-tight">
          <span className="small muted">{t('wallet.scanning', { percent: Math.floor(wallet.scanProgress * 100) })}</span>
          <ProgressBar fraction={wallet.scanProgress} label={t('wallet.scanning', { percent: Math.floor(wallet.scanProgress * 100) })} />
        </div>
      )}
    </Card>
  );
}

function LatestPayments({ wallet }: { readonly wallet: WalletState }) {
  const facade = useFacade();
  const t = useText();
  const times = useTimeWords();
  const actions = useActions();
  const latest = useQuery(
    `latest:${wallet.name}`,
    () => facade.wallet.transactions({ wallet: wallet.name, search: '', kinds: [], statuses: [], offset: 0, limit: LATEST }),
    (event) => event.name === 'wallet.transactions' && event.data.wallet === wallet.name,
  );
  return (
    <Card
      title={t('overview.latest')}
      aside={<LinkButton onClick={() => actions.go('transactions')}>{t('overview.all', { n: wallet.transactionCount })}</LinkButton>}
      className="latest"
    >
      <ul className="payment-list">
        {latest.data === undefined &&
          Array.from({ length: Math.min(LATEST, wallet.transactionCount) }, (_, index) => (
            <li key={index} className="payment">
              <Skeleton height={20} />
            </li>
          ))}
        {latest.data?.rows.map((row) => {
          const Icon = KIND_ICONS[row.kind];
          return (
            <li key={row.txid}>
              <button type="button" className="payment" data-testid="latest-payment" onClick={() => showTransaction(row.txid)}>
                <Icon size={16} aria-label={t(`kind.${row.kind}`)} className={row.amount > 0n ? 'good' : 'quiet'} />
                <span className="payment-what">
                  <PaymentWhat row={row} />
                </span>
                <span className="payment-time quiet small">{times.short(row.time)}</span>
                <SettlementMark row={row} words={false} />
                <Amount value={row.amount} change className="payment-amount" />
              </button>
            </li>
          );
        })}
      </ul>
      {latest.error !== null && <Callout tone="bad" what={latest.error.message} />}
    </Card>
  );
}

/** A new wallet: where its first coins come in, right here. */
function FirstAddress({ wallet }: { readonly wallet: WalletState }) {
  const facade = useFacade();
  const t = useText();
  const network = useNetwork();
  const request = useQuery(`fresh:${wallet.name}`, () => facade.wallet.freshRequest({ wallet: wallet.name }));
  return (
    <Card className="first-address" testId="first-address">
      {request.data === undefined ? (
        <Skeleton width={186} height={186} className="qr-skeleton" />
      ) : (
        <Qr uri={bip21Uri(request.data)} size={152} />
      )}
      <div className="stack grow">
        <div>
          <h2>{t('overview.first')}</h2>
          <p className="muted">{network === 'regtest' ? t('overview.first.practice') : t('overview.first.text')}</p>
        </div>
        {request.data === undefined ? <Skeleton height={40} /> : <AddressGroups address={request.data.address} testId="first-address-value" />}
        {request.data !== undefined && (
          <div>
            <CopyButton labelled text={request.data.address} what={t('address')} />
          </div>
        )}
        {request.error !== null && <Callout tone="bad" what={request.error.message} />}
      </div>
    </Card>
  );
}

function ChainCard() {
  const node = useNode();
  const network = useNetwork();
  const compartment = useCompartment('node');
  const gone = isGone(compartment);
  const isAway = compartment !== undefined && !isThere(compartment);
  const t = useText();
  return (
    <Card className="chain-card" title={t('overview.chain')}>
      <BlockClock node={node} />
      <p className="muted chain-words" data-testid="sync-words">
        {node === null ? t(gone ? 'sync.gone' : 'sync.unknown') : isAway ? t('sync.away') : [syncWords(node.sync, t), ...(node.offers.commands ? [connectionWords(node.network, network === 'regtest', t)] : [])].join(' ')}
      </p>
      {node?.warnings.map((warning) => (
        <Callout key={warning} tone="warning" what={warning} />
      ))}
    </Card>
  );
}

export function OverviewPage() {
  const t = useText();
  return (
    <PageFrame title={t('page.overview')} testId="page-overview">
      <div className="overview">
        <div className="overview-main">
          <WalletGate
            skeleton={
              <Card className="balance-card">
                <Skeleton width={90} />
                <Skeleton width={320} height={44} />
                <Skeleton width={200} height={36} />
              </Card>
            }
          >
            {(wallet) => (
              <>
                <BalanceCard wallet={wallet} />
                {wallet.transactionCount === 0 ? <FirstAddress wallet={wallet} /> : <LatestPayments wallet={wallet} />}
              </>
            )}
          </WalletGate>
        </div>
        <ChainCard />
      </div>
    </PageFrame>
  );
}
