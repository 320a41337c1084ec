import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import type { LucideIcon } from 'lucide-react';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary` is for the one main action of a page. */
  readonly variant?: 'primary' | 'secondary' | 'quiet' | 'danger';
  readonly icon?: LucideIcon;
  /** The action is under way: the button keeps its size and cannot be pressed again. */
  readonly busy?: boolean;
  readonly small?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant = 'secondary', icon: Icon, busy = false, small = false, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled === true || busy}
      aria-busy={busy || undefined}
      className={`button ${variant}${small ? ' small-button' : ''}${busy ? ' busy' : ''} ${className ?? ''}`}
    >
      {Icon !== undefined && <Icon size={small ? 14 : 16} aria-hidden />}
      <span>{children}</span>
    </button>
  );
}

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: LucideIcon;
  /** Name for screen readers, and the tooltip. */
  readonly label: string;
  readonly size?: number;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ icon: Icon, label, size = 16, className, ...rest }: IconButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} {...rest} className={`icon-button ${className ?? ''}`}>
      <Icon size={size} aria-hidden />
    </button>
  );
}

/** A text that acts, inside a sentence or a table head. */
export function LinkButton({ className, children, ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & { readonly children: ReactNode }) {
  return (
    <button type="button" {...rest} className={`link-button ${className ?? ''}`}>
      {children}
    </button>
  );
}
