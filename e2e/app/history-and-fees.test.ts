/** Requests, payments and their history, fees and coins, and the console, as a person uses them. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AppRun, withoutWindow } from '../framework/app-run.js';
import { waitFor } from '../framework/wait.js';

const coin = 100_000_000n;
const shopAddress = 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080';
const otherAddress = 'bcrt1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qzf4jry';

describe('history, fees and the console', { skip: withoutWindow }, () => {
  const run = new AppRun();

  /** Prepares a payment on the Send page and opens its review. */
  async function review(payments: readonly { to: string; amount: string; label?: string }[]): Promise<void> {
    const { page } = run.window;
    await run.window.go('send');
    for (const [index, { to, amount, label }] of payments.entries()) {
      const n = index + 1;
      if (index > 0) await page.getByTestId('add-recipient').click();
      await page.getByTestId(`recipient-address-${n}`).fill(to);
      await page.getByTestId(`recipient-amount-${n}`).fill(amount);
      if (label !== undefined) await page.getByTestId(`recipient-label-${n}`).fill(label);
    }
    await toReview();
  }

  async function toReview(): Promise<void> {
    await run.window.page.getByTestId('review-payment').click();
    await run.window.page.getByTestId('review').waitFor();
  }

  /** Confirms the review; resolves with the payment's id. */
  async function send(): Promise<string> {
    const { page } = run.window;
    await page.getByTestId('review-confirm').click();
    await page.locator('[data-testid=sent][data-confirmations="0"]').waitFor();
    await page.getByTestId('sent-details').click();
    await page.getByTestId('transaction-panel').waitFor();
    const txid = await page.locator('[data-testid=history-row][aria-selected=true]').getAttribute('data-txid');
    assert.match(txid ?? '', /^[0-9a-f]{64}$/);
    return txid ?? '';
  }

  before(async () => {
    await run.configure();
    const window = await run.open();
    await window.page.getByTestId('no-wallet').waitFor({ timeout: 60_000 });
    await window.createWallet('Shop');
    await window.page.getByTestId('mine-more').click();
    await window.page.getByTestId('mine-101').click();
    await window.waitForAmount('balance', 50n * coin);
    await window.page.getByTestId('mine-block').click();
    await window.waitForAmount('balance', 100n * coin);
  });

  after(() => run.end());

  test('a request shows what was paid to it', async () => {
    const { window } = run;
    const { page } = window;
    await window.go('receive');
    await page.getByTestId('request-amount').fill('0.25');
    await page.getByTestId('request-label').fill('Invoice 17');
    await page.locator('[data-testid=qr][data-uri*="label=Invoice%2017"]').waitFor();
    const address = (await page.getByTestId('receive-address').getAttribute('data-address')) ?? '';
    await review([{ to: address, amount: '0.25' }]);
    await send();
    await window.go('receive');
    const row = page.getByTestId('request').filter({ hasText: 'Invoice 17' });
    const received = row.locator('[data-satoshis="25000000"]').nth(1);
    const shown = page.getByTestId('request-received').locator('[data-satoshis="25000000"]');
    await received.or(shown).first().waitFor();
    await window.pictures('40-request-paid');
  });

  test('a link fills in the whole payment, given to the running window', async () => {
    const { window } = run;
    const { page } = window;
    const status = await run.again(['-regtest', `-datadir=${run.datadir}`, `bitcoin:${shopAddress}?amount=1.5&label=Corner%20shop`]);
    assert.equal(status, 0);
    await page.getByTestId('page-send').waitFor();
    await waitFor('the address', async () => (await page.getByTestId('recipient-address-1').inputValue()) === shopAddress);
    assert.equal(await page.getByTestId('recipient-label-1').inputValue(), 'Corner shop');
    assert.equal((await page.getByTestId('recipient-amount-1').inputValue()).replaceAll(/[^\d.]/g, ''), '1.50000000'.replace(/0+$/, ''));
    await window.pictures('41-link');
  });

  let first = '';
  let firstFee = 0n;

  test('the fee of an unconfirmed payment is raised: the review shows the old one', async () => {
    const { window } = run;
    const { page } = window;
    await toReview();
    firstFee = await window.amount('review-fee');
    first = await send();
    await page.getByTestId('bump-rate').fill('25');
    await window.pictures('42-raise-fee');
    await page.getByTestId('bump-review').click();
    await page.getByTestId('review').waitFor();
    assert.equal(await window.amount('review-replaced-fee'), firstFee);
    assert.ok((await window.amount('review-fee')) > firstFee);
    assert.equal(await page.getByText('You have paid to').count(), 0, 'that it pays the same again is what a replacement is');
    await window.pictures('43-review-raised');
    const second = await send();
    assert.notEqual(second, first);
    await window.go('transactions');
    await page.locator(`[data-testid=history-row][data-txid="${first}"] [data-settlement=conflicted]`).waitFor();
    await page.locator(`[data-testid=history-row][data-txid="${first}"]`).click();
    await page.getByTestId('transaction-panel').getByText('Replaced by').first().waitFor();
    await window.pictures('44-replaced');
    await page.getByTestId('panel-close').click();
  });

  test('a rate that is too low is refused beside its field, with what to do', async () => {
    const { window } = run;
    const { page } = window;
    await page.locator('[data-testid=history-row] [data-settlement=pending]').first().click();
    await page.getByTestId('bump-rate').fill('1');
    await page.getByTestId('bump-review').click();
    await page.getByTestId('transaction-panel').locator('.field-line.bad, [role=alert]').first().waitFor();
    await window.pictures('45-rate-too-low');
    await page.getByTestId('panel-close').click();
  });

  test('several recipients, one of whom pays the fee', async () => {
    const { window } = run;
    const { page } = window;
    await window.go('send');
    const fresh = page.getByTestId('sent-new');
    if (await fresh.isVisible()) await fresh.click();
    await page.getByTestId('recipient-address-1').fill(shopAddress);
    await page.getByTestId('recipient-amount-1').fill('2');
    await page.getByTestId('recipient-subtract-1').click();
    await page.getByTestId('add-recipient').click();
    await page.getByTestId('recipient-address-2').fill(otherAddress);
    await page.getByTestId('recipient-amount-2').fill('3');
    await page.getByTestId('recipient-label-2').fill('Wood');
    await window.pictures('46-two-recipients');
    await toReview();
    const fee = await window.amount('review-fee');
    assert.equal(await window.amount('review-total'), 5n * coin);
    await page.getByTestId('review').locator(`[data-testid=review-output] [data-satoshis="${2n * coin - fee}"]`).waitFor();
    await page.getByTestId('review').locator(`[data-testid=review-output] [data-satoshis="${3n * coin}"]`).waitFor();
    await window.pictures('47-review-two');
    await send();
    await page.getByTestId('mine-block').click();
    await page.locator('[data-testid=history-row] [data-settlement=confirming]').first().waitFor();
  });

  test('a locked coin is left alone, also when everything is sent', async () => {
    const { window } = run;
    const { page } = window;
    await window.go('send');
    const fresh = page.getByTestId('sent-new');
    if (await fresh.isVisible()) await fresh.click();
    await page.getByTestId('coins-toggle').click();
    const coins = page.getByTestId('coin');
    await coins.first().waitFor();
    const kept = BigInt((await coins.first().locator('[data-satoshis]').getAttribute('data-satoshis')) ?? '0');
    const spendable = await window.amount('spendable');
    await coins.first().getByRole('button').last().click();
    await window.waitForAmount('spendable', spendable - kept);
    await window.pictures('48-coin-kept');
    await page.getByTestId('recipient-address-1').fill(shopAddress);
    await page.getByTestId('recipient-max-1').click();
    await toReview();
    assert.equal(await window.amount('review-total'), spendable - kept);
    await window.pictures('49-review-everything');
    await page.getByTestId('review-back').click();
    await page.getByTestId('coins-toggle').waitFor();
    if (!(await coins.first().isVisible())) await page.getByTestId('coins-toggle').click();
    await coins.first().getByRole('button').last().click();
    await window.waitForAmount('spendable', spendable);
  });

  test('chosen coins are the ones spent', async () => {
    const { window } = run;
    const { page } = window;
    await page.getByTestId('send-clear').click();
    await page.getByTestId('recipient-address-1').fill(shopAddress);
    await page.getByTestId('recipient-amount-1').fill('0.1');
    const smallest = page.getByTestId('coin').last();
    const amount = (await smallest.locator('[data-satoshis]').getAttribute('data-satoshis')) ?? '';
    await smallest.getByRole('checkbox').click();
    await toReview();
    await page.locator('.review-inputs summary').click();
    assert.equal(await page.locator('.review-inputs [data-satoshis]').getAttribute('data-satoshis'), amount);
    await page.getByTestId('review-back').click();
    await page.getByTestId('send-clear').click();
  });

  test('more than there is, is said beside the amount', async () => {
    const { window } = run;
    const { page } = window;
    await page.getByTestId('recipient-address-1').fill(shopAddress);
    await page.getByTestId('recipient-amount-1').fill('5000');
    await page.getByTestId('review-payment').click();
    const error = page.getByTestId('recipient-1').locator('.bad').first();
    await error.waitFor();
    await window.pictures('50-too-much');
    assert.match(await error.innerText(), /^Your spendable coins do not cover/);
    await page.getByTestId('send-clear').click();
  });

  test('search and filters', async () => {
    const { window } = run;
    const { page } = window;
    await window.go('transactions');
    const total = page.getByTestId('history-count');
    await page.getByTestId('history-search').fill('wood');
    await waitFor('one hit', async () => (await total.innerText()) === '1 transaction');
    await page.getByTestId('history-search').fill('no such thing');
    await page.getByText('Nothing matches').waitFor();
    await window.pictures('51-nothing-matches');
    await page.getByTestId('history-search').fill(first.slice(0, 12));
    await waitFor('the replaced payment', async () => (await total.innerText()) === '1 transaction');
    await page.getByTestId('history-search').fill('');
    await waitFor('all', async () => Number.parseInt(await total.innerText(), 10) > 100);
    await page.getByTestId('chip-sent').click();
    await page.getByTestId('chip-mined').click();
    await waitFor('many', async () => Number.parseInt(await total.innerText(), 10) > 100);
    await page.getByTestId('chip-mined').click();
    await waitFor('the sent ones', async () => Number.parseInt(await total.innerText(), 10) < 10);
    await page.getByTestId('chip-sent').click();
  });

  test('a label is changed in the details', async () => {
    const { window } = run;
    const { page } = window;
    // Open since it was sent.
    if (await page.getByTestId('transaction-panel').isVisible()) await page.getByTestId('panel-close').click();
    await page.getByTestId('history-search').fill('wood');
    await waitFor('one hit', async () => (await page.getByTestId('history-count').innerText()) === '1 transaction');
    await page.getByTestId('history-row').first().click();
    await page.getByTestId('details-label').fill('Timber');
    await page.getByTestId('details-label').press('Enter');
    await page.getByTestId('history-search').fill('timber');
    await page.getByTestId('history-row').filter({ hasText: 'Timber' }).first().waitFor();
    await window.pictures('52-label');
    await page.getByTestId('panel-close').click();
    await page.getByTestId('history-search').fill('');
  });

  test('a payment that the node no longer holds is given up', async () => {
    const { window } = run;
    const { page } = window;
    await review([{ to: shopAddress, amount: '1', label: 'Given up' }]);
    const txid = await send();
    assert.ok(!(await page.getByTestId('abandon').isVisible()), 'not while the node holds it');
    // Without its last blocks the chain has no mature coin, and the payment falls out of the mempool.
    await window.go('node');
    await page.getByTestId('node-tab-console').click();
    await run.window.command('invalidateblock(getblockhash(60))');
    await page.getByTestId('page-node').waitFor();
    await window.go('transactions');
    await page.getByTestId('abandon').waitFor();
    await window.pictures('57-give-up');
    await page.getByTestId('abandon').click();
    await page.locator(`[data-testid=history-row][data-txid="${txid}"] [data-settlement=abandoned]`).waitFor();
    await page.getByTestId('panel-close').click();
  });

  test('amounts are hidden everywhere, and shown again', async () => {
    const { window } = run;
    const { page } = window;
    await window.go('overview');
    await page.keyboard.press('Control+Shift+M');
    await page.locator('[data-testid=balance].hidden-amount').waitFor();
    for (const name of ['overview', 'transactions', 'send', 'receive']) {
      await window.go(name);
      assert.equal(await page.locator('[data-satoshis]').count(), 0, `no amount on ${name}`);
      await window.pictures(`53-hidden-${name}`);
    }
    await window.go('overview');
    await page.keyboard.press('Control+Shift+M');
    await page.locator('[data-testid=balance][data-satoshis]').waitFor();
  });

  test('BTC or sats by one click', async () => {
    const { window } = run;
    const { page } = window;
    await page.getByTestId('unit-toggle').first().click();
    await page.getByTestId('unit-toggle').filter({ hasText: 'sats' }).first().waitFor();
    await window.pictures('54-sats');
    await page.keyboard.press('Control+B');
    await page.getByTestId('unit-toggle').filter({ hasText: 'BTC' }).first().waitFor();
  });

  test('the console completes, nests, remembers, and keeps no secrets', async () => {
    const { window } = run;
    const { page } = window;
    await window.go('node');
    await page.getByTestId('node-tab-console').click();
    const input = page.getByTestId('console-input');
    await input.fill('getblockch');
    await page.getByRole('option', { name: 'getblockchaininfo' }).waitFor();
    await window.pictures('55-completion');
    await input.press('Tab');
    assert.equal((await input.inputValue()).trim(), 'getblockchaininfo');
    assert.match(await run.window.command('getblockchaininfo'), /"chain":\s*"regtest"/);
    assert.match(await run.window.command('getblock(getblockhash(1))[height]'), /1/);
    assert.match(await run.window.command('getblockhash 100000'), /Block height out of range/);
    assert.match(await run.window.command('nosuchcommand'), /Method not found/);
    await window.pictures('56-console');
    await run.window.command('walletpassphrase "a secret" 60');
    assert.ok(!(await page.getByTestId('console').innerText()).includes('a secret'));
    await input.press('ArrowUp');
    assert.equal(await input.inputValue(), 'nosuchcommand');
  });

  test('after all this the page has written no error', () => {
    assert.deepEqual(run.window.faults, []);
  });
});
