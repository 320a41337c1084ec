import { Component, type ErrorInfo, type ReactNode } from 'react';
import { useText } from '../text/text.js';
import { Button } from '../ui/button.js';
import { Callout } from '../ui/feedback.js';

function Fault({ message }: { readonly message: string }) {
  const t = useText();
  return (
    <div className="starting">
      <Callout
        tone="bad"
        testId="window-fault"
        what={t('fault.what')}
        why={message}
        todo={t('fault.todo')}
        actions={
          <Button small onClick={() => location.reload()}>
            {t('fault.reload')}
          </Button>
        }
      />
    </div>
  );
}

/** A fault while drawing: said in words instead of an empty window. Node and wallet do not notice. */
export class FaultBoundary extends Component<{ readonly children: ReactNode }, { readonly fault: Error | null }> {
  override state: { readonly fault: Error | null } = { fault: null };

  static getDerivedStateFromError(thrown: unknown): { readonly fault: Error } {
    return { fault: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override componentDidCatch(thrown: unknown, info: ErrorInfo): void {
    console.error(thrown, info.componentStack);
  }

  override render(): ReactNode {
    return this.state.fault === null ? this.props.children : <Fault message={this.state.fault.message} />;
  }
}
