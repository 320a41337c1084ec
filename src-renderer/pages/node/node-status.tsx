import { useIntl } from 'react-intl';
import type { MempoolState, NodeState } from '../../../src-interfaces/facade.js';
import { bytesText } from '../../logic/traffic-rates.js';
import { useFacade } from '../../state/facade-context.js';
import { toast } from '../../state/view.js';
import { useText } from '../../text/text.js';
import { Switch } from '../../ui/choice.js';
import { Callout, ProgressBar } from '../../ui/feedback.js';
import { Identifier } from '../../ui/identifier.js';
import { Card, Facts } from '../../ui/page.js';
import { useNow } from '../overview/block-clock.js';
import { agoWords, syncWords } from '../overview/sync-words.js';
import { useTimeWords } from '../shared/time-words.js';
import { TrafficChart } from './traffic-chart.js';

function Bands({ mempool }: { readonly mempool: MempoolState }) {
  const t = useText();
  const most = Math.max(1, ...mempool.bands.map((band) => band.vsize));
  if (mempool.bands.length === 0) return null;
  return (
    <div className="bands" role="img" aria-label={t('mempool.bands')}>
      {mempool.bands.map((band) => (
        <div key={band.fromRate} className="band" title={t('mempool.band', { rate: band.fromRate, size: bytesText(band.vsize) })}>
          <span className="band-bar" style={{ height: `${Math.max(band.vsize === 0 ? 0 : 4, (band.vsize / most) * 100)}%` }} />
          <span className="band-rate">{band.fromRate}</span>
        </div>
      ))}
    </div>
  );
}

/** Says what a node without commands leaves out. */
function TipOnly() {
  const t = useText();
  return (
    <Card title={t('node.noCommands')} testId="node-no-commands">
      <p className="muted">{t('node.noCommands.text')}</p>
    </Card>
  );
}

/** What only commands tell: network, traffic, mempool. */
function CommandCards({ node }: { readonly node: NodeState }) {
  const facade = useFacade();
  const t = useText();
  const intl = useIntl();
  const { network, mempool } = node;
  const setActive = async (active: boolean): Promise<void> => {
    const answer = await facade.node.setNetworkActive({ active });
    if (!answer.ok) toast(answer.error.message, 'bad');
  };
  return (
    <>
      <Card title={t('node.network')}>
        <Switch label={t('node.networkActive')} detail={t('node.networkActive.detail')} checked={network.active} onChange={(active) => void setActive(active)} testId="network-active" />
        <Facts
          className="node-facts"
          items={[
            [t('node.outbound'), intl.formatNumber(network.outbound)],
            [t('node.inbound'), intl.formatNumber(network.inbound)],
            [t('node.agent'), network.userAgent],
            [t('node.local'), network.localAddresses.join(', ') || t('node.local.none')],
          ]}
        />
      </Card>
      <Card title={t('node.traffic')} testId="traffic">
        <TrafficChart samples={node.traffic} />
      </Card>
      <Card title={t('node.mempool')}>
        <Bands mempool={mempool} />
        <Facts
          items={[
            [t('mempool.count'), intl.formatNumber(mempool.count)],
            [t('mempool.size'), `${bytesText(mempool.vsize).replace('B', 'vB')}`],
            [t('mempool.usage'), t('mempool.usage.of', { used: bytesText(mempool.usageBytes), limit: bytesText(mempool.maxUsageBytes) })],
            [t('mempool.minimum'), t('rate', { rate: intl.formatNumber(mempool.minFeeRate, { maximumFractionDigits: 3 }) })],
          ]}
        />
      </Card>
    </>
  );
}

export function NodeStatus({ node }: { readonly node: NodeState }) {
  const t = useText();
  const intl = useIntl();
  const now = useNow();
  const times = useTimeWords();
  const { sync, network } = node;
  return (
    <div className="node-grid">
      {node.warnings.map((warning) => (
        <div key={warning} className="wide">
          <Callout tone="warning" what={warning} />
        </div>
      ))}
      <Card title={t('node.chain')}>
        <p className="node-words" data-testid="node-words">{network.active ? syncWords(sync, t) : t('sync.offline')}</p>
        {sync.phase !== 'synced' && <ProgressBar fraction={sync.phase === 'connecting' ? null : sync.progress} label={t('node.chain')} />}
        <Facts
          items={[
            [t('node.blocks'), intl.formatNumber(sync.height)],
            [t('node.headers'), node.offers.commands ? intl.formatNumber(sync.headers) : '–'],
            [t('node.tip'), sync.tipHash === '' ? '–' : <Identifier key="tip" value={sync.tipHash} what={t('hash')} head={6} tail={12} />],
            [t('node.tipTime'), sync.tipTime === 0 ? '–' : `${times.short(sync.tipTime)} (${agoWords(now - sync.tipTime, t)})`],
          ]}
        />
      </Card>
      {node.offers.commands ? <CommandCards node={node} /> : <TipOnly />}
    </div>
  );
}
