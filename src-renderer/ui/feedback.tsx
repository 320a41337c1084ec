import { AlertTriangle, CircleAlert, Info, X, type LucideIcon } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import { useBridge } from '../state/bridge.js';
import { dismissToast, useView } from '../state/view.js';
import { useText } from '../text/text.js';
import { IconButton } from './button.js';

const ICONS: Readonly<Record<'info' | 'warning' | 'bad', LucideIcon>> = { info: Info, warning: AlertTriangle, bad: CircleAlert };

/** What happened, why, and what to do, in that order. */
export function Callout(props: {
  readonly tone: 'info' | 'warning' | 'bad';
  readonly what: ReactNode;
  readonly why?: ReactNode;
  readonly todo?: ReactNode;
  readonly actions?: ReactNode;
  readonly onDismiss?: () => void;
  readonly testId?: string;
}) {
  const t = useText();
  const Icon = ICONS[props.tone];
  return (
    <div className={`callout ${props.tone}`} role={props.tone === 'bad' ? 'alert' : 'status'} data-testid={props.testId}>
      <Icon size={18} aria-hidden className="callout-icon" />
      <div className="grow callout-text">
        <p className="callout-what">{props.what}</p>
        {props.why !== undefined && props.why !== null && props.why !== '' && <p className="callout-why">{props.why}</p>}
        {props.todo !== undefined && props.todo !== '' && <p className="callout-todo">{props.todo}</p>}
        {props.actions !== undefined && <div className="row callout-actions">{props.actions}</div>}
      </div>
      {props.onDismiss !== undefined && <IconButton icon={X} label={t('dismiss')} onClick={props.onDismiss} />}
    </div>
  );
}

/** Grey where text will be. */
export function Skeleton(props: { readonly width?: number | string; readonly height?: number; readonly className?: string }) {
  const style: CSSProperties = { width: props.width ?? '100%', height: props.height ?? 14 };
  return <span className={`skeleton ${props.className ?? ''}`} style={style} aria-hidden />;
}

export function ProgressBar({ fraction, label }: { readonly fraction: number | null; readonly label: string }) {
  const percent = fraction === null ? undefined : Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div
      className={`progress${percent === undefined ? ' unknown' : ''}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span style={percent === undefined ? undefined : { transform: `scaleX(${(fraction ?? 0).toFixed(4)})` }} />
    </div>
  );
}

/** An empty place that says what will be here and how to get it. */
export function Empty(props: { readonly icon: LucideIcon; readonly title: string; readonly children?: ReactNode; readonly action?: ReactNode; readonly testId?: string }) {
  const Icon = props.icon;
  return (
    <div className="empty" data-testid={props.testId}>
      <span className="empty-icon">
        <Icon size={22} strokeWidth={1.6} aria-hidden />
      </span>
      <h2>{props.title}</h2>
      {props.children !== undefined && <div className="muted empty-text">{props.children}</div>}
      {props.action !== undefined && <div className="row">{props.action}</div>}
    </div>
  );
}

/** Long operations and short messages, above the bulkhead bar. */
export function Toasts() {
  const toasts = useView((view) => view.toasts);
  const progress = useBridge((state) => state.progress);
  const t = useText();
  return (
    <div className="toasts" role="status" aria-live="polite">
      {Object.values(progress).map((one) => (
        <div key={one.id} className="toast running" data-testid="running-operation">
          <span className="spread">
            <span className="ellipsis">{one.title}</span>
            {one.fraction !== null && <span className="tabular muted">{t('percent', { percent: Math.floor(one.fraction * 100) })}</span>}
          </span>
          <ProgressBar fraction={one.fraction} label={one.title} />
        </div>
      ))}
      {toasts.map((one) => (
        <div key={one.id} className={`toast ${one.tone}`} data-testid="toast">
          <span className="grow">{one.text}</span>
          <IconButton icon={X} size={14} label={t('dismiss')} onClick={() => dismissToast(one.id)} />
        </div>
      ))}
    </div>
  );
}
