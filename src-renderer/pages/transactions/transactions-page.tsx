import { getCoreRowModel, useReactTable, type ColumnDef } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Download, List, Search, X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useIntl } from 'react-intl';
import type { TransactionRow, WalletState } from '../../../src-interfaces/facade.js';
import { useActions } from '../../app/actions.js';
import { useSettings } from '../../state/bridge.js';
import { useAction, useFacade } from '../../state/facade-context.js';
import { showTransaction, toast, useView } from '../../state/view.js';
import { useText } from '../../text/text.js';
import { Amount, UnitToggle } from '../../ui/amount.js';
import { Button, IconButton } from '../../ui/button.js';
import { Chip } from '../../ui/choice.js';
import { Callout, Empty, Skeleton } from '../../ui/feedback.js';
import { PageFrame } from '../../ui/page.js';
import { KIND_ICONS, PaymentWhat } from '../shared/payment-words.js';
import { SettlementMark } from '../shared/settlement.js';
import { useTimeWords } from '../shared/time-words.js';
import { WalletGate } from '../shared/wallet-gate.js';
import { CHIPS, filterArguments, withChip, type HistoryFilter } from './filter.js';
import { TransactionPanel } from './transaction-panel.js';
import { useHistory } from './use-history.js';

const ROW = 40;
const HEAD = 36;
/** Rows above and below the visible ones that are ready when scrolling. */
const OVERSCAN = 12;
const WIDTHS = { date: 132, state: 180, amount: 190 } as const;
type SizedColumn = keyof typeof WIDTHS;
const NO_ROWS: TransactionRow[] = [];

/** Column widths, dragged at the head's edges and remembered. The label takes what is left. */
function useColumns(compact: boolean) {
  const settings = useSettings();
  const facade = useFacade();
  const columns = useMemo<ColumnDef<TransactionRow>[]>(
    () => (['date', 'state', 'amount'] as const).map((id) => ({ id, size: settings.columns[`transactions.${id}`] ?? WIDTHS[id], minSize: 90, maxSize: 400 })),
    [settings.columns],
  );
  const table = useReactTable({ data: NO_ROWS, columns, getCoreRowModel: getCoreRowModel(), columnResizeMode: 'onChange' });
  const sizing = table.getState().columnSizing;
  const resizing = table.getState().columnSizingInfo.isResizingColumn;
  const resized = useRef(false);
  useEffect(() => {
    if (resizing !== false) resized.current = true;
    else if (resized.current) {
      resized.current = false;
      const widths = Object.fromEntries(Object.entries(sizing).map(([id, width]) => [`transactions.${id}`, Math.round(width)]));
      void facade.app.setSettings({ columns: { ...settings.columns, ...widths } });
    }
  }, [resizing, sizing, facade, settings.columns]);
  const width = (id: SizedColumn): number => table.getColumn(id)?.getSize() ?? WIDTHS[id];
  const header = (id: SizedColumn) => table.getLeafHeaders().find((one) => one.id === id);
  const template = compact
    ? `${width('date')}px minmax(0, 1fr) 18px 136px`
    : `${width('date')}px minmax(160px, 1fr) ${width('state')}px ${width('amount')}px`;
  return { template, header };
}

function Grip({ header, label }: { readonly header: ReturnType<ReturnType<typeof useColumns>['header']>; readonly label: string }) {
  if (header === undefined) return null;
  return <span className="grip" aria-hidden title={label} onMouseDown={header.getResizeHandler()} onDoubleClick={() => header.column.resetSize()} />;
}

function Row({ row, selected, compact }: { readonly row: TransactionRow | undefined; readonly selected: boolean; readonly compact: boolean }) {
  const t = useText();
  const times = useTimeWords();
  if (row === undefined) {
    return (
      <>
        <span role="gridcell"><Skeleton width={84} /></span>
        <span role="gridcell"><Skeleton width="55%" /></span>
        <span role="gridcell"><Skeleton width={compact ? 16 : 96} /></span>
        <span role="gridcell" className="right"><Skeleton width={120} /></span>
      </>
    );
  }
  const Icon = KIND_ICONS[row.kind];
  return (
    <>
      <span role="gridcell" className="muted ellipsis">{times.short(row.time)}</span>
      <span role="gridcell" className="history-what">
        <Icon size={15} aria-label={t(`kind.${row.kind}`)} className={row.amount > 0n ? 'good' : 'quiet'} />
        <PaymentWhat row={row} />
        {selected && <span className="sr-only">{t('history.selected')}</span>}
      </span>
      <span role="gridcell"><SettlementMark row={row} words={!compact} /></span>
      <span role="gridcell" className="right"><Amount value={row.amount} change /></span>
    </>
  );
}

