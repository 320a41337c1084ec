import type {
  AppState,
  Compartment,
  CompartmentId,
  FacadeEvent,
  NodeState,
  Notice,
  Progress,
  Snapshot,
  WalletState,
} from '../../src-interfaces/facade.js';

/** The renderer's copy of what main knows. */
export interface BridgeState {
  /** False until the first snapshot arrived. */
  readonly live: boolean;
  /** Sequence number of the last event applied. */
  readonly sequence: number;
  readonly app: AppState | null;
  readonly compartments: readonly Compartment[];
  readonly node: NodeState | null;
  readonly wallets: readonly WalletState[] | null;
  /** Running operations by id. */
  readonly progress: Readonly<Record<string, Progress>>;
  readonly notices: readonly (Notice & { readonly id: number })[];
}

export const initialBridgeState: BridgeState = {
  live: false,
  sequence: 0,
  app: null,
  compartments: [],
  node: null,
  wallets: null,
  progress: {},
  notices: [],
};

const MAX_TRAFFIC = 600;
const MAX_BLOCKS = 200;

export function applySnapshot(state: BridgeState, snapshot: Snapshot): BridgeState {
  return {
    ...state,
    live: true,
    sequence: snapshot.sequence,
    app: snapshot.app,
    compartments: snapshot.compartments,
    node: snapshot.node,
    wallets: snapshot.wallets,
  };
}

function withNode(state: BridgeState, change: (node: NodeState) => NodeState): BridgeState {
  return state.node === null ? state : { ...state, node: change(state.node) };
}

function withWallet(state: BridgeState, name: string, change: (wallet: WalletState) => WalletState): BridgeState {
  if (state.wallets === null) return state;
  return { ...state, wallets: state.wallets.map((wallet) => (wallet.name === name ? change(wallet) : wallet)) };
}

function withProgress(state: BridgeState, progress: Progress): BridgeState {
  const { [progress.id]: _ended, ...others } = state.progress;
  return { ...state, progress: progress.done ? others : { ...others, [progress.id]: progress } };
}

function changed(state: BridgeState, event: FacadeEvent): BridgeState {
  switch (event.name) {
    case 'app.state':
      return { ...state, app: event.data };
    case 'app.progress':
      return withProgress(state, event.data);
    case 'app.notice':
      return { ...state, notices: [...state.notices, { ...event.data, id: event.sequence }] };
    case 'compartments.state':
      return {
        ...state,
        compartments: state.compartments.map((one) => (one.id === event.data.id ? event.data : one)),
      };
    case 'node.state':
      return { ...state, node: event.data };
    case 'node.sync':
      return withNode(state, (node) => ({ ...node, sync: event.data }));
    case 'node.block':
      return withNode(state, (node) => ({
        ...node,
        // After a reorganisation the new block takes the place of those at its height and above.
        recentBlocks: [event.data, ...node.recentBlocks.filter((block) => block.height < event.data.height)].slice(
          0,
          MAX_BLOCKS,
        ),
      }));
    case 'node.network':
      return withNode(state, (node) => ({ ...node, network: event.data }));
    case 'node.mempool':
      return withNode(state, (node) => ({ ...node, mempool: event.data }));
    case 'node.peers':
      return withNode(state, (node) => ({ ...node, peers: event.data }));
    case 'node.bans':
      return withNode(state, (node) => ({ ...node, bans: event.data }));
    case 'node.traffic':
      return withNode(state, (node) => ({ ...node, traffic: [...node.traffic, event.data].slice(-MAX_TRAFFIC) }));
    case 'node.warnings':
      return withNode(state, (node) => ({ ...node, warnings: event.data }));
    case 'wallets.loaded':
      return { ...state, wallets: event.data };
    case 'wallets.state':
      return withWallet(state, event.data.name, () => event.data);
    case 'wallets.balances':
      return withWallet(state, event.data.wallet, (wallet) => ({ ...wallet, balances: event.data.balances }));
    // Views that show these keep their own pages and listen themselves.
    case 'app.openUri':
    case 'app.showPage':
    case 'wallet.transactions':
    case 'wallet.coins':
    case 'wallet.requests':
      return state;
  }
}

/** The state after one event. The caller has checked that it is the next in order. */
export function applyEvent(state: BridgeState, event: FacadeEvent): BridgeState {
  return { ...changed(state, event), sequence: event.sequence };
}

/** A compartment by its name; undefined before the first snapshot. */
export function compartmentOf(state: BridgeState, id: CompartmentId): Compartment | undefined {
  return state.compartments.find((one) => one.id === id);
}
