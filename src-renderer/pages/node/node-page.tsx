import { RotateCw, Unplug } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useEffect, useState } from 'react';
import { useCompartment, useNode } from '../../state/bridge.js';
import { useAction, useFacade } from '../../state/facade-context.js';
import { useText } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Empty, Skeleton } from '../../ui/feedback.js';
import { PageFrame } from '../../ui/page.js';
import { Console } from './console.js';
import { NodeStatus } from './node-status.js';
import { Peers } from './peers.js';

function Gone() {
  const facade = useFacade();
  const t = useText();
  const state = useCompartment('node')?.state;
  const kind = state?.kind;
  const never = state?.kind === 'crashed' ? state.never : undefined;
  const restart = useAction(() => facade.compartments.restart({ compartment: 'node' }));
  if (kind === 'starting' || kind === 'restarting' || kind === undefined) {
    return (
      <div className="node-grid" aria-busy>
        {Array.from({ length: 4 }, (_, index) => (
          <Skeleton key={index} height={180} />
        ))}
      </div>
    );
  }
  return (
    <Empty
      icon={Unplug}
      title={t(never === 'reached' ? 'node.unreached' : 'node.gone')}
      action={
        <Button variant="primary" icon={RotateCw} busy={restart.busy} onClick={() => void restart.run()}>
          {t(never === undefined ? 'crash.node.restart' : 'crash.never.restart')}
        </Button>
      }
    >
      {t(never === 'reached' ? 'node.unreached.text' : 'node.gone.text')}
    </Empty>
  );
}

export function NodePage() {
  const facade = useFacade();
  const node = useNode();
  const t = useText();
  const [chosen, setTab] = useState('status');
  // Of a node without commands, peers and console are not offered.
  const tabs = node?.offers.commands === false ? (['status'] as const) : (['status', 'peers', 'console'] as const);
  const tab = tabs.find((name) => name === chosen) ?? 'status';

  // Peers and traffic are sampled by main only while somebody looks.
  useEffect(() => {
    const tell = (): void => void facade.node.watch({ on: !document.hidden });
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => {
      document.removeEventListener('visibilitychange', tell);
      void facade.node.watch({ on: false });
    };
  }, [facade]);

  return (
    <PageFrame title={t('page.node')} testId="page-node" fill>
      <Tabs.Root value={tab} onValueChange={setTab} className="tabs">
        <Tabs.List className="tab-list" aria-label={t('page.node')}>
          {tabs.map((name) => (
            <Tabs.Trigger key={name} value={name} className="tab" data-testid={`node-tab-${name}`}>
              {t(`node.tab.${name}`)}
              {name === 'peers' && node !== null && <span className="tab-count tabular">{node.network.inbound + node.network.outbound}</span>}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="status" className="tab-body">
          {node === null ? <Gone /> : <NodeStatus node={node} />}
        </Tabs.Content>
        <Tabs.Content value="peers" className="tab-body">
          {node === null ? <Gone /> : <Peers node={node} />}
        </Tabs.Content>
        <Tabs.Content value="console" className="tab-body console-tab">
          <Console />
        </Tabs.Content>
      </Tabs.Root>
    </PageFrame>
  );
}
