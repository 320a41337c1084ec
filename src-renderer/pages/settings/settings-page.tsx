import { FolderOpen, Power } from 'lucide-react';
import { useState } from 'react';
import type { AppState, Network } from '../../../src-interfaces/facade.js';
import { NETWORKS } from '../../app/first-run.js';
import { useActions } from '../../app/actions.js';
import { useBridge } from '../../state/bridge.js';
import { useAction, useFacade } from '../../state/facade-context.js';
import { openDialog, toast, useView } from '../../state/view.js';
import { useText } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { ChoiceCards, Segmented, Switch } from '../../ui/choice.js';
import { Callout } from '../../ui/feedback.js';
import { Field, TextInput } from '../../ui/field.js';
import { CopyButton } from '../../ui/identifier.js';
import { Dialog } from '../../ui/overlay.js';
import { Card, Facts, PageFrame } from '../../ui/page.js';

function Appearance({ app }: { readonly app: AppState }) {
  const facade = useFacade();
  const actions = useActions();
  const t = useText();
  const { settings } = app;
  return (
    <Card title={t('settings.appearance')}>
      <div className="setting spread">
        <span className="switch-label">{t('settings.theme')}</span>
        <Segmented label={t('settings.theme')} value={settings.theme} onChange={actions.setTheme} options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`theme.${value}`), testId: `theme-${value}` }))} />
      </div>
      <div className="setting spread">
        <span>
          <span className="switch-label">{t('settings.unit')}</span>
          <span className="switch-detail">{t('settings.unit.detail')}</span>
        </span>
        <Segmented label={t('settings.unit')} value={settings.unit} onChange={(unit) => void facade.app.setSettings({ unit })} options={(['BTC', 'sats'] as const).map((value) => ({ value, label: value, testId: `unit-${value}` }))} />
      </div>
      <div className="setting">
        <Switch label={t('settings.hide')} detail={t('settings.hide.detail')} checked={settings.hideAmounts} onChange={actions.toggleAmounts} testId="hide-amounts" />
      </div>
    </Card>
  );
}

/** Network, directory and attach address take effect together, with a restart of the programs. */
function NodeSettings({ app }: { readonly app: AppState }) {
  const facade = useFacade();
  const t = useText();
  const dialog = useView((view) => view.dialog);
  const saved = { network: app.network ?? 'regtest', datadir: app.datadir ?? '', attachAddress: app.attachAddress };
  const [network, setNetwork] = useState<Network>(saved.network);
  const [datadir, setDatadir] = useState(saved.datadir);
  const [attachAddress, setAttachAddress] = useState(saved.attachAddress);
  const pick = useAction(facade.app.pickDirectory);
  const configure = useAction(facade.app.configure);
  const changed = network !== saved.network || datadir.trim() !== saved.datadir || attachAddress.trim() !== saved.attachAddress;
  const way = attachAddress.trim() === '' ? 'start' : 'attach';
  const { error } = configure;
  const errorAt = (field: string): string | null => (error?.field === field ? error.message : null);
  const choose = async (): Promise<void> => {
    const picked = await pick.run();
    if (picked !== undefined && picked !== null) setDatadir(picked.path);
  };
  const apply = async (): Promise<void> => {
    const done = await configure.run({ network, datadir: datadir.trim(), attachAddress: attachAddress.trim(), keepRunning: app.settings.keepRunning });
    openDialog(null);
    if (done !== undefined) toast(t('settings.applied'), 'good');
  };
  return (
    <Card title={t('settings.node')}>
      <div className="setting">
        <Switch label={t('settings.keepRunning')} detail={t('settings.keepRunning.detail')} checked={app.settings.keepRunning} onChange={(keepRunning) => void facade.app.setSettings({ keepRunning })} testId="keep-running" />
      </div>
      <div className="setting stack-tight">
        <span className="switch-label">{t('settings.network')}</span>
        <ChoiceCards label={t('settings.network')} columns={2} value={network} onChange={setNetwork} options={NETWORKS.map((value) => ({ value, label: t(`network.${value}`), detail: t(`network.${value}.worth`), testId: `network-${value}` }))} />
      </div>
      <Field
        label={t('firstRun.datadir')}
        error={errorAt('datadir')}
        hint={t('settings.datadir.hint')}
        aside={<CopyButton text={saved.datadir} what={t('settings.path')} />}
      >
        {(parts) => (
          <TextInput parts={parts} mono value={datadir} onChange={(event) => setDatadir(event.target.value)} data-testid="datadir" suffix={<Button small variant="quiet" icon={FolderOpen} busy={pick.busy} onClick={() => void choose()}>{t('browse')}</Button>} />
        )}
      </Field>
      <Field label={t('settings.attachAddress')} optional hint={t('settings.attachAddress.hint')} error={errorAt('attachAddress')}>
        {(parts) => <TextInput parts={parts} mono value={attachAddress} placeholder="unix:/path/to/node.sock" onChange={(event) => setAttachAddress(event.target.value)} data-testid="attach-address" />}
      </Field>
      {error !== null && !['datadir', 'attachAddress'].includes(error.field ?? '') && <Callout tone="bad" what={error.message} />}
      <div className="spread settings-apply">
        <span className="small muted">{changed && t('settings.changed')}</span>
        <span className="row">
          <Button variant="quiet" disabled={!changed} onClick={() => { setNetwork(saved.network); setDatadir(saved.datadir); setAttachAddress(saved.attachAddress); configure.clear(); }}>
            {t('settings.undo')}
          </Button>
          <Button variant="primary" disabled={!changed || datadir.trim() === ''} onClick={() => openDialog('apply-node-settings')} data-testid="apply-node">
            {t('settings.apply')}
          </Button>
        </span>
      </div>
      {dialog === 'apply-node-settings' && (
        <Dialog title={t(`settings.apply.${way}.title`)} description={[t(saved.attachAddress === '' ? 'settings.apply.stops' : 'settings.apply.leaves', { address: saved.attachAddress }), t(`settings.apply.${way}.text`, { network: t(`network.${network}`), address: attachAddress.trim() })].join(' ')} onClose={() => openDialog(null)} busy={configure.busy} testId="dialog-apply">
          <div className="dialog-actions">
            <Button variant="quiet" onClick={() => openDialog(null)} disabled={configure.busy}>{t('cancel')}</Button>
            <Button variant="primary" busy={configure.busy} onClick={() => void apply()} data-testid="apply-confirm">{t(`settings.apply.${way}.submit`)}</Button>
          </div>
        </Dialog>
      )}
    </Card>
  );
}

const SHORTCUTS = ['palette', 'pages', 'unit', 'hide'] as const;

export function SettingsPage() {
  const app = useBridge((state) => state.app);
  const t = useText();
  if (app === null) return null;
  return (
    <PageFrame title={t('page.settings')} testId="page-settings">
      <div className="settings-column">
        <Appearance app={app} />
        <NodeSettings key={`${app.network}|${app.datadir}|${app.attachAddress}`} app={app} />
        <Card title={t('settings.keys')}>
          <Facts items={SHORTCUTS.map((name) => [t(`shortcut.${name}`), <kbd key={name}>{t(`shortcut.${name}.keys`)}</kbd>] as const)} />
        </Card>
        <Card title={t('settings.about')}>
          <div className="spread">
            <span className="muted">{t('app.version', { version: app.version })}</span>
            <Button icon={Power} onClick={() => openDialog('quit')} data-testid="quit">
              {t('quit.title')}
            </Button>
          </div>
        </Card>
      </div>
    </PageFrame>
  );
}
