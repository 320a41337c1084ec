import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { IntlProvider } from 'react-intl';
import 'uplot/dist/uPlot.min.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/motion.css';
import './ui/buttons.css';
import './ui/fields.css';
import './ui/choices.css';
import './ui/display.css';
import './ui/feedback.css';
import './ui/overlays.css';
import './app/shell.css';
import './app/bulkhead-bar.css';
import './app/palette.css';
import './app/first-run.css';
import './app/dialogs.css';
import './pages/shared/shared.css';
import './pages/overview/overview.css';
import './pages/send/send.css';
import './pages/receive/receive.css';
import './pages/transactions/transactions.css';
import './pages/node/node.css';
import './pages/settings/settings.css';
import type { Facade } from '../src-interfaces/facade.js';
import { App } from './app/app.js';
import { FaultBoundary } from './app/fault-boundary.js';
import { connectBridge } from './state/bridge.js';
import { FacadeProvider } from './state/facade-context.js';
import { en } from './text/en.js';

/** The preload's bridge; in development and test builds, the fake one for `index.html?fake`. */
async function findFacade(): Promise<Facade> {
  if (window.bulkhead !== undefined) return window.bulkhead;
  if (import.meta.env.MODE !== 'production') {
    const { fakeFacadeFromAddress } = await import('./testing/fake-page.js');
    return fakeFacadeFromAddress(location.search);
  }
  throw new Error('this page only works inside Bulkhead');
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no root element');
const facade = await findFacade();
connectBridge(facade);
createRoot(root).render(
  <StrictMode>
    <IntlProvider locale="en" messages={en}>
      <FacadeProvider value={facade}>
        <FaultBoundary>
          <App />
        </FaultBoundary>
      </FacadeProvider>
    </IntlProvider>
  </StrictMode>,
);
