import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { findChromium, RendererPages, world } from './renderer-page.js';

const executable = findChromium();
const ADDRESS = 'bcrt1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq';
const PAGES = ['overview', 'send', 'receive', 'transactions', 'node', 'settings'] as const;

async function amountOf(page: Page, testId: string): Promise<bigint> {
  return BigInt((await page.getByTestId(testId).getAttribute('data-satoshis')) ?? '');
}

async function fillPayment(page: Page, amount: string): Promise<void> {
  await page.getByTestId('recipient-address-1').fill(ADDRESS);
  await page.getByTestId('recipient-1').locator(`[data-address="${ADDRESS}"]`).waitFor();
  await page.getByTestId('recipient-amount-1').fill(amount);
}

describe('the window over a fake bridge', { skip: executable === undefined ? 'skipped: no Chromium on this machine' : false }, () => {
  let pages: RendererPages;
  before(async () => {
    pages = await RendererPages.start(executable ?? '');
  });
  after(async () => {
    await pages.stop();
  });

  const using: RendererPages['using'] = (...args) => pages.using(...args);

  for (const scenario of ['practice', 'new', 'main'] as const) {
    test(`every page is drawn in both themes, everything in it has a name: ${scenario}`, async () => {
      for (const theme of ['dark', 'light']) {
        await using(`scenario=${scenario}&theme=${theme}`, async (page) => {
          for (const name of PAGES) {
            await page.getByTestId(`nav-${name}`).click();
            await page.getByTestId(`page-${name}`).waitFor();
            const nameless = await page.evaluate(() =>
              [...document.querySelectorAll('button, input, [role=radio], [role=switch], [role=checkbox]')]
                .filter((element) => {
                  const label = element.id === '' ? null : document.querySelector(`label[for="${element.id}"]`);
                  const names = [element.textContent, element.getAttribute('aria-label'), label?.textContent, element.closest('label')?.textContent];
                  return !element.closest('[aria-hidden=true]') && names.every((one) => (one ?? '').trim() === '');
                })
                .map((element) => element.outerHTML.slice(0, 120)),
            );
            assert.deepEqual(nameless, [], `${name} in ${theme}`);
            const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            assert.equal(wide, 0, `${name} does not scroll sideways`);
          }
        });
      }
    });
  }

  test('first run: the practice network is the first choice, and it leads into the window', async () => {
    await using('scenario=first-run', async (page) => {
      assert.equal(await page.getByTestId('network-regtest').getAttribute('data-state'), 'checked');
      await page.getByTestId('existing-datadir').waitFor();
      await page.getByTestId('datadir').fill('not/absolute');
      await page.getByTestId('start').click();
      await page.getByText('Give the whole path').waitFor();
      await page.getByTestId('datadir').fill('/home/ada/.bulkhead');
      await page.getByTestId('start').click();
      await page.getByTestId('no-wallet').waitFor();
      assert.match(await page.getByTestId('network-strip').innerText(), /Practice network/);
    });
  });

  test('create a wallet, mine until a reward is mature, pay, watch it confirm, find it in the list', async () => {
    await using('scenario=new', async (page) => {
      await page.getByTestId('create-wallet').click();
      await page.getByTestId('wallet-name').fill('Mine');
      await page.getByTestId('create-wallet-submit').click();
      await page.getByTestId('first-address-value').waitFor();
      await page.getByTestId('mine-more').click();
      await page.getByTestId('mine-101').click();
      await page.getByTestId('balance').and(page.locator('[data-satoshis="5000000000"]')).waitFor();
      assert.equal(await page.getByTestId('block-height').innerText(), '101');

      await page.getByTestId('nav-send').click();
      await fillPayment(page, '1.25');
      await page.getByTestId('recipient-label-1').fill('Bakery');
      await page.getByTestId('review-payment').click();
      await page.getByTestId('review').waitFor();
      assert.equal(await page.getByTestId('review-address').getAttribute('data-address'), ADDRESS);
      assert.equal(await amountOf(page, 'review-total'), 125_000_000n + (await amountOf(page, 'review-fee')));
      await page.getByTestId('review-confirm').click();
      await page.locator('[data-testid=sent][data-confirmations="0"]').waitFor();
      await page.getByTestId('mine-block').click();
      await page.locator('[data-testid=sent][data-confirmations="1"]').waitFor();
      await page.getByTestId('sent-details').click();
      await page.getByTestId('transaction-panel').waitFor();
      assert.match(await page.getByTestId('history-row').nth(1).innerText(), /Bakery/);
    });
  });

  test('errors stand beside the field that caused them', async () => {
    await using('page=send', async (page) => {
      await page.getByTestId('review-payment').click();
      const invalid = page.locator('[aria-invalid=true]');
      assert.equal(await invalid.count(), 2);
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-testid')), 'recipient-address-1');
      await page.getByTestId('recipient-address-1').fill('bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq');
      await page.getByText('belongs to another network').waitFor();
      await fillPayment(page, '9999');
      await page.getByTestId('review-payment').click();
      const described = await page.getByTestId('recipient-amount-1').getAttribute('aria-describedby');
      await page.locator(`[id="${described ?? ''}"]`, { hasText: 'more than can be spent' }).waitFor();
      await page.getByTestId('recipient-amount-1').fill('0,5');
      await page.getByText('A comma could mean either').waitFor();
    });
  });

  test('a wallet of the old format is migrated: what that means, its passphrase, what came of it', async () => {
    await using('scenario=practice', async (page) => {
      await page.getByTestId('wallet-menu').click();
      await page.getByTestId('menu-open-wallet').click();
      await page.getByTestId('open-wallet-wallet-2016').click();
      await page.getByText('A copy of the old file is kept.').waitFor();
      assert.ok(await page.getByTestId('migrate-wallet-submit').isDisabled());
      await page.getByTestId('passphrase').fill('wrong');
      await page.getByTestId('migrate-wallet-submit').click();
      await page.getByText('The passphrase is wrong.').waitFor();
      await page.getByTestId('passphrase').fill('correct horse');
      await page.getByTestId('migrate-wallet-submit').click();
      await page.getByTestId('dialog-migrated-wallet').waitFor();
      assert.equal(await page.getByTestId('migrated-name').innerText(), 'wallet-2016');
      assert.match(await page.getByTestId('migrated-backup').innerText(), /wallet-2016_\d+\.legacy\.bak$/);
      await page.getByText('wallet-2016_watchonly').waitFor();
      await page.getByTestId('migrated-done').click();
      await page.getByTestId('wallet-menu').getByText('wallet-2016', { exact: true }).waitFor();
    });
  });

  test('a payment link fills the form; a locked wallet asks for its passphrase at review', async () => {
    await using('page=send&scenario=locked', async (page) => {
      await world(page, (it) => it.push('app.openUri', { uri: 'bitcoin:bcrt1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq?amount=0.0042&label=Coffee%20beans' }));
      await page.getByTestId('recipient-label-1').and(page.locator('[value="Coffee beans"]')).waitFor();
      assert.equal(await page.getByTestId('recipient-amount-1').inputValue(), '0.0042');
      await page.getByTestId('review-payment').click();
      assert.ok(await page.getByTestId('review-confirm').isDisabled());
      await page.getByTestId('review-passphrase').fill('wrong');
      await page.getByTestId('review-confirm').click();
      await page.getByText('not the passphrase').waitFor();
      await page.getByTestId('review-passphrase').fill('correct horse');
      await page.getByTestId('review-confirm').click();
      await page.getByTestId('sent').waitFor();
    });
  });

  test('coins can be chosen; everything means everything of them', async () => {
    await using('page=send', async (page) => {
      await page.getByTestId('coins-toggle').click();
      await page.getByTestId('coin').nth(1).getByRole('checkbox').click();
      await page.getByTestId('coin').nth(2).getByRole('checkbox').click();
      assert.match(await page.getByTestId('coins-summary').innerText(), /2 coins/);
      await page.getByTestId('recipient-address-1').fill(ADDRESS);
      await page.getByTestId('recipient-max-1').click();
      await page.getByTestId('review-payment').click();
      const chosen = await world(page, (it) => {
        const sorted = [...(it.wallets.get('Savings')?.coins ?? [])].sort((a, b) => Number(b.amount - a.amount));
        return String((sorted[1]?.amount ?? 0n) + (sorted[2]?.amount ?? 0n));
      });
      await page.getByTestId('review').waitFor();
      assert.equal(await amountOf(page, 'review-total'), BigInt(chosen));
    });
  });

  test('a hundred thousand transactions: few rows in the page, any of them in view, search and filters', async () => {
    await using('scenario=large&page=transactions', async (page) => {
      await page.getByText('100,000 transactions').waitFor();
      assert.ok((await page.getByTestId('history-row').count()) < 60);
      const history = page.getByTestId('history');
      await history.focus();
      await history.press('End');
      await page.locator('[data-testid=history-row][aria-rowindex="100000"][data-txid]').waitFor();
      assert.ok((await page.getByTestId('history-row').count()) < 60);
      await page.getByTestId('history-search').fill('bakery');
      await page.getByTestId('chip-sent').click();
      await page.waitForFunction(() => {
        const rows = [...document.querySelectorAll('[data-testid=history-row][data-txid]')];
        return rows.length > 0 && rows.every((row) => row.textContent.includes('Bakery'));
      });
      await page.getByTestId('history-search').fill('no such thing');
      await page.getByText('Nothing matches').waitFor();
    });
  });

  test('a crash is said in words; the other compartments are dry; restart brings everything back', async () => {
    await using('page=overview', async (page) => {
      const before = await amountOf(page, 'balance');
      await world(page, (it) => it.crash('wallet'));
      await page.getByTestId('crash-wallet').getByText('killed from outside').waitFor();
      assert.equal(await page.getByTestId('compartment-wallet').getAttribute('data-state-kind'), 'crashed');
      assert.equal(await page.getByTestId('compartment-node').getAttribute('data-state-kind'), 'running');
      await page.getByTestId('crash-restart-wallet').click();
      await page.locator('[data-testid=compartment-wallet][data-state-kind=running]').waitFor();
      await page.getByTestId('balance').waitFor();
      assert.equal(await amountOf(page, 'balance'), before);
      await world(page, (it) => it.crash('node'));
      await page.getByTestId('crash-node').waitFor();
      await page.getByTestId('nav-node').click();
      await page.getByText('The node is not running').waitFor();
    });
  });

  test('hidden amounts are hidden on every page, and come back', async () => {
    await using('page=overview', async (page) => {
      await page.keyboard.press('Control+Shift+M');
      await page.locator('.hidden-amount').first().waitFor();
      for (const name of PAGES.slice(0, 4)) {
        await page.getByTestId(`nav-${name}`).click();
        const text = await page.getByTestId(`page-${name}`).innerText();
        assert.doesNotMatch(text, /\d\.\d{3}\u202f\d/, name);
      }
      await page.keyboard.press('Control+Shift+M');
      await page.locator('.hidden-amount').first().waitFor({ state: 'detached' });
    });
  });

  test('the keyboard is enough: palette, pages, unit', async () => {
    await using('page=overview', async (page) => {
      await page.keyboard.press('Control+K');
      await page.getByTestId('palette-input').fill('receive');
      await page.keyboard.press('Enter');
      await page.getByTestId('page-receive').waitFor();
      await page.keyboard.press('Control+1');
      await page.getByTestId('page-overview').waitFor();
      await page.keyboard.press('Control+B');
      await page.getByTestId('unit-toggle').filter({ hasText: 'sats' }).first().waitFor();
    });
  });

  test('console: completion, readable replies, secrets not kept', async () => {
    await using('page=node', async (page) => {
      await page.getByTestId('node-tab-console').click();
      const input = page.getByTestId('console-input');
      await input.fill('getblockcha');
      await page.getByRole('option', { name: 'getblockchaininfo' }).waitFor();
      await input.press('Tab');
      assert.equal(await input.inputValue(), 'getblockchaininfo ');
      await input.press('Enter');
      await page.getByText('"verificationprogress"').waitFor();
      await input.fill('walletpassphrase hunter2 60');
      await input.press('Enter');
      await page.getByTestId('console-entry').nth(1).waitFor();
      assert.doesNotMatch(await page.getByTestId('console').innerText(), /hunter2/);
      await input.press('ArrowUp');
      assert.equal(await input.inputValue(), 'getblockchaininfo');
    });
  });

  for (const commands of [true, false]) {
    test(`a node without wallets${commands ? '' : ' and commands'}: said on every page, and nothing of it is offered`, async () => {
      await using('scenario=main', async (page) => {
        await page.evaluate(`window.fakeWorld.attachCore(${commands})`);
        for (const name of ['overview', 'send', 'receive', 'transactions']) {
          await page.getByTestId(`nav-${name}`).click();
          await page.getByTestId('wallets-not-offered').waitFor();
        }
        assert.equal(await page.getByTestId('compartment-wallet').getAttribute('data-state-kind'), 'not-offered');
        assert.equal(await page.locator('[data-testid^=crash-]').count(), 0);
        assert.equal(await page.getByTestId('wallet-menu').isDisabled(), true);
        await page.keyboard.press('Control+K');
        await page.getByTestId('palette-input').fill('wallet');
        assert.doesNotMatch(await page.getByTestId('palette').innerText(), /Create a wallet|Open a wallet/);
        await page.keyboard.press('Escape');
        await page.getByTestId('nav-node').click();
        assert.equal(await page.getByTestId('node-tab-console').count(), commands ? 1 : 0);
        assert.equal(await page.getByTestId('node-no-commands').count(), commands ? 0 : 1);
        await page.getByTestId('compartment-wallet').click();
        await page.getByTestId('compartment-details-wallet').getByText('keeps wallets to itself').waitFor();
        assert.equal(await page.getByTestId('compartment-restart-wallet').count(), 0);
      });
    });
  }

  test('an address is copied whole, without spaces, and says so', async () => {
    await using('page=receive', async (page) => {
      const address = (await page.getByTestId('receive-address').getAttribute('data-address')) ?? '';
      await page.getByTestId('copy-address').click();
      await page.getByTestId('copy-address').getByText('Copied').waitFor();
      await page.getByTestId('request-label').focus();
      await page.keyboard.press('Control+V');
      assert.equal(await page.getByTestId('request-label').inputValue(), address);
    });
  });

  test('a request keeps its label and amount, in the QR code at once', async () => {
    await using('page=receive', async (page) => {
      await page.getByTestId('request-amount').fill('0.0025');
      await page.getByTestId('request-label').fill('Coffee & beans');
      const uri = await page.getByTestId('qr').getAttribute('data-uri');
      assert.match(uri ?? '', /^bitcoin:bcrt1q[a-z0-9]{38}\?amount=0\.0025&label=Coffee%20%26%20beans$/);
      await page.getByTestId('nav-overview').click();
      await page.getByTestId('page-overview').waitFor();
      await page.waitForFunction("[...window.fakeWorld.wallets.get('Savings').requests].some((one) => one.label === 'Coffee & beans' && one.amount === 250000n)");
    });
  });

  test('an idle window asks nothing', async () => {
    for (const name of PAGES) {
      await using(`scenario=main&page=${name}`, async (page) => {
        await page.getByTestId(`page-${name}`).waitFor();
        await page.waitForLoadState('networkidle');
        const before = await world(page, (it) => it.calls.length);
        await page.waitForTimeout(1200);
        assert.deepEqual(await page.evaluate(`window.fakeWorld.calls.slice(${before})`), [], name);
      });
    }
  });

  test('a smaller window still works', async () => {
    await using(
      'scenario=main&page=transactions',
      async (page) => {
        await page.getByTestId('history-row').first().click();
        await page.getByTestId('transaction-panel').waitFor();
        for (const name of PAGES) {
          await page.getByTestId(`nav-${name}`).click();
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, name);
        }
      },
      { width: 900, height: 620 },
    );
  });
});
