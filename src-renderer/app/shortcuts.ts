import { useEffect } from 'react';
import { PAGES, useView } from '../state/view.js';
import { useActions } from './actions.js';

/** Ctrl (Cmd on a Mac): K palette, 1–6 pages, B unit; with Shift: M hides amounts. */
export function useShortcuts(): void {
  const actions = useActions();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      const view = useView.getState();
      if (event.shiftKey) {
        if (key !== 'm') return;
        actions.toggleAmounts();
      } else if (key === 'k') {
        if (view.dialog !== null) return;
        useView.setState({ palette: !view.palette });
      } else if (key === 'b') {
        actions.toggleUnit();
      } else {
        const page = /^[1-6]$/.test(key) ? PAGES[Number(key) - 1] : undefined;
        if (page === undefined || view.dialog !== null) return;
        actions.go(page);
      }
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [actions]);
}
