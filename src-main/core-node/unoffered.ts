/** The part of the Node interface that a current Bitcoin Core offers in no way. */
import { CallFailure } from '../../src-interfaces/errors.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { Node } from '../../src-interfaces/generated/node.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';

/** The refusal of a method that no other program may call; the window does not offer it either. */
export function refuse(method: keyof Node): Promise<never> {
  return Promise.reject(new CallFailure('unimplemented', `The attached node does not offer ${method} to other programs.`));
}

/** A subscription to what never happens here. */
export const never: Handler = { disconnect: async () => undefined, destroy: async () => undefined };

/** Starting and settings are such a node's own affair; its wallets are inside it. */
export abstract class UnofferedParts {
  initLogging(): Promise<never> {
    return refuse('initLogging');
  }

  initParameterInteraction(): Promise<never> {
    return refuse('initParameterInteraction');
  }

  getLogCategories(): Promise<never> {
    return refuse('getLogCategories');
  }

  getExitStatus(): Promise<never> {
    return refuse('getExitStatus');
  }

  baseInitialize(): Promise<never> {
    return refuse('baseInitialize');
  }

  appInitMain(): Promise<never> {
    return refuse('appInitMain');
  }

  appShutdown(): Promise<never> {
    return refuse('appShutdown');
  }

  isSettingIgnored(): Promise<never> {
    return refuse('isSettingIgnored');
  }

  getPersistentSetting(): Promise<never> {
    return refuse('getPersistentSetting');
  }

  updateRwSetting(): Promise<never> {
    return refuse('updateRwSetting');
  }

  forceSetting(): Promise<never> {
    return refuse('forceSetting');
  }

  resetSettings(): Promise<never> {
    return refuse('resetSettings');
  }

  mapPort(): Promise<never> {
    return refuse('mapPort');
  }

  getDustRelayFee(): Promise<never> {
    return refuse('getDustRelayFee');
  }

  listExternalSigners(): Promise<never> {
    return refuse('listExternalSigners');
  }

  async walletLoader(): Promise<WalletLoader | undefined> {
    return undefined;
  }

  async handleMessageBox(): Promise<Handler> {
    return never;
  }

  async handleQuestion(): Promise<Handler> {
    return never;
  }

  async handleShowProgress(): Promise<Handler> {
    return never;
  }

  async handleInitWallet(): Promise<Handler> {
    return never;
  }
}
