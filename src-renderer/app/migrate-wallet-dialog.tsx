import { useState } from 'react';
import type { MigratedWallet } from '../../src-interfaces/facade.js';
import { useAction, useFacade, useQuery } from '../state/facade-context.js';
import { useText } from '../text/text.js';
import { Button } from '../ui/button.js';
import { Callout } from '../ui/feedback.js';
import { Field, PassphraseInput } from '../ui/field.js';
import { Dialog } from '../ui/overlay.js';
import { Facts } from '../ui/page.js';
import { useActions, walletTitle } from './actions.js';
import { close, errorFor, Form, OtherError } from './wallet-form.js';

/** What has become of the wallet, and where its old file is. */
function Migrated({ name, migrated }: { readonly name: string; readonly migrated: MigratedWallet }) {
  const t = useText();
  const actions = useActions();
  const done = (): void => {
    close();
    actions.chooseWallet(migrated.name);
    actions.go('overview');
  };
  const sides = [
    [t('wallet.migrated.watchonly'), migrated.watchonly],
    [t('wallet.migrated.solvables'), migrated.solvables],
  ] as const;
  return (
    <Dialog title={t('wallet.migrated.title', { name: walletTitle(name, t) })} description={t('wallet.migrated.text')} onClose={done} testId="dialog-migrated-wallet">
      <Facts
        items={[
          [t('wallet.migrated.name'), <span key="name" data-testid="migrated-name">{walletTitle(migrated.name, t)}</span>],
          ...sides.flatMap(([label, side]) => (side === null ? [] : [[label, side] as const])),
        ]}
      />
      <Callout tone="info" what={t('wallet.migrated.backup')} why={<span className="mono small" data-testid="migrated-backup">{migrated.backup}</span>} todo={t('wallet.migrated.backup.todo')} />
      <div className="dialog-actions">
        <Button variant="primary" onClick={done} data-testid="migrated-done">
          {t('wallet.migrated.done')}
        </Button>
      </div>
    </Dialog>
  );
}

/** Makes a wallet of the old format one that can be opened, after saying what that means. */
export function MigrateWallet({ name }: { readonly name: string }) {
  const t = useText();
  const facade = useFacade();
  const [passphrase, setPassphrase] = useState('');
  const encrypted = useQuery(`encrypted ${name}`, () => facade.wallets.isEncrypted({ name }));
  const migrate = useAction(facade.wallets.migrate);
  const [migrated, setMigrated] = useState<MigratedWallet | null>(null);
  const asks = encrypted.data === true;
  // A file that cannot even be asked about is tried all the same: the answer says what is wrong with it.
  const isKnown = encrypted.data !== undefined || encrypted.error !== null;
  const submit = async (): Promise<void> => setMigrated((await migrate.run({ name, passphrase })) ?? null);
  if (migrated !== null) return <Migrated name={name} migrated={migrated} />;
  return (
    <Dialog title={t('wallet.migrate.title', { name: walletTitle(name, t) })} description={t('wallet.migrate.text')} onClose={close} busy={migrate.busy} testId="dialog-migrate-wallet">
      <Form onSubmit={() => void submit()} busy={migrate.busy} working={t('wallet.migrate.working')} submit={t('wallet.migrate.submit')} disabled={!isKnown || (asks && passphrase === '')} testId="migrate-wallet-submit">
        <ul className="migration-points muted">
          <li>{t('wallet.migrate.keeps')}</li>
          <li>{t('wallet.migrate.splits')}</li>
          <li>{t('wallet.migrate.copies')}</li>
        </ul>
        {asks && (
          <Field label={t('passphrase')} hint={t('wallet.migrate.passphrase.hint')} error={errorFor(migrate.error, 'passphrase')}>
            {(parts) => <PassphraseInput parts={parts} value={passphrase} onChange={(e) => setPassphrase(e.target.value)} data-testid="passphrase" />}
          </Field>
        )}
        <OtherError error={migrate.error} fields={asks ? ['passphrase'] : []} />
      </Form>
    </Dialog>
  );
}