function History({ wallet }: { readonly wallet: WalletState }) {
  const facade = useFacade();
  const t = useText();
  const intl = useIntl();
  const actions = useActions();
  const [filter, setFilter] = useState<HistoryFilter>({ search: '', chips: [] });
  const [active, setActive] = useState(0);
  const history = useHistory(wallet.name, filter);
  const selected = useView((view) => view.transaction);
  const scroller = useRef<HTMLDivElement>(null);
  const { template, header } = useColumns(selected !== null);
  const exporting = useAction(facade.wallet.exportCsv);
  const total = history.total ?? 0;
  const virtual = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: OVERSCAN, scrollMargin: HEAD, scrollPaddingStart: HEAD });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index;
  const last = items.at(-1)?.index;
  useEffect(() => {
    if (first !== undefined && last !== undefined) history.ensure(first, last);
  }, [history, first, last]);

  const filtered = filter.search !== '' || filter.chips.length > 0;
  const change = (next: HistoryFilter): void => {
    setFilter(next);
    setActive(0);
    scroller.current?.scrollTo({ top: 0 });
  };
  const move = (to: number): void => {
    const index = Math.max(0, Math.min(total - 1, to));
    setActive(index);
    virtual.scrollToIndex(index);
    const row = history.rowAt(index);
    if (selected !== null && row !== undefined) showTransaction(row.txid);
  };
  const onKey = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / ROW) - 1);
    const steps: Readonly<Record<string, number>> = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: total - 1 };
    const to = steps[event.key];
    if (to !== undefined) move(to);
    else if (event.key === 'Enter' || event.key === ' ') {
      const row = history.rowAt(active);
      if (row !== undefined) showTransaction(row.txid);
    } else if (event.key === 'Escape' && selected !== null) showTransaction(null);
    else return;
    event.preventDefault();
  };
  const save = async (): Promise<void> => {
    const saved = await exporting.run(filterArguments(wallet.name, filter, new Date()));
    if (saved !== undefined && saved !== null) toast(t('history.exported', { n: saved.rows, path: saved.path }), 'good');
  };
  useEffect(() => {
    if (exporting.error !== null) toast(exporting.error.message, 'bad');
  }, [exporting.error]);

  if (wallet.transactionCount === 0 && !filtered && total === 0) {
    return (
      <Empty icon={List} title={t('history.empty')} action={<Button variant="primary" onClick={() => actions.go('receive')}>{t('page.receive')}</Button>}>
        {t('history.empty.text')}
      </Empty>
    );
  }
  return (
    <div className={`history${selected === null ? '' : ' with-panel'}`}>
      <div className="history-main">
        <div className="history-tools">
          <div className="input search">
            <Search size={16} aria-hidden className="quiet" />
            <input type="text" value={filter.search} placeholder={t('history.search')} aria-label={t('history.search')} spellCheck={false} data-testid="history-search" onChange={(event) => change({ ...filter, search: event.target.value })} />
            {filter.search !== '' && <IconButton icon={X} size={14} label={t('history.search.clear')} onClick={() => change({ ...filter, search: '' })} />}
          </div>
          <Button icon={Download} busy={exporting.busy} onClick={() => void save()} data-testid="export-csv">
            {t('history.export')}
          </Button>
        </div>
        <div className="spread history-chips">
          <div className="row chips" role="group" aria-label={t('history.filters')}>
            {CHIPS.map((chip) => (
              <Chip key={chip} on={filter.chips.includes(chip)} onChange={(on) => change(withChip(filter, chip, on))} testId={`chip-${chip}`}>
                {t(`chip.${chip}`)}
              </Chip>
            ))}
          </div>
          <span className="small muted tabular" role="status" data-testid="history-count">
            {history.total === null ? '' : t('history.count', { n: intl.formatNumber(total), count: total })}
          </span>
        </div>
        <div className="history-table" role="grid" aria-rowcount={total} aria-label={t('page.transactions')}>
          <div ref={scroller} className="history-scroll" tabIndex={0} role="rowgroup" aria-label={t('page.transactions')} data-testid="history" onKeyDown={onKey}>
            <div className="history-row history-head" role="row" style={{ gridTemplateColumns: template }}>
              <span role="columnheader">{t('date')}<Grip header={header('date')} label={t('history.resize')} /></span>
              <span role="columnheader">{t('history.what')}</span>
              <span role="columnheader">{selected === null && t('history.state')}<Grip header={header('state')} label={t('history.resize')} /></span>
              <span role="columnheader" className="right">{t('amount')} <UnitToggle /></span>
            </div>
            <div className="history-rows" style={{ height: virtual.getTotalSize() }}>
              {items.map((item) => {
                const row = history.rowAt(item.index);
                const isSelected = row !== undefined && row.txid === selected;
                return (
                  <div
                    key={item.key}
                    role="row"
                    aria-rowindex={item.index + 1}
                    aria-selected={isSelected}
                    className={`history-row${item.index === active ? ' active' : ''}`}
                    style={{ gridTemplateColumns: template, transform: `translateY(${item.start - HEAD}px)` }}
                    data-testid="history-row"
                    data-txid={row?.txid}
                    onClick={() => {
                      setActive(item.index);
                      if (row !== undefined) showTransaction(isSelected ? null : row.txid);
                    }}
                  >
                    <Row row={row} selected={isSelected} compact={selected !== null} />
                  </div>
                );
              })}
            </div>
            {history.total === null && history.error === null && Array.from({ length: 10 }, (_, index) => (
              <div key={index} className="history-row placeholder" style={{ gridTemplateColumns: template }}>
                <Row row={undefined} selected={false} compact={selected !== null} />
              </div>
            ))}
            {history.error !== null && <Callout tone="bad" what={history.error.message} />}
            {history.total === 0 && (
              <Empty icon={Search} title={t('history.none')} action={<Button onClick={() => change({ search: '', chips: [] })}>{t('history.none.clear')}</Button>}>
                {t('history.none.text')}
              </Empty>
            )}
          </div>
        </div>
      </div>
      {selected !== null && <TransactionPanel key={selected} wallet={wallet.name} txid={selected} />}
    </div>
  );
}

export function TransactionsPage() {
  const t = useText();
  return (
    <PageFrame title={t('page.transactions')} testId="page-transactions" fill>
      <WalletGate skeleton={<Skeleton height={320} />}>{(wallet) => <History key={wallet.name} wallet={wallet} />}</WalletGate>
    </PageFrame>
  );
}
