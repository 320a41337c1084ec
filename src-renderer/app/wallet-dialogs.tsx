import { useState, type ReactNode } from 'react';
import { FolderOpen } from 'lucide-react';
import type { WalletState } from '../../src-interfaces/facade.js';
import { useWallet } from '../state/bridge.js';
import { useAction, useFacade, useQuery } from '../state/facade-context.js';
import { toast, useView } from '../state/view.js';
import { useText } from '../text/text.js';
import { Button } from '../ui/button.js';
import { Segmented, Switch } from '../ui/choice.js';
import { Callout, Empty, ProgressBar, Skeleton } from '../ui/feedback.js';
import { Field, PassphraseInput, TextInput } from '../ui/field.js';
import { Dialog } from '../ui/overlay.js';
import { useActions, walletTitle } from './actions.js';
import { EndWallet } from './end-wallet-dialog.js';
import { MigrateWallet } from './migrate-wallet-dialog.js';
import { close, errorFor, Form, OtherError } from './wallet-form.js';

/** Two fields that must agree; `ready` when they do and are not empty. */
function usePassphrasePair() {
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const [left, setLeft] = useState(false);
  const t = useText();
  const mismatch = left && second !== '' && first !== second ? t('passphrase.mismatch') : null;
  const fields = (error: string | null): ReactNode => (
    <>
      <Field label={t('passphrase.new')} hint={t('passphrase.new.hint')} error={error}>
        {(parts) => <PassphraseInput parts={parts} value={first} onChange={(e) => setFirst(e.target.value)} data-testid="passphrase-new" autoComplete="new-password" />}
      </Field>
      <Field label={t('passphrase.again')} error={mismatch}>
        {(parts) => (
          <PassphraseInput parts={parts} value={second} onBlur={() => setLeft(true)} onChange={(e) => setSecond(e.target.value)} data-testid="passphrase-again" autoComplete="new-password" />
        )}
      </Field>
    </>
  );
  return { value: first, ready: first !== '' && first === second, fields };
}

function CreateWallet() {
  const t = useText();
  const facade = useFacade();
  const actions = useActions();
  const [name, setName] = useState('');
  const [protect, setProtect] = useState(false);
  const pair = usePassphrasePair();
  const create = useAction(facade.wallets.create);
  const submit = async (): Promise<void> => {
    const made = await create.run({ name: name.trim(), passphrase: protect ? pair.value : '' });
    if (made === undefined) return;
    close();
    actions.chooseWallet(made.name);
    actions.go('overview');
    toast(t('wallet.created.toast', { name: walletTitle(made.name, t) }), 'good');
    for (const warning of made.warnings) toast(warning, 'bad');
  };
  return (
    <Dialog title={t('wallet.create.title')} description={t('wallet.create.text')} onClose={close} busy={create.busy} testId="dialog-create-wallet">
      <Form onSubmit={() => void submit()} busy={create.busy} working={t('wallet.create.working')} submit={t('wallet.create.submit')} disabled={name.trim() === '' || (protect && !pair.ready)} testId="create-wallet-submit">
        <Field label={t('wallet.name')} hint={t('wallet.name.hint')} error={errorFor(create.error, 'name')}>
          {(parts) => <TextInput parts={parts} value={name} maxLength={100} onChange={(e) => setName(e.target.value)} data-testid="wallet-name" />}
        </Field>
        <div className="dialog-block">
          <Switch label={t('wallet.create.protect')} detail={t('wallet.create.protect.detail')} checked={protect} onChange={setProtect} testId="wallet-protect" />
        </div>
        {protect && pair.fields(errorFor(create.error, 'passphrase'))}
        <OtherError error={create.error} fields={['name', ...(protect ? ['passphrase'] : [])]} />
      </Form>
    </Dialog>
  );
}

