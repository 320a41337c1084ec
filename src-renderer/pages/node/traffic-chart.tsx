import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import type { TrafficSample } from '../../../src-interfaces/facade.js';
import { bytesText, trafficRates } from '../../logic/traffic-rates.js';
import { useText } from '../../text/text.js';

const HEIGHT = 168;

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function optionsFor(width: number, names: readonly [string, string]): uPlot.Options {
  const axis = { stroke: colour('--text-3'), font: '11px Inter, system-ui, sans-serif', grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 24, 0, 0],
    scales: { x: { time: true }, y: { range: (_, __, max) => [0, Math.max(1000, max * 1.15)] } },
    axes: [
      // Not finer than a second, which is as fine as the words.
      { ...axis, size: 24, space: 80, incrs: [1, 5, 10, 15, 30, 60, 300, 900, 1800, 3600], values: (_, ticks) => ticks.map((tick) => new Date(tick * 1000).toLocaleTimeString([], { hour12: false, hour: '2-digit', minute: '2-digit', second: '2-digit' })) },
      { ...axis, size: 76, space: 36, values: (_, ticks) => ticks.map((tick) => `${bytesText(tick)}/s`) },
    ],
    series: [
      {},
      { label: names[0], stroke: colour('--chart-in'), width: 1.5, fill: `${colour('--chart-in')}22`, points: { show: false } },
      { label: names[1], stroke: colour('--chart-out'), width: 1.5, points: { show: false }, dash: [5, 3] },
    ],
  };
}

/** The theme that is on screen: what was chosen, or what the system has, once the style sheets follow it. */
function useShownTheme(): string | undefined {
  const root = document.documentElement;
  const [theme, setTheme] = useState(root.dataset['theme']);
  useEffect(() => {
    const read = (): void => setTheme(root.dataset['theme']);
    read();
    const observer = new MutationObserver(read);
    observer.observe(root, { attributeFilter: ['data-theme'] });
    return () => observer.disconnect();
  }, [root]);
  return theme;
}

/** Bytes per second in and out, as main samples them while this page is on screen. */
export function TrafficChart({ samples }: { readonly samples: readonly TrafficSample[] }) {
  const t = useText();
  const theme = useShownTheme();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const rates = useMemo(() => trafficRates(samples), [samples]);
  const latest = useRef(rates);
  latest.current = rates;
  const names: readonly [string, string] = [t('traffic.received'), t('traffic.sent')];

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    let gone = false;
    // A canvas takes whatever face is there when it is drawn.
    void document.fonts.ready.then(() => {
      if (gone) return;
      const { times, received, sent } = latest.current;
      plot.current = new uPlot(optionsFor(element.clientWidth, names), [[...times], [...received], [...sent]], element);
    });
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      gone = true;
      observer.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
    // Built anew for a theme, because a canvas knows nothing of style sheets.
  }, [theme]);
  useEffect(() => {
    plot.current?.setData([[...rates.times], [...rates.received], [...rates.sent]]);
  }, [rates]);

  const last = samples.at(-1);
  return (
    <figure className="traffic" role="img" aria-label={t('traffic.label', { received: bytesText(rates.received.at(-1) ?? 0), sent: bytesText(rates.sent.at(-1) ?? 0) })}>
      <div className="traffic-plot" style={{ height: HEIGHT }}>
        <div ref={place} className={rates.times.length < 2 ? 'invisible' : ''} />
        {rates.times.length < 2 && <p className="quiet traffic-none">{t('traffic.none')}</p>}
      </div>
      <figcaption className="row small muted traffic-legend">
        <span className="swatch in" aria-hidden /> {names[0]} <span className="tabular">{t('traffic.now', { rate: bytesText(rates.received.at(-1) ?? 0), total: bytesText(last?.receivedBytes ?? 0) })}</span>
        <span className="grow" />
        <span className="swatch out" aria-hidden /> {names[1]} <span className="tabular">{t('traffic.now', { rate: bytesText(rates.sent.at(-1) ?? 0), total: bytesText(last?.sentBytes ?? 0) })}</span>
      </figcaption>
    </figure>
  );
}
