import { useEffect, useMemo, useState } from 'react';
import { TransactionPages } from '../../logic/transaction-pages.js';
import { useBridge } from '../../state/bridge.js';
import { useBridgeEvent, useFacade } from '../../state/facade-context.js';
import { filterArguments, type HistoryFilter } from './filter.js';

/** The rows of a wallet's history that match a filter, fetched as they come into view. */
export function useHistory(wallet: string, filter: HistoryFilter): TransactionPages {
  const facade = useFacade();
  const epoch = useBridge((state) => state.epoch);
  const [, redraw] = useState(0);
  const key = JSON.stringify(filter);
  const pages = useMemo(() => {
    const wanted = filterArguments(wallet, filter, new Date());
    return new TransactionPages(
      (offset, limit) => facade.wallet.transactions({ ...wanted, offset, limit }),
      () => redraw((n) => n + 1),
    );
    // `key` stands for `filter`, which is a new object on every render; a new epoch starts over.
  }, [facade, wallet, key, epoch]);
  useEffect(() => pages.ensure(0, 40), [pages]);
  useBridgeEvent((event) => {
    if (event.name === 'wallet.transactions' && event.data.wallet === wallet) pages.invalidate();
  });
  return pages;
}
