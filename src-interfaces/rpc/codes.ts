import { RpcFailure } from '../errors.js';

/** Error codes of JSON-RPC answers, with Bitcoin Core's numbers. */
export const RpcErrorCode = {
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  parseError: -32700,
  /** Any other error while a command runs. */
  misc: -1,
  forbiddenBySafeMode: -2,
  /** A parameter has the wrong JSON type. */
  type: -3,
  wallet: -4,
  invalidAddressOrKey: -5,
  walletInsufficientFunds: -6,
  outOfMemory: -7,
  invalidParameter: -8,
  clientNotConnected: -9,
  clientInInitialDownload: -10,
  walletInvalidLabelName: -11,
  walletKeypoolRanOut: -12,
  walletUnlockNeeded: -13,
  walletPassphraseIncorrect: -14,
  walletWrongEncryptionState: -15,
  walletEncryptionFailed: -16,
  walletAlreadyUnlocked: -17,
  walletNotFound: -18,
  walletNotSpecified: -19,
  database: -20,
  deserialization: -22,
  clientNodeAlreadyAdded: -23,
  clientNodeNotAdded: -24,
  verify: -25,
  verifyRejected: -26,
  verifyAlreadyInUtxoSet: -27,
  inWarmup: -28,
  clientNodeNotConnected: -29,
  clientInvalidIpOrSubnet: -30,
  clientP2pDisabled: -31,
  methodDeprecated: -32,
  clientMempoolDisabled: -33,
  clientNodeCapacityReached: -34,
  walletAlreadyLoaded: -35,
  walletAlreadyExists: -36,
} as const;

export type RpcErrorName = keyof typeof RpcErrorCode;

/** The error to throw from a command. */
export function rpcError(name: RpcErrorName, message: string): RpcFailure {
  return RpcFailure.of(RpcErrorCode[name], message);
}
