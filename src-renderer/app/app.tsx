import { useEffect, useRef, useState } from 'react';
import { NodePage } from '../pages/node/node-page.js';
import { OverviewPage } from '../pages/overview/overview-page.js';
import { ReceivePage } from '../pages/receive/receive-page.js';
import { SendPage } from '../pages/send/send-page.js';
import { SettingsPage } from '../pages/settings/settings-page.js';
import { TransactionsPage } from '../pages/transactions/transactions-page.js';
import { useBridge, useNetwork, useSettings } from '../state/bridge.js';
import { useBridgeEvent } from '../state/facade-context.js';
import { isPage, useView } from '../state/view.js';
import { useText } from '../text/text.js';
import { Callout, ProgressBar, Toasts } from '../ui/feedback.js';
import { BulkheadBar } from './bulkhead-bar.js';
import { ConnectionQuestionDialog } from './connection-question.js';
import { FirstRun } from './first-run.js';
import { Mark } from './mark.js';
import { Messages } from './messages.js';
import { NetworkStrip } from './network-strip.js';
import { Palette } from './palette.js';
import { useShortcuts } from './shortcuts.js';
import { Sidebar } from './sidebar.js';
import { Dialogs } from './wallet-dialogs.js';

/** Theme and network as attributes of the root element: the style sheets do the rest. */
function useFrame(): void {
  const { theme } = useSettings();
  const network = useNetwork();
  const [systemDark, setSystemDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const follow = (): void => setSystemDark(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  useEffect(() => {
    const root = document.documentElement;
    root.dataset['theme'] = theme === 'system' ? (systemDark ? 'dark' : 'light') : theme;
    root.dataset['network'] = network ?? 'none';
  }, [theme, systemDark, network]);
}

function Pages() {
  const page = useView((view) => view.page);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const t = useText();
  const network = useNetwork();
  useEffect(() => {
    document.title = network === null || network === 'main' ? `${t(`page.${page}`)} · Bulkhead` : `${t(`page.${page}`)} · Bulkhead · ${t(`network.${network}`)}`;
  }, [page, network, t]);
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.querySelector<HTMLElement>('#page-title')?.focus({ preventScroll: true });
  }, [page]);
  return (
    <main ref={main} className="main">
      {page === 'overview' && <OverviewPage />}
      {page === 'send' && <SendPage />}
      {page === 'receive' && <ReceivePage />}
      {page === 'transactions' && <TransactionsPage />}
      {page === 'node' && <NodePage />}
      {page === 'settings' && <SettingsPage />}
    </main>
  );
}

/** Before the first snapshot: nothing for a moment, then the mark. */
function Starting() {
  const failure = useBridge((state) => state.failure);
  const t = useText();
  return (
    <div className="starting">
      <Mark size={56} />
      {failure !== null && <Callout tone="bad" what={t('bridge.failed')} why={failure} todo={t('bridge.failed.todo')} />}
    </div>
  );
}

function Stopping() {
  const t = useText();
  return (
    <div className="starting stopping" role="status" data-testid="stopping">
      <Mark size={56} />
      <p>{t('stopping')}</p>
      <p className="muted small">{t('stopping.detail')}</p>
      <div className="stopping-bar">
        <ProgressBar fraction={null} label={t('stopping')} />
      </div>
    </div>
  );
}

export function App() {
  const live = useBridge((state) => state.live);
  const app = useBridge((state) => state.app);
  const palette = useView((view) => view.palette);
  const dialog = useView((view) => view.dialog);
  const restored = useRef(false);
  useFrame();
  useShortcuts();

  useEffect(() => {
    if (app === null || restored.current) return;
    restored.current = true;
    if (isPage(app.settings.page)) useView.setState({ page: app.settings.page });
  }, [app]);

  useBridgeEvent((event) => {
    if (event.name === 'app.openUri') useView.setState({ page: 'send', sendText: event.data.uri });
    if (event.name === 'app.showPage' && isPage(event.data.page)) useView.setState({ page: event.data.page });
  });

  if (!live || app === null) return <Starting />;
  if (app.phase === 'stopping') return <Stopping />;
  if (app.phase === 'first-run' && app.firstRun !== null) return <FirstRun app={app} firstRun={app.firstRun} />;
  return (
    <div className="frame">
      <NetworkStrip />
      <div className="frame-middle">
        <Sidebar />
        <Pages />
      </div>
      <BulkheadBar />
      <Messages />
      <Toasts />
      <Dialogs />
      {/* Dialogs never stack, and what is typed into one is not thrown away: OpenSSH can wait. */}
      {dialog === null && app.question !== null && <ConnectionQuestionDialog key={app.question.id} question={app.question} />}
      {palette && <Palette />}
    </div>
  );
}
