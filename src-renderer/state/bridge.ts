import { create } from 'zustand';
import type { CompartmentId, Facade, FacadeEvent, NodeState, Settings, WalletState } from '../../src-interfaces/facade.js';
import { isThere } from '../app/compartment-words.js';
import { applyEvent, applySnapshot, compartmentOf, initialBridgeState, type BridgeState } from './bridge-state.js';
import { followFacade } from './feed.js';

declare global {
  interface Window {
    /** Put there by the preload script. */
    readonly bulkhead?: Facade;
  }
}

interface BridgeStore extends BridgeState {
  /** Grows with each snapshot, and when node or wallets answer anew: views that keep own pages ask again. */
  readonly epoch: number;
  readonly failure: string | null;
}

/** What main pushed. Only `connectBridge` writes to it. */
export const useBridge = create<BridgeStore>()(() => ({ ...initialBridgeState, epoch: 0, failure: null }));

const listeners = new Set<(event: FacadeEvent) => void>();

/** Hears every event after the store has applied it. */
export function onBridgeEvent(listener: (event: FacadeEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Starts following the bridge; called once per window. */
export function connectBridge(facade: Facade): () => void {
  return followFacade(facade, {
    onSnapshot: (snapshot) =>
      useBridge.setState((state) => ({ ...applySnapshot(state, snapshot), epoch: state.epoch + 1, failure: null })),
    onEvent: (event) => {
      const anew = (event.name === 'node.state' || event.name === 'wallets.loaded') && event.data !== null;
      useBridge.setState((state) => ({ ...applyEvent(state, event), epoch: state.epoch + (anew ? 1 : 0) }));
      for (const listener of [...listeners]) listener(event);
    },
    onFailure: (failure) => useBridge.setState({ failure }),
  });
}

export function dismissNotice(id: number): void {
  useBridge.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));
}

const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  unit: 'BTC',
  hideAmounts: false,
  keepRunning: true,
  page: 'overview',
  wallet: '',
  columns: {},
};

export const useSettings = (): Settings => useBridge((state) => state.app?.settings ?? DEFAULT_SETTINGS);
export const useNetwork = () => useBridge((state) => state.app?.network ?? null);
export const useNode = (): NodeState | null => useBridge((state) => state.node);
/** Height of the node's tip; 0 before it is known. */
export const useTip = (): number => useBridge((state) => state.node?.sync.height ?? 0);
export const useCompartment = (id: 'window' | 'node' | 'wallet') => useBridge((state) => compartmentOf(state, id));
/** False when the node that is attached to has no wallets for other programs, also while it is looked for again. */
export const useWalletsOffered = (): boolean => useBridge((state) => state.node?.offers.wallets !== false);
/** Whether wallets can be made and opened: by the node's own wallet process, if it is there. */
export const useCanOpenWallets = (): boolean =>
  useBridge((state) => {
    const compartment = compartmentOf(state, 'wallet');
    return state.node?.offers.wallets !== false && compartment !== undefined && isThere(compartment);
  });
/** Whether the node is somebody else's: it is connected to, and neither stopped nor started from here. */
export const useIsAttached = (): boolean => useBridge((state) => (state.app?.attachAddress ?? '') !== '' || state.node?.offers.wallets === false);
/** Whether a part can be started again from here. Not every node does that for its wallet process. */
export const useRestartable = (id: CompartmentId): boolean => useBridge((state) => id !== 'wallet' || state.node?.offers.restartsWallet !== false);
export const useWallets = (): readonly WalletState[] | null => useBridge((state) => state.wallets);

/** The wallet on show: the one chosen last if it is loaded, else the first. */
export function currentWallet(state: BridgeState): WalletState | null {
  const chosen = state.app?.settings.wallet;
  return state.wallets?.find((wallet) => wallet.name === chosen) ?? state.wallets?.[0] ?? null;
}
export const useWallet = (): WalletState | null => useBridge(currentWallet);
