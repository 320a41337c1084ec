import { Dialog as RadixDialog, DropdownMenu, Popover as RadixPopover } from 'radix-ui';
import { X, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from './button.js';
import { useText } from '../text/text.js';

/** The first thing to fill in or choose gets the focus, not the cross in the corner. */
function focusFirst(event: Event): void {
  const content = event.currentTarget;
  if (!(content instanceof HTMLElement)) return;
  const first = content.querySelector<HTMLElement>('input, .file:not(:disabled), .dialog-actions .primary:not(:disabled)');
  if (first === null) return;
  event.preventDefault();
  first.focus();
}

/** A question in the middle of the window. Pages open one at a time (`view.dialog`). */
export function Dialog(props: {
  readonly title: string;
  readonly description?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly testId?: string;
  /** While true the dialog cannot be closed: an action in it is under way. */
  readonly busy?: boolean;
}) {
  const t = useText();
  const close = (): void => {
    if (props.busy !== true) props.onClose();
  };
  return (
    <RadixDialog.Root open onOpenChange={(open) => !open && close()}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className="overlay" />
        <RadixDialog.Content
          className="dialog"
          data-testid={props.testId}
          onOpenAutoFocus={focusFirst}
          {...(props.description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <div className="spread dialog-head">
            <RadixDialog.Title className="dialog-title">{props.title}</RadixDialog.Title>
            <IconButton icon={X} label={t('close')} onClick={close} />
          </div>
          {props.description !== undefined && (
            <RadixDialog.Description className="dialog-description" asChild>
              <div>{props.description}</div>
            </RadixDialog.Description>
          )}
          {props.children}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

export function Popover(props: {
  readonly trigger: ReactNode;
  readonly children: ReactNode;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly side?: 'top' | 'bottom' | 'right';
  readonly align?: 'start' | 'center' | 'end';
  readonly label: string;
  readonly testId?: string;
}) {
  return (
    <RadixPopover.Root open={props.open} onOpenChange={props.onOpenChange}>
      <RadixPopover.Trigger asChild>{props.trigger}</RadixPopover.Trigger>
      <RadixPopover.Portal>
        <RadixPopover.Content
          className="popover"
          side={props.side ?? 'bottom'}
          align={props.align ?? 'start'}
          sideOffset={8}
          collisionPadding={12}
          aria-label={props.label}
          data-testid={props.testId}
        >
          {props.children}
        </RadixPopover.Content>
      </RadixPopover.Portal>
    </RadixPopover.Root>
  );
}

export interface MenuItem {
  readonly key: string;
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly detail?: string;
  readonly disabled?: boolean;
  readonly checked?: boolean;
  readonly testId?: string;
  readonly onSelect: () => void;
}

export type MenuEntry = MenuItem | { readonly key: string; readonly separator: true } | { readonly key: string; readonly heading: string };

export function Menu(props: {
  readonly trigger: ReactNode;
  readonly entries: readonly MenuEntry[];
  readonly align?: 'start' | 'end';
  readonly label: string;
  readonly wide?: boolean;
}) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{props.trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          align={props.align ?? 'start'}
          sideOffset={6}
          collisionPadding={12}
          aria-label={props.label}
          style={props.wide === true ? { minWidth: 'var(--radix-dropdown-menu-trigger-width)' } : undefined}
        >
          {props.entries.map((entry) => {
            if ('separator' in entry) return <DropdownMenu.Separator key={entry.key} className="menu-separator" />;
            if ('heading' in entry) {
              return (
                <DropdownMenu.Label key={entry.key} className="menu-heading">
                  {entry.heading}
                </DropdownMenu.Label>
              );
            }
            const Icon = entry.icon;
            return (
              <DropdownMenu.Item
                key={entry.key}
                className="menu-item"
                disabled={entry.disabled === true}
                data-testid={entry.testId}
                aria-current={entry.checked === true ? 'true' : undefined}
                onSelect={entry.onSelect}
              >
                {Icon !== undefined ? <Icon size={16} aria-hidden /> : <span className="menu-icon-space" />}
                <span className="grow ellipsis">{entry.label}</span>
                {entry.detail !== undefined && <span className="menu-detail">{entry.detail}</span>}
              </DropdownMenu.Item>
            );
          })}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