function OpenWallet() {
  const t = useText();
  const facade = useFacade();
  const actions = useActions();
  const files = useQuery('directory', () => facade.wallets.directory());
  const open = useAction(facade.wallets.open);
  const [chosen, setChosen] = useState<string | null>(null);
  const [old, setOld] = useState<string | null>(null);
  const choose = async (name: string): Promise<void> => {
    setChosen(name);
    const opened = await open.run({ name });
    if (opened === undefined) return;
    close();
    actions.chooseWallet(opened.name);
    for (const warning of opened.warnings) toast(warning, 'bad');
  };
  if (old !== null) return <MigrateWallet name={old} />;
  return (
    <Dialog title={t('wallet.open.title')} description={t('wallet.open.text')} onClose={close} busy={open.busy} testId="dialog-open-wallet">
      {files.error !== null && <Callout tone="bad" what={files.error.message} />}
      {files.data === undefined && files.error === null && <Skeleton height={44} />}
      {files.data?.length === 0 && <Empty icon={FolderOpen} title={t('wallet.open.none')} />}
      <ul className="file-list">
        {files.data?.map((file) => (
          <li key={file.name}>
            <button type="button" className="file" disabled={file.loaded || open.busy} data-testid={`open-wallet-${file.name}`} onClick={() => (file.format === 'bdb' ? setOld(file.name) : void choose(file.name))}>
              <span className="grow ellipsis">{walletTitle(file.name, t)}</span>
              <span className="small quiet">
                {open.busy && chosen === file.name ? t('wallet.open.opening') : file.loaded ? t('wallet.open.already') : file.format === 'bdb' ? t('wallet.migrate') : t('wallet.open.action')}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div className="dialog-working">{open.busy && <ProgressBar fraction={null} label={t('wallet.open.opening')} />}</div>
      {open.error !== null && <Callout tone="bad" what={open.error.message} />}
    </Dialog>
  );
}

function RestoreWallet() {
  const t = useText();
  const facade = useFacade();
  const actions = useActions();
  const [name, setName] = useState('');
  const [old, setOld] = useState<string | null>(null);
  const restore = useAction(facade.wallets.restore);
  const submit = async (): Promise<void> => {
    const made = await restore.run({ name: name.trim() });
    if (made === undefined || made === null) return;
    if (made.isOld) {
      setOld(made.name);
      return;
    }
    close();
    actions.chooseWallet(made.name);
    toast(t('wallet.restored.toast', { name: made.name }), 'good');
  };
  if (old !== null) return <MigrateWallet name={old} />;
  return (
    <Dialog title={t('wallet.restore.title')} description={t('wallet.restore.text')} onClose={close} busy={restore.busy} testId="dialog-restore-wallet">
      <Form onSubmit={() => void submit()} busy={restore.busy} working={t('wallet.restore.working')} submit={t('wallet.restore.submit')} disabled={name.trim() === ''} testId="restore-wallet-submit">
        <Field label={t('wallet.name')} hint={t('wallet.restore.name.hint')} error={errorFor(restore.error, 'name')}>
          {(parts) => <TextInput parts={parts} value={name} maxLength={100} onChange={(e) => setName(e.target.value)} data-testid="wallet-name" />}
        </Field>
        <OtherError error={restore.error} fields={['name']} />
      </Form>
    </Dialog>
  );
}

function EncryptWallet({ wallet }: { readonly wallet: WalletState }) {
  const t = useText();
  const facade = useFacade();
  const pair = usePassphrasePair();
  const encrypt = useAction(facade.wallets.encrypt);
  const submit = async (): Promise<void> => {
    if ((await encrypt.run({ name: wallet.name, passphrase: pair.value })) === undefined) return;
    close();
    toast(t('wallet.encrypted.toast', { name: walletTitle(wallet.title, t) }), 'good');
  };
  return (
    <Dialog title={t('wallet.encrypt.title', { name: walletTitle(wallet.title, t) })} description={t('wallet.encrypt.text')} onClose={close} busy={encrypt.busy} testId="dialog-encrypt-wallet">
      <Form onSubmit={() => void submit()} busy={encrypt.busy} working={t('wallet.encrypt.working')} submit={t('wallet.encrypt.submit')} disabled={!pair.ready} testId="encrypt-wallet-submit">
        {pair.fields(errorFor(encrypt.error, 'passphrase'))}
        <Callout tone="warning" what={t('wallet.encrypt.warning')} todo={t('wallet.encrypt.warning.todo')} />
        <OtherError error={encrypt.error} fields={['passphrase']} />
      </Form>
    </Dialog>
  );
}

const UNLOCK_SECONDS = { short: 300, hour: 3600, day: 86_400 } as const;

function UnlockWallet({ wallet }: { readonly wallet: WalletState }) {
  const t = useText();
  const facade = useFacade();
  const [passphrase, setPassphrase] = useState('');
  const [span, setSpan] = useState<keyof typeof UNLOCK_SECONDS>('short');
  const unlock = useAction(facade.wallets.unlock);
  const submit = async (): Promise<void> => {
    if ((await unlock.run({ name: wallet.name, passphrase, seconds: UNLOCK_SECONDS[span] })) === undefined) return;
    close();
    toast(t('wallet.unlocked.toast', { name: walletTitle(wallet.title, t) }));
  };
  return (
    <Dialog title={t('wallet.unlock.title', { name: walletTitle(wallet.title, t) })} onClose={close} busy={unlock.busy} testId="dialog-unlock-wallet">
      <Form onSubmit={() => void submit()} busy={unlock.busy} working={t('wallet.unlock.working')} submit={t('wallet.unlock.submit')} disabled={passphrase === ''} testId="unlock-wallet-submit">
        <Field label={t('passphrase')} error={errorFor(unlock.error, 'passphrase')}>
          {(parts) => <PassphraseInput parts={parts} value={passphrase} onChange={(e) => setPassphrase(e.target.value)} data-testid="passphrase" />}
        </Field>
        <div className="spread">
          <span>{t('wallet.unlock.span')}</span>
          <Segmented label={t('wallet.unlock.span')} value={span} onChange={setSpan} options={(['short', 'hour', 'day'] as const).map((value) => ({ value, label: t(`wallet.unlock.${value}`) }))} />
        </div>
        <OtherError error={unlock.error} fields={['passphrase']} />
      </Form>
    </Dialog>
  );
}

function ChangePassphrase({ wallet }: { readonly wallet: WalletState }) {
  const t = useText();
  const facade = useFacade();
  const [old, setOld] = useState('');
  const pair = usePassphrasePair();
  const change = useAction(facade.wallets.changePassphrase);
  const submit = async (): Promise<void> => {
    if ((await change.run({ name: wallet.name, old, new: pair.value })) === undefined) return;
    close();
    toast(t('wallet.passphraseChanged.toast'), 'good');
  };
  return (
    <Dialog title={t('wallet.changePassphrase.title')} onClose={close} busy={change.busy} testId="dialog-change-passphrase">
      <Form onSubmit={() => void submit()} busy={change.busy} working={t('wallet.encrypt.working')} submit={t('wallet.changePassphrase.submit')} disabled={old === '' || !pair.ready} testId="change-passphrase-submit">
        <Field label={t('passphrase.current')} error={errorFor(change.error, 'old')}>
          {(parts) => <PassphraseInput parts={parts} value={old} onChange={(e) => setOld(e.target.value)} data-testid="passphrase-old" />}
        </Field>
        {pair.fields(errorFor(change.error, 'new'))}
        <OtherError error={change.error} fields={['old', 'new']} />
      </Form>
    </Dialog>
  );
}

function Quit() {
  const t = useText();
  const facade = useFacade();
  const quit = useAction(() => facade.app.quit());
  return (
    <Dialog title={t('quit.title')} description={t('quit.text')} onClose={close} busy={quit.busy} testId="dialog-quit">
      <div className="dialog-actions">
        <Button variant="quiet" onClick={close}>
          {t('cancel')}
        </Button>
        <Button variant="primary" busy={quit.busy} onClick={() => void quit.run()} data-testid="quit-confirm">
          {t('quit.submit')}
        </Button>
      </div>
    </Dialog>
  );
}

/** The dialog that is open, if any. */
export function Dialogs() {
  const dialog = useView((view) => view.dialog);
  const wallet = useWallet();
  switch (dialog) {
    case null:
    case 'apply-node-settings': // Settings shows this one itself.
      return null;
    case 'create-wallet':
      return <CreateWallet />;
    case 'open-wallet':
      return <OpenWallet />;
    case 'restore-wallet':
      return <RestoreWallet />;
    case 'end-wallet':
      return <EndWallet />;
    case 'quit':
      return <Quit />;
    case 'encrypt-wallet':
      return wallet === null ? null : <EncryptWallet wallet={wallet} />;
    case 'unlock-wallet':
      return wallet === null ? null : <UnlockWallet wallet={wallet} />;
    case 'change-passphrase':
      return wallet === null ? null : <ChangePassphrase wallet={wallet} />;
  }
}
