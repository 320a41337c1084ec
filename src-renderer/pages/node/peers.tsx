import { Ban, Unplug, Users } from 'lucide-react';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import type { NodeState, Peer } from '../../../src-interfaces/facade.js';
import { bytesText } from '../../logic/traffic-rates.js';
import { useNetwork } from '../../state/bridge.js';
import { useAction, useFacade } from '../../state/facade-context.js';
import { toast } from '../../state/view.js';
import { useText } from '../../text/text.js';
import { durationWords } from '../../app/compartment-words.js';
import { Button } from '../../ui/button.js';
import { Empty } from '../../ui/feedback.js';
import { Menu } from '../../ui/overlay.js';
import { Card, Facts } from '../../ui/page.js';
import { useNow } from '../overview/block-clock.js';

const BAN_TIMES = { hour: 3600, day: 86_400, week: 7 * 86_400, year: 365 * 86_400 } as const;

function PeerDetails({ peer }: { readonly peer: Peer }) {
  const facade = useFacade();
  const t = useText();
  const intl = useIntl();
  const now = useNow();
  const disconnect = useAction(() => facade.node.disconnect({ peer: peer.id }));
  const ban = async (seconds: number): Promise<void> => {
    const answer = await facade.node.ban({ address: peer.address, seconds });
    toast(answer.ok ? t('peers.banned', { address: peer.address }) : answer.error.message, answer.ok ? 'info' : 'bad');
  };
  return (
    <Card className="peer-details" title={<span className="mono">{peer.address}</span>} testId="peer-details">
      <Facts
        className="small"
        items={[
          [t('peers.agent'), peer.userAgent === '' ? '–' : peer.userAgent],
          [t('peers.version'), String(peer.version)],
          [t('peers.transport'), peer.transport === 'detecting' ? '…' : t(`peers.${peer.transport}`)],
          [t('peers.type'), peer.connectionType],
          [t('peers.network'), peer.network === 'not_publicly_routable' ? t('peers.network.private') : peer.network],
          [t('peers.services'), peer.services.join(', ') || '–'],
          [t('peers.since'), durationWords(now - peer.connectedAt, t)],
          [t('peers.ping'), peer.pingMilliseconds === null ? '–' : t('milliseconds', { n: Math.round(peer.pingMilliseconds) })],
          [t('peers.startingHeight'), peer.startingHeight < 0 ? '–' : intl.formatNumber(peer.startingHeight)],
          [t('peers.synced'), intl.formatNumber(Math.max(0, peer.syncedBlocks))],
          [t('peers.relays'), peer.relaysTransactions ? t('yes') : t('no')],
        ]}
      />
      <div className="row peer-actions">
        <Button small icon={Unplug} busy={disconnect.busy} onClick={() => void disconnect.run()} data-testid="peer-disconnect">
          {t('peers.disconnect')}
        </Button>
        <Menu
          label={t('peers.ban')}
          trigger={
            <Button small icon={Ban} data-testid="peer-ban">
              {t('peers.ban')}
            </Button>
          }
          entries={(['hour', 'day', 'week', 'year'] as const).map((span) => ({ key: span, label: t(`peers.ban.${span}`), testId: `peer-ban-${span}`, onSelect: () => void ban(BAN_TIMES[span]) }))}
        />
      </div>
    </Card>
  );
}

export function Peers({ node }: { readonly node: NodeState }) {
  const facade = useFacade();
  const t = useText();
  const network = useNetwork();
  const [chosen, setChosen] = useState<number | null>(null);
  const peer = node.peers.find((one) => one.id === chosen);
  const unban = async (subnet: string): Promise<void> => {
    const answer = await facade.node.unban({ subnet });
    if (!answer.ok) toast(answer.error.message, 'bad');
  };
  return (
    <div className="peers">
      <div className="peers-main stack">
        <Card className="flush">
          {node.peers.length === 0 ? (
            <Empty icon={Users} title={t('peers.none')}>
              {!node.network.active ? t('peers.none.offline') : network === 'regtest' ? t('peers.none.practice') : t('peers.none.text')}
            </Empty>
          ) : (
            <table className="peer-table" data-testid="peer-table">
              <thead>
                <tr>
                  <th>{t('peers.address')}</th>
                  <th>{t('peers.direction')}</th>
                  <th>{t('peers.transport')}</th>
                  <th className="right">{t('peers.ping')}</th>
                  <th className="right">{t('traffic.received')}</th>
                  <th className="right">{t('traffic.sent')}</th>
                </tr>
              </thead>
              <tbody>
                {node.peers.map((one) => (
                  <tr key={one.id} data-testid="peer" aria-selected={one.id === chosen} onClick={() => setChosen(one.id === chosen ? null : one.id)}>
                    <td className="peer-address">
                      <button type="button" className="row-button mono ellipsis" aria-expanded={one.id === chosen}>
                        {one.address}
                      </button>
                    </td>
                    <td className="muted">{t(`peers.${one.direction}`)}</td>
                    <td className="muted">{one.transport === 'detecting' ? '…' : one.transport}</td>
                    <td className="right tabular">{one.pingMilliseconds === null ? '–' : t('milliseconds', { n: Math.round(one.pingMilliseconds) })}</td>
                    <td className="right tabular">{bytesText(one.receivedBytes)}</td>
                    <td className="right tabular">{bytesText(one.sentBytes)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Card>
        {node.bans.length > 0 && (
          <Card title={t('peers.bans')}>
            <ul className="bans">
              {node.bans.map((ban) => (
                <li key={ban.subnet} className="spread" data-testid="ban">
                  <span className="mono">{ban.subnet}</span>
                  <span className="muted small grow">{t('peers.until', { date: new Date(ban.until * 1000) })}</span>
                  <Button small variant="quiet" onClick={() => void unban(ban.subnet)} data-testid="unban">
                    {t('peers.unban')}
                  </Button>
                </li>
              ))}
            </ul>
          </Card>
        )}
      </div>
      {peer !== undefined && <PeerDetails peer={peer} />}
    </div>
  );
}
