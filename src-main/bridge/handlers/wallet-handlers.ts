import fs from 'node:fs/promises';
import type { FacadeHandlers, TransactionRow } from '../../../src-interfaces/facade.js';
import { formatAmount } from '../../../src-bitcoin/amount.js';
import type { Application } from '../../application.js';
import { FacadeFailure, ok } from '../facade-failure.js';
import type { Desktop } from './app-handlers.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Wallets that are unlocked for a while, and when they lock again. */
class AutoLock {
  readonly #timers = new Map<string, NodeJS.Timeout>();

  arm(name: string, seconds: number, lock: () => Promise<void>): void {
    this.disarm(name);
    // setTimeout counts in 32 bits of milliseconds: longer times are as good as for ever.
    const timer = setTimeout(() => void lock().catch(() => undefined), Math.min(seconds * 1000, 0x7fffffff));
    timer.unref();
    this.#timers.set(name, timer);
  }

  disarm(name: string): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }
}

export function walletsHandlers(application: Application, desktop: Desktop): FacadeHandlers['wallets'] {
  const autoLock = new AutoLock();
  const wallet = (name: string): ReturnType<Application['wallets']['get']>['wallet'] => application.wallets.get(name).wallet;
  return {
    directory: async () => ok(await application.wallets.directory()),
    create: async ({ name, passphrase }) => ok(await application.wallets.create(name, passphrase)),
    open: async ({ name }) => ok(await application.wallets.openWallet(name)),
    isEncrypted: async ({ name }) => ok(await application.wallets.isEncrypted(name)),
    migrate: async ({ name, passphrase }) => ok(await application.wallets.migrate(name, passphrase)),
    async close({ name }) {
      await application.wallets.closeWallet(name);
      return ok(null);
    },
    async encrypt({ name, passphrase }) {
      if (passphrase === '') throw new FacadeFailure('invalid-argument', 'Choose a passphrase.', { field: 'passphrase' });
      if (!(await wallet(name).encryptWallet(bytes(passphrase)))) throw new FacadeFailure('rejected', 'The wallet could not be encrypted. Nothing was changed.');
      application.wallets.get(name).refresh();
      return ok(null);
    },
    async unlock({ name, passphrase, seconds }) {
      if (!(await wallet(name).unlock(bytes(passphrase)))) throw new FacadeFailure('wrong-passphrase', 'The passphrase is wrong.', { field: 'passphrase' });
      autoLock.arm(name, seconds, async () => void (await wallet(name).lock()));
      return ok(null);
    },
    async lock({ name }) {
      autoLock.disarm(name);
      await wallet(name).lock();
      return ok(null);
    },
    async changePassphrase({ name, old, new: next }) {
      if (next === '') throw new FacadeFailure('invalid-argument', 'Choose a new passphrase.', { field: 'new' });
      if (!(await wallet(name).changeWalletPassphrase(bytes(old), bytes(next)))) throw new FacadeFailure('wrong-passphrase', 'The old passphrase is wrong.', { field: 'old' });
      return ok(null);
    },
    async backup({ name }) {
      const file = await desktop.pickSaveFile(`${name === '' ? 'wallet' : name}-backup.dat`, 'Back up the wallet');
      if (file === undefined) return ok(null);
      if (!(await wallet(name).backupWallet(file))) throw new FacadeFailure('rejected', `The backup could not be written to ${file}. Choose another folder, with room in it.`);
      return ok({ path: file });
    },
    async restore({ name }) {
      const file = await desktop.pickOpenFile('Restore a wallet from a backup');
      return ok(file === undefined ? null : await application.wallets.restore(file, name));
    },
  };
}

/** A field of a CSV file. Text that a spreadsheet would run as a formula is defused. */
function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

function csvLine(row: TransactionRow): string {
  const fields = [new Date(row.time * 1000).toISOString(), row.kind, row.status, row.label, row.address].map(csvField);
  const amounts = [row.amount, row.fee].map((amount) => (amount === null ? '' : formatAmount(amount, { unit: 'BTC', plain: true })));
  return [...fields, ...amounts, row.height ?? '', csvField(row.txid)].join(',');
}

const csvHeading = '"Date","Type","State","Label","Address","Amount (BTC)","Fee (BTC)","Block height","Transaction id"';

export function walletHandlers(application: Application, desktop: Desktop): FacadeHandlers['wallet'] {
  const session = (name: string): ReturnType<Application['wallets']['get']> => application.wallets.get(name);
  return {
    async transactions({ wallet, offset, limit, ...filter }) {
      const rows = session(wallet).cache.search(filter);
      return ok({ sequence: application.snapshotSequence, total: rows.length, offset, rows: rows.slice(offset, offset + limit) });
    },
    async transaction({ wallet, txid }) {
      const details = await session(wallet).details(txid);
      return ok({ ...details, ...(await application.blockFacts(details.row.height)) });
    },
    async exportCsv({ wallet, ...filter }) {
      const rows = session(wallet).cache.search(filter);
      const file = await desktop.pickSaveFile(`${wallet === '' ? 'wallet' : wallet}-transactions.csv`, 'Export transactions');
      if (file === undefined) return ok(null);
      await fs.writeFile(file, `${[csvHeading, ...rows.map(csvLine)].join('\r\n')}\r\n`);
      return ok({ path: file, rows: rows.length });
    },
    async setLabel({ wallet, address, label }) {
      await session(wallet).setLabel(address, label);
      return ok(null);
    },
    addresses: async ({ wallet }) => ok(session(wallet).addresses()),
    freshRequest: async ({ wallet }) => ok(await session(wallet).requests.fresh()),
    requests: async ({ wallet }) => ok(session(wallet).requests.list()),
    createRequest: async ({ wallet, type, label, message, amount }) => ok(await session(wallet).requests.create(type, label, message, amount ?? null)),
    updateRequest: async ({ wallet, id, label, message, amount }) => ok(await session(wallet).requests.update(id, label, message, amount ?? null)),
    async removeRequest({ wallet, id }) {
      await session(wallet).requests.remove(id);
      return ok(null);
    },
    parseRecipient: async ({ wallet, text }) => ok(await session(wallet).parseRecipient(text)),
    feeEstimates: async ({ wallet, targets }) => ok(await session(wallet).feeEstimates(targets)),
    coins: async ({ wallet }) => ok(await session(wallet).coins()),
    async lockCoin({ wallet, txid, vout, locked }) {
      await session(wallet).lockCoin(txid, vout, locked);
      return ok(null);
    },
    prepare: async ({ wallet, ...request }) => ok(await session(wallet).drafts.prepare(request)),
    prepareBump: async ({ wallet, txid, feeRate }) => ok(await session(wallet).drafts.prepareBump(txid, feeRate)),
    async confirm({ wallet, draft, passphrase }) {
      const txid = await session(wallet).drafts.confirm(draft, passphrase);
      void application.node.mempoolChanged();
      return ok({ txid });
    },
    async discard({ wallet, draft }) {
      session(wallet).drafts.discard(draft);
      return ok(null);
    },
    async abandon({ wallet, txid }) {
      await session(wallet).abandon(txid);
      return ok(null);
    },
  };
}
