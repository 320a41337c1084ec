import { ChevronRight, Lock, LockOpen } from 'lucide-react';
import { Collapsible } from 'radix-ui';
import { useState } from 'react';
import type { Coin } from '../../../src-interfaces/facade.js';
import { shortened } from '../../logic/address-groups.js';
import { confirmationsAt } from '../../logic/confirmations.js';
import { useTip } from '../../state/bridge.js';
import { useFacade, useQuery } from '../../state/facade-context.js';
import { toast } from '../../state/view.js';
import { useText } from '../../text/text.js';
import { Amount, UnitToggle } from '../../ui/amount.js';
import { IconButton } from '../../ui/button.js';
import { Checkbox } from '../../ui/choice.js';
import { Callout, Skeleton } from '../../ui/feedback.js';
import type { ChosenCoin } from './send-form.js';
import { changeForm } from './send-store.js';

const keyOf = (coin: ChosenCoin): string => `${coin.txid}:${coin.vout}`;
const chosenOf = ({ txid, vout, amount }: Coin): ChosenCoin => ({ txid, vout, amount });

/** The coins of the wallet, to spend exactly these. Folded away until asked for. */
export function CoinChoice({ wallet, chosen, error }: { readonly wallet: string; readonly chosen: readonly ChosenCoin[] | null; readonly error: string | null }) {
  const facade = useFacade();
  const t = useText();
  const tip = useTip();
  const [open, setOpen] = useState(chosen !== null);
  const coins = useQuery(
    open ? `coins:${wallet}` : null,
    () => facade.wallet.coins({ wallet }),
    (event) => event.name === 'wallet.coins' && event.data.wallet === wallet,
  );
  const list = [...(coins.data ?? [])].sort((a, b) => (a.amount < b.amount ? 1 : a.amount > b.amount ? -1 : 0));
  const isChosen = (coin: Coin): boolean => chosen?.some((one) => keyOf(one) === keyOf(coin)) === true;
  const selected = list.filter(isChosen);
  const sum = selected.reduce((total, coin) => total + coin.amount, 0n);
  const free = list.filter((coin) => !coin.locked);

  const set = (next: readonly ChosenCoin[]): void => changeForm({ coins: next.length === 0 ? null : next });
  const toggle = (coin: Coin, on: boolean): void => {
    const others = (chosen ?? []).filter((one) => keyOf(one) !== keyOf(coin));
    set(on ? [...others, chosenOf(coin)] : others);
  };
  const setLocked = async (coin: Coin, locked: boolean): Promise<void> => {
    const answer = await facade.wallet.lockCoin({ wallet, txid: coin.txid, vout: coin.vout, locked });
    if (!answer.ok) toast(answer.error.message, 'bad');
    else if (locked) toggle(coin, false);
  };

  return (
    <Collapsible.Root open={open} onOpenChange={setOpen} className="coins">
      <div className="spread">
        <Collapsible.Trigger asChild>
          <button type="button" className="fold" data-testid="coins-toggle">
            <ChevronRight size={16} aria-hidden className="fold-arrow" />
            {t('coins.title')}
          </button>
        </Collapsible.Trigger>
        <span className="small muted" data-testid="coins-summary">
          {chosen === null ? (
            t('coins.automatic')
          ) : (
            <>
              {t('coins.chosen', { n: selected.length })} · <Amount value={sum} unit />
            </>
          )}
        </span>
      </div>
      {error !== null && <p className="field-line bad" role="alert">{error}</p>}
      <Collapsible.Content className="coins-content">
        {coins.error !== null && <Callout tone="bad" what={coins.error.message} />}
        {coins.data === undefined && coins.error === null && <Skeleton height={72} />}
        {coins.data !== undefined && list.length === 0 && <p className="muted small coins-none">{t('coins.none')}</p>}
        {list.length > 0 && (
          <table className="coin-table">
            <thead>
              <tr>
                <th>
                  <Checkbox
                    hideLabel
                    label={t('coins.all')}
                    checked={selected.length === 0 ? false : selected.length === free.length ? true : 'indeterminate'}
                    onChange={(on) => set(on ? free.map(chosenOf) : [])}
                  />
                </th>
                <th>{t('coins.what')}</th>
                <th className="right">{t('coins.depth')}</th>
                <th className="right">
                  {t('amount')} <UnitToggle />
                </th>
                <th />
              </tr>
            </thead>
            <tbody>
              {list.map((coin) => (
                <tr key={keyOf(coin)} className={coin.locked ? 'locked' : ''} data-testid="coin">
                  <td>
                    {coin.locked ? null : <Checkbox hideLabel label={t('coins.select', { address: coin.address })} checked={isChosen(coin)} onChange={(on) => toggle(coin, on)} />}
                  </td>
                  <td className="ellipsis">
                    {coin.label === '' ? (coin.change ? t('coins.change') : '') : coin.label}
                    {(coin.label !== '' || coin.change) && ' '}
                    <span className="mono quiet">{shortened(coin.address, 10, 6)}</span>
                  </td>
                  <td className="right tabular muted">{confirmationsAt(coin.height, tip)}</td>
                  <td className="right">
                    <Amount value={coin.amount} />
                  </td>
                  <td>
                    <IconButton
                      icon={coin.locked ? Lock : LockOpen}
                      size={14}
                      label={coin.locked ? t('coins.unlock') : t('coins.lock')}
                      aria-pressed={coin.locked}
                      onClick={() => void setLocked(coin, !coin.locked)}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Collapsible.Content>
    </Collapsible.Root>
  );
}
