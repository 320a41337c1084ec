import type { Chain } from '../../src-interfaces/generated/chain.js';
import { replacing } from '../../src-interfaces/replacing.js';

/** What a wallet process tells the person who started it. */
export interface AttachedVoice {
  say(text: string): void;
  complain(text: string): void;
}

/**
 * The chain of a node that a wallet process attached to by itself. What a wallet says goes to the person who started
 * it and not to the node's, and which wallets to load is a matter of its own options: the node's settings name those
 * of the wallet process the node starts.
 */
export function attachedChain(chain: Chain, voice: AttachedVoice): Chain {
  const own: Partial<Chain> = {
    initMessage: async (message) => voice.say(message),
    initWarning: async ({ original }) => voice.complain(`Warning: ${original}`),
    initError: async ({ original }) => voice.complain(`Error: ${original}`),
    showProgress: async () => undefined,
    getSettingsList: async () => [],
    // Which wallets to load the next time is for the options of that time.
    updateRwSetting: async () => false,
  };
  return replacing(chain, own);
}
