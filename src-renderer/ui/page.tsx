import type { ReactNode } from 'react';

/** Title line and scrolling body of a page. */
export function PageFrame(props: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  /** The body fills the height and scrolls inside (tables, console). */
  readonly fill?: boolean;
  readonly testId: string;
}) {
  return (
    <section className={`page${props.fill === true ? ' fill' : ''}`} data-testid={props.testId} aria-labelledby="page-title">
      <header className="page-head spread">
        <h1 id="page-title" tabIndex={-1}>
          {props.title}
        </h1>
        {props.aside}
      </header>
      <div className="page-body">{props.children}</div>
    </section>
  );
}

export function Card(props: { readonly title?: ReactNode; readonly aside?: ReactNode; readonly children: ReactNode; readonly className?: string; readonly testId?: string }) {
  return (
    <div className={`card ${props.className ?? ''}`} data-testid={props.testId}>
      {(props.title !== undefined || props.aside !== undefined) && (
        <div className="spread card-head">
          {props.title === undefined ? <span /> : <h2>{props.title}</h2>}
          {props.aside}
        </div>
      )}
      {props.children}
    </div>
  );
}

/** Name and value pairs. */
export function Facts({ items, className }: { readonly items: readonly (readonly [string, ReactNode])[]; readonly className?: string }) {
  return (
    <dl className={`facts ${className ?? ''}`}>
      {items.map(([name, value]) => (
        <div key={name} className="fact">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
