/** What the window does while a program or a connection is away, over a fake bridge. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { waitFor } from '../framework/wait.js';
import { findChromium, RendererPages, world } from './renderer-page.js';

const executable = findChromium();
const ADDRESS = 'bcrt1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq';

describe('programs that are away', { skip: executable === undefined ? 'skipped: no Chromium on this machine' : false }, () => {
  let pages: RendererPages;
  before(async () => {
    pages = await RendererPages.start(executable ?? '');
  });
  after(async () => {
    await pages.stop();
  });

  const leave = (page: Page): Promise<void> => world(page, (it) => it.retry('wallet', 'crashed', 1, 60));
  const comeBack = async (page: Page): Promise<void> => {
    await world(page, (it) => it.restart('wallet', 0));
    await page.locator('[data-testid=compartment-wallet][data-state-kind=running]').waitFor();
    await page.getByTestId('wallet-away').waitFor({ state: 'detached' });
  };
  /** Waits until the wallet has a payment request of which this holds. */
  const stored = (page: Page, condition: string): Promise<unknown> =>
    waitFor('the request to be stored', () => page.evaluate<boolean>(`window.fakeWorld.wallets.get('Savings').requests.some((one) => ${condition})`));
  /** That the form says how it stands, and no field says it for it. */
  const saidOnce = async (page: Page): Promise<void> => {
    await page.getByTestId('wallet-away').getByText('The wallet is not there at the moment.').waitFor();
    assert.equal(await page.getByTestId('wallet-away').count(), 1);
    assert.deepEqual(await page.locator('.field-line.bad, [aria-invalid=true]').allInnerTexts(), []);
  };

  test('Receive: the form says it, its fields wait, and what was typed is stored when the wallet is back', async () => {
    await pages.using('page=receive', async (page) => {
      await page.getByTestId('request-amount').fill('0.5');
      await page.getByTestId('request-label').fill('Rent');
      await page.getByTestId('request-message').pressSequentially('For May');
      await leave(page);
      await saidOnce(page);
      // Longer than typing rests before it is stored.
      await page.waitForTimeout(800);
      await saidOnce(page);
      for (const field of ['request-amount', 'request-label', 'request-message', 'new-address', 'new-address-types']) assert.equal(await page.getByTestId(field).isDisabled(), true, field);
      assert.equal(await page.getByTestId('copy-address').isDisabled(), false);
      // Another page and back.
      await page.getByTestId('nav-node').click();
      await page.getByTestId('nav-receive').click();
      await saidOnce(page);
      await comeBack(page);
      assert.equal(await page.getByTestId('request-label').inputValue(), 'Rent');
      assert.equal(await page.getByTestId('request-message').inputValue(), 'For May');
      await stored(page, "one.label === 'Rent' && one.message === 'For May' && one.amount === 50000000n");
    });
  });

  test('the field that was typed into has the focus again', async () => {
    await pages.using('page=receive', async (page) => {
      await page.getByTestId('request-label').fill('Re');
      await leave(page);
      await saidOnce(page);
      await comeBack(page);
      await page.keyboard.type('nt');
      assert.equal(await page.getByTestId('request-label').inputValue(), 'Rent');
    });
  });

  test('a wallet that was away for long shows the same request again', async () => {
    await pages.using('page=receive', async (page) => {
      await page.getByTestId('request-label').fill('Holiday');
      await stored(page, "one.label === 'Holiday'");
      await world(page, (it) => it.crash('wallet'));
      await page.getByTestId('wallet-gone').waitFor();
      await world(page, (it) => it.restart('wallet', 0));
      await page.getByTestId('request-label').waitFor();
      await page.waitForTimeout(300);
      assert.equal(await page.getByTestId('request-label').inputValue(), 'Holiday');
    });
  });

  test('Send: what was typed stays, is understood when the wallet is back, and goes on to the review', async () => {
    await pages.using('page=send', async (page) => {
      await page.getByTestId('recipient-amount-1').fill('0.01');
      await page.getByTestId('recipient-address-1').fill(ADDRESS);
      await leave(page);
      await saidOnce(page);
      await page.waitForTimeout(400);
      await saidOnce(page);
      for (const field of ['recipient-address-1', 'recipient-amount-1', 'recipient-max-1', 'fee-2', 'fee-exact', 'coins-toggle', 'review-payment']) assert.equal(await page.getByTestId(field).isDisabled(), true, field);
      await comeBack(page);
      await page.getByTestId('recipient-1').locator(`[data-address="${ADDRESS}"]`).waitFor();
      assert.equal(await page.getByTestId('recipient-amount-1').inputValue(), '0.01');
      await page.getByTestId('review-payment').click();
      await page.getByTestId('review').waitFor();
      await leave(page);
      await saidOnce(page);
      assert.equal(await page.getByTestId('review-confirm').isDisabled(), true);
      await comeBack(page);
      await page.getByTestId('review-confirm').click();
      await page.getByTestId('sent').waitFor();
    });
  });

  test('a passphrase typed at the review is still there; so is what was typed into a dialog', async () => {
    await pages.using('scenario=locked&page=send', async (page) => {
      await page.getByTestId('recipient-address-1').fill(ADDRESS);
      await page.getByTestId('recipient-1').locator(`[data-address="${ADDRESS}"]`).waitFor();
      await page.getByTestId('recipient-amount-1').fill('0.01');
      await page.getByTestId('review-payment').click();
      await page.getByTestId('review-passphrase').fill('correct horse');
      await leave(page);
      await saidOnce(page);
      assert.equal(await page.getByTestId('review-passphrase').isDisabled(), true);
      await comeBack(page);
      await page.getByTestId('review-confirm').click();
      await page.getByTestId('sent').waitFor();

      await page.getByTestId('nav-overview').click();
      await page.getByTestId('wallet-menu').click();
      await page.getByTestId('menu-create-wallet').click();
      await page.getByTestId('wallet-name').fill('Third');
      await leave(page);
      await saidOnce(page);
      assert.equal(await page.getByTestId('create-wallet-submit').isDisabled(), true);
      await comeBack(page);
      await page.getByTestId('create-wallet-submit').click();
      await page.getByTestId('wallet-menu').getByText('Third', { exact: true }).waitFor();
    });
  });

  test('Transactions: the label of a payment waits, and is stored when the wallet is back', async () => {
    await pages.using('page=transactions', async (page) => {
      await page.getByTestId('history-row').nth(2).click();
      await page.getByTestId('details-label').fill('Shoes');
      await leave(page);
      await saidOnce(page);
      assert.equal(await page.getByTestId('details-label').isDisabled(), true);
      await comeBack(page);
      await page.getByTestId('history-row').filter({ hasText: 'Shoes' }).first().waitFor();
    });
  });

  test('news of the programs take the focus from nobody', async () => {
    await pages.using('page=receive', async (page) => {
      await page.getByTestId('request-label').fill('Re');
      await page.evaluate("window.fakeWorld.setApp({ phase: 'starting' }); window.fakeWorld.setApp({ phase: 'ready', network: 'signet' })");
      await page.getByTestId('network-strip').getByText('Signet').waitFor();
      await page.keyboard.type('nt');
      assert.equal(await page.getByTestId('request-label').inputValue(), 'Rent');
    });
  });

  test('a lost connection says once what happened, and why it could not be made again', async () => {
    await pages.using('page=overview', async (page) => {
      await world(page, (it) => it.retry('node', 'detached', 1, 60));
      const notice = page.getByTestId('lost-node');
      await notice.waitFor();
      assert.equal((await notice.innerText()).split('The connection to the node was lost').length, 2);
      await world(page, (it) => it.retry('node', 'detached', 2, 60));
      await notice.getByText('No node answers').waitFor();
      assert.equal((await notice.innerText()).split('The connection to the node was lost').length, 2);
    });
  });

  test('a node of this window is restarted, one that is attached to is connected to again', async () => {
    await pages.using('page=overview', async (page) => {
      const button = page.getByTestId('compartment-restart-node');
      await page.getByTestId('compartment-node').click();
      assert.equal((await button.innerText()).trim(), 'Restart');
      await page.evaluate("window.fakeWorld.setApp({ attachAddress: 'unix:/home/ada/node.sock' })");
      await button.filter({ hasText: 'Reconnect' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByTestId('compartment-wallet').click();
      await page.getByTestId('compartment-restart-wallet').filter({ hasText: 'Reconnect' }).waitFor();
      await world(page, (it) => it.crash('wallet'));
      await page.getByTestId('compartment-restart-wallet').filter({ hasText: 'Restart' }).waitFor();
    });
    await pages.using('page=overview', async (page) => {
      await world(page, (it) => it.attachCore(true));
      await page.getByTestId('compartment-node').click();
      await page.getByTestId('compartment-restart-node').filter({ hasText: 'Reconnect' }).waitFor();
    });
  });
});
