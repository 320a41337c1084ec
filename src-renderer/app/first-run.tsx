import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import type { AppState, FirstRun as FirstRunState, Network } from '../../src-interfaces/facade.js';
import { bytesText } from '../logic/traffic-rates.js';
import { useAction, useFacade } from '../state/facade-context.js';
import { useText } from '../text/text.js';
import { Button, LinkButton } from '../ui/button.js';
import { ChoiceCards, Switch } from '../ui/choice.js';
import { Callout } from '../ui/feedback.js';
import { Field, TextInput } from '../ui/field.js';
import { Mark } from './mark.js';

export const NETWORKS: readonly Network[] = ['regtest', 'main', 'testnet4', 'signet'];

/** The first window: network, place on disk, and whether the node outlives the window. */
export function FirstRun({ app, firstRun }: { readonly app: AppState; readonly firstRun: FirstRunState }) {
  const t = useText();
  const facade = useFacade();
  const [network, setNetwork] = useState<Network>('regtest');
  const [datadir, setDatadir] = useState(firstRun.defaultDatadir);
  const [free, setFree] = useState(firstRun.freeBytes);
  const [keepRunning, setKeepRunning] = useState(true);
  const [attach, setAttach] = useState(false);
  const [attachAddress, setAttachAddress] = useState('');
  const pick = useAction(facade.app.pickDirectory);
  const configure = useAction(facade.app.configure);
  const error = configure.error;
  const fieldError = (field: string): string | null => (error?.field === field ? error.message : null);
  const other = error !== null && !['datadir', 'attachAddress'].includes(error.field ?? '') ? error : null;

  const choose = async (): Promise<void> => {
    const picked = await pick.run();
    if (picked === undefined || picked === null) return;
    setDatadir(picked.path);
    setFree(picked.freeBytes);
  };
  const existing = firstRun.existing[0];

  return (
    <main className="first-run" data-testid="first-run">
      <div className="first-run-scroll">
        <form
          className="first-run-form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void configure.run({ network, datadir: datadir.trim(), keepRunning, attachAddress: attach ? attachAddress.trim() : '' });
          }}
        >
          <header className="first-run-head">
            <Mark size={44} />
            <div>
              <h1>{t('firstRun.title')}</h1>
              <p className="muted">{t('firstRun.text')}</p>
            </div>
          </header>

          <section>
            <h2>{t('firstRun.network')}</h2>
            <ChoiceCards
              label={t('firstRun.network')}
              value={network}
              onChange={setNetwork}
              columns={2}
              options={NETWORKS.map((value) => ({
                value,
                label: t(`network.${value}`),
                detail: t(`network.${value}.detail`),
                testId: `network-${value}`,
                ...(value === 'regtest' ? { badge: <span className="badge">{t('firstRun.startHere')}</span> } : {}),
              }))}
            />
          </section>

          <section>
            <Field
              label={t('firstRun.datadir')}
              error={fieldError('datadir')}
              hint={
                <span className="spread">
                  <span>{free === null ? t('firstRun.datadir.hint') : t('firstRun.datadir.free', { free: bytesText(free) })}</span>
                  {datadir !== firstRun.defaultDatadir && (
                    <LinkButton onClick={() => { setDatadir(firstRun.defaultDatadir); setFree(firstRun.freeBytes); }}>{t('firstRun.datadir.default')}</LinkButton>
                  )}
                </span>
              }
            >
              {(parts) => (
                <TextInput
                  parts={parts}
                  mono
                  value={datadir}
                  onChange={(event) => setDatadir(event.target.value)}
                  data-testid="datadir"
                  suffix={
                    <Button small variant="quiet" icon={FolderOpen} busy={pick.busy} onClick={() => void choose()}>
                      {t('browse')}
                    </Button>
                  }
                />
              )}
            </Field>
            {existing !== undefined && datadir !== existing.path && (
              <Callout
                tone="info"
                testId="existing-datadir"
                what={t('firstRun.existing', { path: existing.path })}
                why={t('firstRun.existing.why')}
                actions={
                  <Button small data-testid="use-existing" onClick={() => { setDatadir(existing.path); setFree(null); }}>
                    {existing.bytes === null ? t('firstRun.existing.use') : t('firstRun.existing.useSize', { size: bytesText(existing.bytes) })}
                  </Button>
                }
              />
            )}
          </section>

          <section className="stack">
            <Switch label={t('settings.keepRunning')} detail={t('settings.keepRunning.detail')} checked={keepRunning} onChange={setKeepRunning} testId="keep-running" />
            <Switch label={t('firstRun.attach')} detail={t('firstRun.attach.detail')} checked={attach} onChange={setAttach} testId="attach" />
            {attach && (
              <Field label={t('settings.attachAddress')} hint={t('settings.attachAddress.hint')} error={fieldError('attachAddress')}>
                {(parts) => <TextInput parts={parts} mono value={attachAddress} placeholder="unix:/path/to/node.sock" onChange={(event) => setAttachAddress(event.target.value)} data-testid="attach-address" />}
              </Field>
            )}
          </section>

          {other !== null && <Callout tone="bad" what={other.message} />}

          <footer className="spread first-run-foot">
            <span className="small quiet">{t('app.version', { version: app.version })}</span>
            <Button type="submit" variant="primary" busy={configure.busy} disabled={datadir.trim() === '' || (attach && attachAddress.trim() === '')} data-testid="start">
              {network === 'regtest' ? t('firstRun.start.practice') : t('firstRun.start', { network: t(`network.${network}`) })}
            </Button>
          </footer>
        </form>
      </div>
    </main>
  );
}
