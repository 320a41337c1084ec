// Generated from wallet.capnp, sha256 c2c703beaa6fb17c. To change it: "npm run generate".

import type {
  BilingualStr,
  Pair,
  Result,
  ResultVoid,
} from '../../src-interfaces/generated/common.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type {
  AddressBookChangedCallback,
  CanGetAddressesChangedCallback,
  CoinControl,
  CreatedTransactionResult,
  LoadWalletCallback,
  Recipient,
  ShowWalletProgressCallback,
  StatusChangedCallback,
  TransactionChangedCallback,
  TxDestination,
  UnloadWalletCallback,
  Wallet,
  WalletAddress,
  WalletBalances,
  WalletLoader,
  WalletMigrationResult,
  WalletTx,
  WalletTxOut,
  WalletTxStatus,
  WitnessUnknown,
} from '../../src-interfaces/generated/wallet.js';
import {
  at,
  bytes,
  capability,
  data,
  list,
  nothing,
  nullable,
  only,
  ownedCapability,
  present,
  secret,
  struct,
  text,
  type StructCodec,
} from '../proxy/codec.js';
import { defineInterface, method, serve, type InterfaceType } from '../proxy/interface.js';
import type { Remote } from '../proxy/remote.js';
import { bool, boolItem, flag32, int32, int64, uint32, uint64 } from '../proxy/scalar.js';
import { serveWanted, want, wanted } from '../proxy/wanted.js';
import { RemoteChainClient, chainClientInterface, feeCalculationCodec } from './chain.js';
import { bilingualStrCodec, pairCodec, resultCodec, resultVoidCodec } from './common.js';
import { handlerInterface } from './handler.js';

export const witnessUnknownCodec: StructCodec<WitnessUnknown> = struct(1, 1, {
  version: uint32(0),
  program: at(0, data),
});

export const txDestinationCodec: StructCodec<TxDestination> = struct(0, 7, {
  pubKey: at(0, nullable(data)),
  pkHash: at(1, nullable(bytes(20, 'pkHash'))),
  scriptHash: at(2, nullable(bytes(20, 'scriptHash'))),
  witnessV0ScriptHash: at(3, nullable(bytes(32, 'witnessV0ScriptHash'))),
  witnessV0KeyHash: at(4, nullable(bytes(20, 'witnessV0KeyHash'))),
  witnessV1Taproot: at(5, nullable(bytes(32, 'witnessV1Taproot'))),
  witnessUnknown: at(6, nullable(witnessUnknownCodec)),
});

export const walletAddressCodec: StructCodec<WalletAddress> = struct(1, 2, {
  dest: at(0, txDestinationCodec),
  isMine: bool(0),
  name: at(1, text),
  purpose: int32(4),
});

export const recipientCodec: StructCodec<Recipient> = struct(2, 1, {
  dest: at(0, txDestinationCodec),
  amount: int64(0),
  subtractFeeFromAmount: bool(64),
});

export const coinControlCodec: StructCodec<CoinControl> = struct(6, 3, {
  destChange: at(0, txDestinationCodec),
  changeType: present(bool(0), int32(4)),
  includeUnsafeInputs: bool(1),
  allowOtherInputs: bool(2),
  overrideFeeRate: bool(4),
  feeRate: at(1, nullable(data)),
  confirmTarget: present(bool(6), int32(8)),
  signalRbf: present(bool(7), bool(8)),
  avoidPartialSpends: bool(9),
  avoidAddressReuse: bool(10),
  feeMode: int32(12),
  minDepth: int32(16),
  maxDepth: int32(20),
  lockTime: present(flag32(24), uint32(28)),
  version: present(flag32(32), uint32(36)),
  maxTxWeight: present(flag32(40), uint32(44)),
  setSelected: at(2, list(bytes(36, 'setSelected'))),
});

export const walletTxCodec: StructCodec<WalletTx> = struct(5, 7, {
  tx: at(0, nullable(data)),
  txinIsMine: at(1, list(boolItem)),
  txoutIsMine: at(2, list(boolItem)),
  txoutIsChange: at(3, list(boolItem)),
  txoutAddress: at(4, list(txDestinationCodec)),
  txoutAddressIsMine: at(5, list(boolItem)),
  credit: int64(0),
  debit: int64(8),
  change: int64(16),
  time: int64(24),
  valueMap: at(6, list(pairCodec(text, text))),
  isCoinbase: bool(256),
});

export const walletTxOutCodec: StructCodec<WalletTxOut> = struct(2, 1, {
  txout: at(0, data),
  time: int64(0),
  depthInMainChain: int32(8),
  isSpent: bool(96),
});

export const walletTxStatusCodec: StructCodec<WalletTxStatus> = struct(3, 0, {
  blockHeight: int32(0),
  blocksToMaturity: int32(4),
  depthInMainChain: int32(8),
  timeReceived: uint32(12),
  lockTime: uint32(16),
  isTrusted: bool(160),
  isAbandoned: bool(161),
  isCoinbase: bool(162),
  isInMainChain: bool(163),
});

export const walletBalancesCodec: StructCodec<WalletBalances> = struct(3, 0, {
  balance: int64(0),
  unconfirmedBalance: int64(8),
  immatureBalance: int64(16),
});

export const createdTransactionResultCodec: StructCodec<CreatedTransactionResult> = struct(2, 2, {
  tx: at(0, data),
  fee: int64(0),
  feeCalc: at(1, feeCalculationCodec),
  changePos: uint32(8),
});

export const walletMigrationResultCodec: StructCodec<WalletMigrationResult> = struct(0, 4, {
  wallet: at(0, capability(() => walletInterface)),
  watchonlyWalletName: at(1, nullable(text)),
  solvablesWalletName: at(2, nullable(text)),
  backupPath: at(3, text),
});

const WALLET = { id: 0xc5f5ca46c6495fcfn, name: 'Wallet' };

const walletMethods = {
  destroy: method(WALLET, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  encryptWallet: method(WALLET, 1, 'encryptWallet', {
    params: struct(0, 2, { walletPassphrase: at(1, secret(data)) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  isCrypted: method(WALLET, 2, 'isCrypted', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  lock: method(WALLET, 3, 'lock', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  unlock: method(WALLET, 4, 'unlock', {
    params: struct(0, 2, { walletPassphrase: at(1, secret(data)) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  isLocked: method(WALLET, 5, 'isLocked', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  changeWalletPassphrase: method(WALLET, 6, 'changeWalletPassphrase', {
    params: struct(0, 3, {
      oldWalletPassphrase: at(1, secret(data)),
      newWalletPassphrase: at(2, secret(data)),
    }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  abortRescan: method(WALLET, 7, 'abortRescan', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  backupWallet: method(WALLET, 8, 'backupWallet', {
    params: struct(0, 2, { filename: at(1, text) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  getWalletName: method(WALLET, 9, 'getWalletName', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, text)),
    context: 0,
  }),
  getNewDestination: method(WALLET, 10, 'getNewDestination', {
    params: struct(1, 2, { outputType: int32(0), label: at(1, text) }),
    results: only(0, 1, 'result', at(0, resultCodec(txDestinationCodec))),
    context: 0,
  }),
  getPubKey: method(WALLET, 11, 'getPubKey', {
    params: struct(0, 3, { script: at(1, data), address: at(2, bytes(20, 'address')) }),
    results: struct(1, 1, { pubKey: at(0, data), result: bool(0) }),
    context: 0,
  }),
  signMessage: method(WALLET, 12, 'signMessage', {
    params: struct(0, 3, { message: at(1, text), pkhash: at(2, bytes(20, 'pkhash')) }),
    results: struct(1, 1, { signature: at(0, text), result: int32(0) }),
    context: 0,
  }),
  isSpendable: method(WALLET, 13, 'isSpendable', {
    params: struct(0, 2, { dest: at(1, txDestinationCodec) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  setAddressBook: method(WALLET, 14, 'setAddressBook', {
    params: struct(1, 3, { dest: at(1, txDestinationCodec), name: at(2, text), purpose: int32(0) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  delAddressBook: method(WALLET, 15, 'delAddressBook', {
    params: struct(0, 2, { dest: at(1, txDestinationCodec) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  getAddress: method(WALLET, 16, 'getAddress', {
    params: struct(1, 2, {
      dest: at(1, txDestinationCodec),
      wantName: want(0),
      wantPurpose: want(1),
    }),
    results: struct(1, 1, {
      name: wanted(at(0, text)),
      purpose: wanted(int32(0)),
      result: bool(32),
    }),
    context: 0,
  }),
  getAddresses: method(WALLET, 17, 'getAddresses', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, list(walletAddressCodec))),
    context: 0,
  }),
  getAddressReceiveRequests: method(WALLET, 18, 'getAddressReceiveRequests', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, list(data))),
    context: 0,
  }),
  setAddressReceiveRequest: method(WALLET, 19, 'setAddressReceiveRequest', {
    params: struct(0, 4, { dest: at(1, txDestinationCodec), id: at(2, data), value: at(3, data) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  displayAddress: method(WALLET, 20, 'displayAddress', {
    params: struct(0, 2, { dest: at(1, txDestinationCodec) }),
    results: only(0, 1, 'result', at(0, resultVoidCodec)),
    context: 0,
  }),
  lockCoin: method(WALLET, 21, 'lockCoin', {
    params: struct(1, 2, { output: at(1, bytes(36, 'output')), writeToDb: bool(0) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  unlockCoin: method(WALLET, 22, 'unlockCoin', {
    params: struct(0, 2, { output: at(1, bytes(36, 'output')) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  isLockedCoin: method(WALLET, 23, 'isLockedCoin', {
    params: struct(0, 2, { output: at(1, bytes(36, 'output')) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  listLockedCoins: method(WALLET, 24, 'listLockedCoins', {
    params: nothing(0, 1),
    results: only(0, 1, 'outputs', at(0, list(bytes(36, 'outputs')))),
    context: 0,
  }),
  createTransaction: method(WALLET, 25, 'createTransaction', {
    params: struct(1, 3, {
      recipients: at(1, list(recipientCodec)),
      coinControl: at(2, coinControlCodec),
      sign: bool(0),
      changePos: present(bool(1), uint32(4)),
    }),
    results: only(0, 1, 'result', at(0, resultCodec(createdTransactionResultCodec))),
    context: 0,
  }),
  commitTransaction: method(WALLET, 26, 'commitTransaction', {
    params: struct(0, 4, {
      tx: at(1, data),
      valueMap: at(2, list(pairCodec(text, text))),
      orderForm: at(3, list(pairCodec(text, text))),
    }),
    results: nothing(0, 0),
    context: 0,
  }),
  transactionCanBeAbandoned: method(WALLET, 27, 'transactionCanBeAbandoned', {
    params: struct(0, 2, { txid: at(1, bytes(32, 'txid')) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  abandonTransaction: method(WALLET, 28, 'abandonTransaction', {
    params: struct(0, 2, { txid: at(1, bytes(32, 'txid')) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  transactionCanBeBumped: method(WALLET, 29, 'transactionCanBeBumped', {
    params: struct(0, 2, { txid: at(1, bytes(32, 'txid')) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  createBumpTransaction: method(WALLET, 30, 'createBumpTransaction', {
    params: struct(0, 3, { txid: at(1, bytes(32, 'txid')), coinControl: at(2, coinControlCodec) }),
    results: struct(3, 2, {
      errors: at(0, list(bilingualStrCodec)),
      oldFee: int64(0),
      newFee: int64(8),
      mtx: at(1, data),
      result: bool(128),
    }),
    context: 0,
  }),
  signBumpTransaction: method(WALLET, 31, 'signBumpTransaction', {
    params: struct(0, 2, { mtx: at(1, data) }),
    results: struct(1, 1, { mtx: at(0, data), result: bool(0) }),
    context: 0,
  }),
  commitBumpTransaction: method(WALLET, 32, 'commitBumpTransaction', {
    params: struct(0, 3, { txid: at(1, bytes(32, 'txid')), mtx: at(2, data) }),
    results: struct(1, 2, {
      errors: at(0, list(bilingualStrCodec)),
      bumpedTxid: at(1, bytes(32, 'bumpedTxid')),
      result: bool(0),
    }),
    context: 0,
  }),
  getTx: method(WALLET, 33, 'getTx', {
    params: struct(0, 2, { txid: at(1, bytes(32, 'txid')) }),
    results: only(0, 1, 'result', at(0, nullable(data))),
    context: 0,
  }),
  getWalletTx: method(WALLET, 34, 'getWalletTx', {
    params: struct(0, 2, { txid: at(1, bytes(32, 'txid')) }),
    results: only(0, 1, 'result', at(0, walletTxCodec)),
    context: 0,
  }),
  getWalletTxs: method(WALLET, 35, 'getWalletTxs', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, list(walletTxCodec))),
    context: 0,
  }),
  tryGetTxStatus: method(WALLET, 36, 'tryGetTxStatus', {
    params: struct(0, 2, { txid: at(1, bytes(32, 'txid')) }),
    results: struct(2, 1, {
      txStatus: at(0, walletTxStatusCodec),
      numBlocks: int32(0),
      blockTime: int64(8),
      result: bool(32),
    }),
    context: 0,
  }),
  getWalletTxDetails: method(WALLET, 37, 'getWalletTxDetails', {
    params: struct(0, 2, { txid: at(1, bytes(32, 'txid')) }),
    results: struct(1, 3, {
      txStatus: at(0, walletTxStatusCodec),
      orderForm: at(1, list(pairCodec(text, text))),
      inMempool: bool(0),
      numBlocks: int32(4),
      result: at(2, walletTxCodec),
    }),
    context: 0,
  }),
  getBalances: method(WALLET, 38, 'getBalances', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, walletBalancesCodec)),
    context: 0,
  }),
  fillPSBT: method(WALLET, 39, 'fillPSBT', {
    params: struct(1, 1, {
      sighashType: int32(0),
      sign: bool(32),
      bip32derivs: bool(33),
      wantNSigned: want(34),
    }),
    results: struct(2, 1, {
      nSigned: wanted(uint64(0)),
      psbt: at(0, data),
      complete: bool(64),
      result: int32(12),
    }),
    context: 0,
  }),
  tryGetBalances: method(WALLET, 40, 'tryGetBalances', {
    params: nothing(0, 1),
    results: struct(1, 2, {
      balances: at(0, walletBalancesCodec),
      blockHash: at(1, bytes(32, 'blockHash')),
      result: bool(0),
    }),
    context: 0,
  }),
  getBalance: method(WALLET, 41, 'getBalance', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', int64(0)),
    context: 0,
  }),
  getAvailableBalance: method(WALLET, 42, 'getAvailableBalance', {
    params: struct(0, 2, { coinControl: at(1, coinControlCodec) }),
    results: only(1, 0, 'result', int64(0)),
    context: 0,
  }),
  txinIsMine: method(WALLET, 43, 'txinIsMine', {
    params: struct(0, 2, { txin: at(1, data) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  txoutIsMine: method(WALLET, 44, 'txoutIsMine', {
    params: struct(0, 2, { txout: at(1, data) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  getDebit: method(WALLET, 45, 'getDebit', {
    params: struct(0, 2, { txin: at(1, data) }),
    results: only(1, 0, 'result', int64(0)),
    context: 0,
  }),
  getCredit: method(WALLET, 46, 'getCredit', {
    params: struct(0, 2, { txout: at(1, data) }),
    results: only(1, 0, 'result', int64(0)),
    context: 0,
  }),
  listCoins: method(WALLET, 47, 'listCoins', {
    params: nothing(0, 1),
    results: only(
      0,
      1,
      'result',
      at(0, list(pairCodec(txDestinationCodec, list(pairCodec(data, walletTxOutCodec))))),
    ),
    context: 0,
  }),
  getCoins: method(WALLET, 48, 'getCoins', {
    params: struct(0, 2, { outputs: at(1, list(bytes(36, 'outputs'))) }),
    results: only(0, 1, 'result', at(0, list(walletTxOutCodec))),
    context: 0,
  }),
  getRequiredFee: method(WALLET, 49, 'getRequiredFee', {
    params: struct(1, 1, { txBytes: uint32(0) }),
    results: only(1, 0, 'result', int64(0)),
    context: 0,
  }),
  getMinimumFee: method(WALLET, 50, 'getMinimumFee', {
    params: struct(1, 2, {
      txBytes: uint32(0),
      coinControl: at(1, coinControlCodec),
      wantReturnedTarget: want(32),
      wantReason: want(33),
    }),
    results: struct(2, 0, {
      returnedTarget: wanted(int32(0)),
      reason: wanted(int32(4)),
      result: int64(8),
    }),
    context: 0,
  }),
  getConfirmTarget: method(WALLET, 51, 'getConfirmTarget', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', uint32(0)),
    context: 0,
  }),
  hdEnabled: method(WALLET, 52, 'hdEnabled', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  canGetAddresses: method(WALLET, 53, 'canGetAddresses', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  privateKeysDisabled: method(WALLET, 54, 'privateKeysDisabled', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  taprootEnabled: method(WALLET, 55, 'taprootEnabled', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  hasExternalSigner: method(WALLET, 56, 'hasExternalSigner', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  getDefaultAddressType: method(WALLET, 57, 'getDefaultAddressType', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', int32(0)),
    context: 0,
  }),
  getDefaultMaxTxFee: method(WALLET, 58, 'getDefaultMaxTxFee', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', int64(0)),
    context: 0,
  }),
  remove: method(WALLET, 59, 'remove', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  handleUnload: method(WALLET, 60, 'handleUnload', {
    params: struct(0, 2, { callback: at(1, capability(() => unloadWalletCallbackInterface)) }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  handleShowProgress: method(WALLET, 61, 'handleShowProgress', {
    params: struct(0, 2, {
      callback: at(1, capability(() => showWalletProgressCallbackInterface)),
    }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  handleStatusChanged: method(WALLET, 62, 'handleStatusChanged', {
    params: struct(0, 2, { callback: at(1, capability(() => statusChangedCallbackInterface)) }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  handleAddressBookChanged: method(WALLET, 63, 'handleAddressBookChanged', {
    params: struct(0, 2, {
      callback: at(1, capability(() => addressBookChangedCallbackInterface)),
    }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  handleTransactionChanged: method(WALLET, 64, 'handleTransactionChanged', {
    params: struct(0, 2, {
      callback: at(1, capability(() => transactionChangedCallbackInterface)),
    }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  handleCanGetAddressesChanged: method(WALLET, 65, 'handleCanGetAddressesChanged', {
    params: struct(0, 2, {
      callback: at(1, capability(() => canGetAddressesChangedCallbackInterface)),
    }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
};

/** Wallet of another process. */
export class RemoteWallet implements Wallet, AsyncDisposable {
  constructor(protected readonly remote: Remote) {}

  destroy(): Promise<void> {
    return this.remote.destroy();
  }

  encryptWallet(walletPassphrase: Uint8Array): Promise<boolean> {
    return this.remote.call(walletMethods.encryptWallet, { walletPassphrase });
  }

  isCrypted(): Promise<boolean> {
    return this.remote.call(walletMethods.isCrypted, undefined);
  }

  lock(): Promise<boolean> {
    return this.remote.call(walletMethods.lock, undefined);
  }

  unlock(walletPassphrase: Uint8Array): Promise<boolean> {
    return this.remote.call(walletMethods.unlock, { walletPassphrase });
  }

  isLocked(): Promise<boolean> {
    return this.remote.call(walletMethods.isLocked, undefined);
  }

  changeWalletPassphrase(
    oldWalletPassphrase: Uint8Array,
    newWalletPassphrase: Uint8Array,
  ): Promise<boolean> {
    return this.remote.call(walletMethods.changeWalletPassphrase, {
      oldWalletPassphrase,
      newWalletPassphrase,
    });
  }

  abortRescan(): Promise<void> {
    return this.remote.call(walletMethods.abortRescan, undefined);
  }

  backupWallet(filename: string): Promise<boolean> {
    return this.remote.call(walletMethods.backupWallet, { filename });
  }

  getWalletName(): Promise<string> {
    return this.remote.call(walletMethods.getWalletName, undefined);
  }

  getNewDestination(outputType: number, label: string): Promise<Result<TxDestination>> {
    return this.remote.call(walletMethods.getNewDestination, { outputType, label });
  }

  getPubKey(
    script: Uint8Array,
    address: Uint8Array,
  ): Promise<{ readonly pubKey: Uint8Array; readonly result: boolean }> {
    return this.remote.call(walletMethods.getPubKey, { script, address });
  }

  signMessage(
    message: string,
    pkhash: Uint8Array,
  ): Promise<{ readonly signature: string; readonly result: number }> {
    return this.remote.call(walletMethods.signMessage, { message, pkhash });
  }

  isSpendable(dest: TxDestination): Promise<boolean> {
    return this.remote.call(walletMethods.isSpendable, { dest });
  }

  setAddressBook(dest: TxDestination, name: string, purpose: number): Promise<boolean> {
    return this.remote.call(walletMethods.setAddressBook, { dest, name, purpose });
  }

  delAddressBook(dest: TxDestination): Promise<boolean> {
    return this.remote.call(walletMethods.delAddressBook, { dest });
  }

  getAddress(
    dest: TxDestination,
    wantName?: boolean,
    wantPurpose?: boolean,
  ): Promise<{ readonly name: string; readonly purpose: number; readonly result: boolean }> {
    return this.remote.call(walletMethods.getAddress, { dest, wantName, wantPurpose });
  }

  getAddresses(): Promise<readonly WalletAddress[]> {
    return this.remote.call(walletMethods.getAddresses, undefined);
  }

  getAddressReceiveRequests(): Promise<readonly Uint8Array[]> {
    return this.remote.call(walletMethods.getAddressReceiveRequests, undefined);
  }

  setAddressReceiveRequest(
    dest: TxDestination,
    id: Uint8Array,
    value: Uint8Array,
  ): Promise<boolean> {
    return this.remote.call(walletMethods.setAddressReceiveRequest, { dest, id, value });
  }

  displayAddress(dest: TxDestination): Promise<ResultVoid> {
    return this.remote.call(walletMethods.displayAddress, { dest });
  }

  lockCoin(output: Uint8Array, writeToDb: boolean): Promise<boolean> {
    return this.remote.call(walletMethods.lockCoin, { output, writeToDb });
  }

  unlockCoin(output: Uint8Array): Promise<boolean> {
    return this.remote.call(walletMethods.unlockCoin, { output });
  }

  isLockedCoin(output: Uint8Array): Promise<boolean> {
    return this.remote.call(walletMethods.isLockedCoin, { output });
  }

  listLockedCoins(): Promise<readonly Uint8Array[]> {
    return this.remote.call(walletMethods.listLockedCoins, undefined);
  }

  createTransaction(
    recipients: readonly Recipient[],
    coinControl: CoinControl,
    sign: boolean,
    changePos: number | undefined,
  ): Promise<Result<CreatedTransactionResult>> {
    return this.remote.call(walletMethods.createTransaction, {
      recipients,
      coinControl,
      sign,
      changePos,
    });
  }

  commitTransaction(
    tx: Uint8Array,
    valueMap: readonly Pair<string, string>[],
    orderForm: readonly Pair<string, string>[],
  ): Promise<void> {
    return this.remote.call(walletMethods.commitTransaction, { tx, valueMap, orderForm });
  }

  transactionCanBeAbandoned(txid: Uint8Array): Promise<boolean> {
    return this.remote.call(walletMethods.transactionCanBeAbandoned, { txid });
  }

  abandonTransaction(txid: Uint8Array): Promise<boolean> {
    return this.remote.call(walletMethods.abandonTransaction, { txid });
  }

  transactionCanBeBumped(txid: Uint8Array): Promise<boolean> {
    return this.remote.call(walletMethods.transactionCanBeBumped, { txid });
  }

  createBumpTransaction(
    txid: Uint8Array,
    coinControl: CoinControl,
  ): Promise<{
    readonly errors: readonly BilingualStr[];
    readonly oldFee: bigint;
    readonly newFee: bigint;
    readonly mtx: Uint8Array;
    readonly result: boolean;
  }> {
    return this.remote.call(walletMethods.createBumpTransaction, { txid, coinControl });
  }

  signBumpTransaction(mtx: Uint8Array): Promise<{
    readonly mtx: Uint8Array;
    readonly result: boolean;
  }> {
    return this.remote.call(walletMethods.signBumpTransaction, { mtx });
  }

  commitBumpTransaction(
    txid: Uint8Array,
    mtx: Uint8Array,
  ): Promise<{
    readonly errors: readonly BilingualStr[];
    readonly bumpedTxid: Uint8Array;
    readonly result: boolean;
  }> {
    return this.remote.call(walletMethods.commitBumpTransaction, { txid, mtx });
  }

  getTx(txid: Uint8Array): Promise<Uint8Array | undefined> {
    return this.remote.call(walletMethods.getTx, { txid });
  }

  getWalletTx(txid: Uint8Array): Promise<WalletTx> {
    return this.remote.call(walletMethods.getWalletTx, { txid });
  }

  getWalletTxs(): Promise<readonly WalletTx[]> {
    return this.remote.call(walletMethods.getWalletTxs, undefined);
  }

  tryGetTxStatus(txid: Uint8Array): Promise<{
    readonly txStatus: WalletTxStatus;
    readonly numBlocks: number;
    readonly blockTime: bigint;
    readonly result: boolean;
  }> {
    return this.remote.call(walletMethods.tryGetTxStatus, { txid });
  }

  getWalletTxDetails(txid: Uint8Array): Promise<{
    readonly txStatus: WalletTxStatus;
    readonly orderForm: readonly Pair<string, string>[];
    readonly inMempool: boolean;
    readonly numBlocks: number;
    readonly result: WalletTx;
  }> {
    return this.remote.call(walletMethods.getWalletTxDetails, { txid });
  }

  getBalances(): Promise<WalletBalances> {
    return this.remote.call(walletMethods.getBalances, undefined);
  }

  fillPSBT(
    sighashType: number,
    sign: boolean,
    bip32derivs: boolean,
    wantNSigned?: boolean,
  ): Promise<{
    readonly nSigned: bigint;
    readonly psbt: Uint8Array;
    readonly complete: boolean;
    readonly result: number;
  }> {
    return this.remote.call(walletMethods.fillPSBT, {
      sighashType,
      sign,
      bip32derivs,
      wantNSigned,
    });
  }

  tryGetBalances(): Promise<{
    readonly balances: WalletBalances;
    readonly blockHash: Uint8Array;
    readonly result: boolean;
  }> {
    return this.remote.call(walletMethods.tryGetBalances, undefined);
  }

  getBalance(): Promise<bigint> {
    return this.remote.call(walletMethods.getBalance, undefined);
  }

  getAvailableBalance(coinControl: CoinControl): Promise<bigint> {
    return this.remote.call(walletMethods.getAvailableBalance, { coinControl });
  }

  txinIsMine(txin: Uint8Array): Promise<boolean> {
    return this.remote.call(walletMethods.txinIsMine, { txin });
  }

  txoutIsMine(txout: Uint8Array): Promise<boolean> {
    return this.remote.call(walletMethods.txoutIsMine, { txout });
  }

  getDebit(txin: Uint8Array): Promise<bigint> {
    return this.remote.call(walletMethods.getDebit, { txin });
  }

  getCredit(txout: Uint8Array): Promise<bigint> {
    return this.remote.call(walletMethods.getCredit, { txout });
  }

  listCoins(): Promise<readonly Pair<TxDestination, readonly Pair<Uint8Array, WalletTxOut>[]>[]> {
    return this.remote.call(walletMethods.listCoins, undefined);
  }

  getCoins(outputs: readonly Uint8Array[]): Promise<readonly WalletTxOut[]> {
    return this.remote.call(walletMethods.getCoins, { outputs });
  }

  getRequiredFee(txBytes: number): Promise<bigint> {
    return this.remote.call(walletMethods.getRequiredFee, { txBytes });
  }

  getMinimumFee(
    txBytes: number,
    coinControl: CoinControl,
    wantReturnedTarget?: boolean,
    wantReason?: boolean,
  ): Promise<{
    readonly returnedTarget: number;
    readonly reason: number;
    readonly result: bigint;
  }> {
    return this.remote.call(walletMethods.getMinimumFee, {
      txBytes,
      coinControl,
      wantReturnedTarget,
      wantReason,
    });
  }

  getConfirmTarget(): Promise<number> {
    return this.remote.call(walletMethods.getConfirmTarget, undefined);
  }

  hdEnabled(): Promise<boolean> {
    return this.remote.call(walletMethods.hdEnabled, undefined);
  }

  canGetAddresses(): Promise<boolean> {
    return this.remote.call(walletMethods.canGetAddresses, undefined);
  }

  privateKeysDisabled(): Promise<boolean> {
    return this.remote.call(walletMethods.privateKeysDisabled, undefined);
  }

  taprootEnabled(): Promise<boolean> {
    return this.remote.call(walletMethods.taprootEnabled, undefined);
  }

  hasExternalSigner(): Promise<boolean> {
    return this.remote.call(walletMethods.hasExternalSigner, undefined);
  }

  getDefaultAddressType(): Promise<number> {
    return this.remote.call(walletMethods.getDefaultAddressType, undefined);
  }

  getDefaultMaxTxFee(): Promise<bigint> {
    return this.remote.call(walletMethods.getDefaultMaxTxFee, undefined);
  }

  remove(): Promise<void> {
    return this.remote.call(walletMethods.remove, undefined);
  }

  handleUnload(callback: UnloadWalletCallback): Promise<Handler> {
    return this.remote.call(walletMethods.handleUnload, { callback });
  }

  handleShowProgress(callback: ShowWalletProgressCallback): Promise<Handler> {
    return this.remote.call(walletMethods.handleShowProgress, { callback });
  }

  handleStatusChanged(callback: StatusChangedCallback): Promise<Handler> {
    return this.remote.call(walletMethods.handleStatusChanged, { callback });
  }

  handleAddressBookChanged(callback: AddressBookChangedCallback): Promise<Handler> {
    return this.remote.call(walletMethods.handleAddressBookChanged, { callback });
  }

  handleTransactionChanged(callback: TransactionChangedCallback): Promise<Handler> {
    return this.remote.call(walletMethods.handleTransactionChanged, { callback });
  }

  handleCanGetAddressesChanged(callback: CanGetAddressesChangedCallback): Promise<Handler> {
    return this.remote.call(walletMethods.handleCanGetAddressesChanged, { callback });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remote.destroy();
  }
}

/** Wallet across processes. */
export const walletInterface: InterfaceType<Wallet> = defineInterface(WALLET, {
  client: (remote) => new RemoteWallet(remote),
  destroy: { method: walletMethods.destroy, run: (target) => target.destroy() },
  methods: [
    serve(walletMethods.encryptWallet, (target, { walletPassphrase }) =>
      target.encryptWallet(walletPassphrase),
    ),
    serve(walletMethods.isCrypted, (target) => target.isCrypted()),
    serve(walletMethods.lock, (target) => target.lock()),
    serve(walletMethods.unlock, (target, { walletPassphrase }) => target.unlock(walletPassphrase)),
    serve(walletMethods.isLocked, (target) => target.isLocked()),
    serve(
      walletMethods.changeWalletPassphrase,
      (target, { oldWalletPassphrase, newWalletPassphrase }) =>
        target.changeWalletPassphrase(oldWalletPassphrase, newWalletPassphrase),
    ),
    serve(walletMethods.abortRescan, (target) => target.abortRescan()),
    serve(walletMethods.backupWallet, (target, { filename }) => target.backupWallet(filename)),
    serve(walletMethods.getWalletName, (target) => target.getWalletName()),
    serve(walletMethods.getNewDestination, (target, { outputType, label }) =>
      target.getNewDestination(outputType, label),
    ),
    serve(walletMethods.getPubKey, (target, { script, address }) =>
      target.getPubKey(script, address),
    ),
    serve(walletMethods.signMessage, (target, { message, pkhash }) =>
      target.signMessage(message, pkhash),
    ),
    serve(walletMethods.isSpendable, (target, { dest }) => target.isSpendable(dest)),
    serve(walletMethods.setAddressBook, (target, { dest, name, purpose }) =>
      target.setAddressBook(dest, name, purpose),
    ),
    serve(walletMethods.delAddressBook, (target, { dest }) => target.delAddressBook(dest)),
    serveWanted(
      walletMethods.getAddress,
      { name: 'wantName', purpose: 'wantPurpose' },
      (target, { dest, wantName, wantPurpose }) => target.getAddress(dest, wantName, wantPurpose),
    ),
    serve(walletMethods.getAddresses, (target) => target.getAddresses()),
    serve(walletMethods.getAddressReceiveRequests, (target) => target.getAddressReceiveRequests()),
    serve(walletMethods.setAddressReceiveRequest, (target, { dest, id, value }) =>
      target.setAddressReceiveRequest(dest, id, value),
    ),
    serve(walletMethods.displayAddress, (target, { dest }) => target.displayAddress(dest)),
    serve(walletMethods.lockCoin, (target, { output, writeToDb }) =>
      target.lockCoin(output, writeToDb),
    ),
    serve(walletMethods.unlockCoin, (target, { output }) => target.unlockCoin(output)),
    serve(walletMethods.isLockedCoin, (target, { output }) => target.isLockedCoin(output)),
    serve(walletMethods.listLockedCoins, (target) => target.listLockedCoins()),
    serve(walletMethods.createTransaction, (target, { recipients, coinControl, sign, changePos }) =>
      target.createTransaction(recipients, coinControl, sign, changePos),
    ),
    serve(walletMethods.commitTransaction, (target, { tx, valueMap, orderForm }) =>
      target.commitTransaction(tx, valueMap, orderForm),
    ),
    serve(walletMethods.transactionCanBeAbandoned, (target, { txid }) =>
      target.transactionCanBeAbandoned(txid),
    ),
    serve(walletMethods.abandonTransaction, (target, { txid }) => target.abandonTransaction(txid)),
    serve(walletMethods.transactionCanBeBumped, (target, { txid }) =>
      target.transactionCanBeBumped(txid),
    ),
    serve(walletMethods.createBumpTransaction, (target, { txid, coinControl }) =>
      target.createBumpTransaction(txid, coinControl),
    ),
    serve(walletMethods.signBumpTransaction, (target, { mtx }) => target.signBumpTransaction(mtx)),
    serve(walletMethods.commitBumpTransaction, (target, { txid, mtx }) =>
      target.commitBumpTransaction(txid, mtx),
    ),
    serve(walletMethods.getTx, (target, { txid }) => target.getTx(txid)),
    serve(walletMethods.getWalletTx, (target, { txid }) => target.getWalletTx(txid)),
    serve(walletMethods.getWalletTxs, (target) => target.getWalletTxs()),
    serve(walletMethods.tryGetTxStatus, (target, { txid }) => target.tryGetTxStatus(txid)),
    serve(walletMethods.getWalletTxDetails, (target, { txid }) => target.getWalletTxDetails(txid)),
    serve(walletMethods.getBalances, (target) => target.getBalances()),
    serveWanted(
      walletMethods.fillPSBT,
      { nSigned: 'wantNSigned' },
      (target, { sighashType, sign, bip32derivs, wantNSigned }) =>
        target.fillPSBT(sighashType, sign, bip32derivs, wantNSigned),
    ),
    serve(walletMethods.tryGetBalances, (target) => target.tryGetBalances()),
    serve(walletMethods.getBalance, (target) => target.getBalance()),
    serve(walletMethods.getAvailableBalance, (target, { coinControl }) =>
      target.getAvailableBalance(coinControl),
    ),
    serve(walletMethods.txinIsMine, (target, { txin }) => target.txinIsMine(txin)),
    serve(walletMethods.txoutIsMine, (target, { txout }) => target.txoutIsMine(txout)),
    serve(walletMethods.getDebit, (target, { txin }) => target.getDebit(txin)),
    serve(walletMethods.getCredit, (target, { txout }) => target.getCredit(txout)),
    serve(walletMethods.listCoins, (target) => target.listCoins()),
    serve(walletMethods.getCoins, (target, { outputs }) => target.getCoins(outputs)),
    serve(walletMethods.getRequiredFee, (target, { txBytes }) => target.getRequiredFee(txBytes)),
    serveWanted(
      walletMethods.getMinimumFee,
      { returnedTarget: 'wantReturnedTarget', reason: 'wantReason' },
      (target, { txBytes, coinControl, wantReturnedTarget, wantReason }) =>
        target.getMinimumFee(txBytes, coinControl, wantReturnedTarget, wantReason),
    ),
    serve(walletMethods.getConfirmTarget, (target) => target.getConfirmTarget()),
    serve(walletMethods.hdEnabled, (target) => target.hdEnabled()),
    serve(walletMethods.canGetAddresses, (target) => target.canGetAddresses()),
    serve(walletMethods.privateKeysDisabled, (target) => target.privateKeysDisabled()),
    serve(walletMethods.taprootEnabled, (target) => target.taprootEnabled()),
    serve(walletMethods.hasExternalSigner, (target) => target.hasExternalSigner()),
    serve(walletMethods.getDefaultAddressType, (target) => target.getDefaultAddressType()),
    serve(walletMethods.getDefaultMaxTxFee, (target) => target.getDefaultMaxTxFee()),
    serve(walletMethods.remove, (target) => target.remove()),
    serve(walletMethods.handleUnload, (target, { callback }) => target.handleUnload(callback)),
    serve(walletMethods.handleShowProgress, (target, { callback }) =>
      target.handleShowProgress(callback),
    ),
    serve(walletMethods.handleStatusChanged, (target, { callback }) =>
      target.handleStatusChanged(callback),
    ),
    serve(walletMethods.handleAddressBookChanged, (target, { callback }) =>
      target.handleAddressBookChanged(callback),
    ),
    serve(walletMethods.handleTransactionChanged, (target, { callback }) =>
      target.handleTransactionChanged(callback),
    ),
    serve(walletMethods.handleCanGetAddressesChanged, (target, { callback }) =>
      target.handleCanGetAddressesChanged(callback),
    ),
  ],
});

const UNLOAD_WALLET_CALLBACK = { id: 0x87a230ae23c56a66n, name: 'UnloadWalletCallback' };

const unloadWalletCallbackMethods = {
  destroy: method(UNLOAD_WALLET_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(UNLOAD_WALLET_CALLBACK, 1, 'call', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** UnloadWalletCallback across processes. */
export const unloadWalletCallbackInterface: InterfaceType<UnloadWalletCallback> =
  defineInterface(UNLOAD_WALLET_CALLBACK, {
    client: (remote) => Object.assign(
      () => remote.call(unloadWalletCallbackMethods.call, undefined),
      { destroy: () => remote.destroy() },
    ),
    destroy: { method: unloadWalletCallbackMethods.destroy, run: (target) => target.destroy?.() },
    methods: [serve(unloadWalletCallbackMethods.call, (target) => target())],
  });

const SHOW_WALLET_PROGRESS_CALLBACK = {
  id: 0xa31e41c2528bd1f1n,
  name: 'ShowWalletProgressCallback',
};

const showWalletProgressCallbackMethods = {
  destroy: method(SHOW_WALLET_PROGRESS_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(SHOW_WALLET_PROGRESS_CALLBACK, 1, 'call', {
    params: struct(1, 2, { title: at(1, text), progress: int32(0) }),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** ShowWalletProgressCallback across processes. */
export const showWalletProgressCallbackInterface: InterfaceType<ShowWalletProgressCallback> =
  defineInterface(SHOW_WALLET_PROGRESS_CALLBACK, {
    client: (remote) => Object.assign(
      (title: string, progress: number) =>
        remote.call(showWalletProgressCallbackMethods.call, { title, progress }),
      { destroy: () => remote.destroy() },
    ),
    destroy: {
      method: showWalletProgressCallbackMethods.destroy,
      run: (target) => target.destroy?.(),
    },
    methods: [
      serve(showWalletProgressCallbackMethods.call, (target, { title, progress }) =>
        target(title, progress),
      ),
    ],
  });

const STATUS_CHANGED_CALLBACK = { id: 0xde63c88146b7284en, name: 'StatusChangedCallback' };

const statusChangedCallbackMethods = {
  destroy: method(STATUS_CHANGED_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(STATUS_CHANGED_CALLBACK, 1, 'call', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** StatusChangedCallback across processes. */
export const statusChangedCallbackInterface: InterfaceType<StatusChangedCallback> =
  defineInterface(STATUS_CHANGED_CALLBACK, {
    client: (remote) => Object.assign(
      () => remote.call(statusChangedCallbackMethods.call, undefined),
      { destroy: () => remote.destroy() },
    ),
    destroy: { method: statusChangedCallbackMethods.destroy, run: (target) => target.destroy?.() },
    methods: [serve(statusChangedCallbackMethods.call, (target) => target())],
  });

const ADDRESS_BOOK_CHANGED_CALLBACK = {
  id: 0xad868d169d144a1bn,
  name: 'AddressBookChangedCallback',
};

const addressBookChangedCallbackMethods = {
  destroy: method(ADDRESS_BOOK_CHANGED_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(ADDRESS_BOOK_CHANGED_CALLBACK, 1, 'call', {
    params: struct(2, 3, {
      address: at(1, txDestinationCodec),
      label: at(2, text),
      isMine: bool(0),
      purpose: int32(4),
      status: int32(8),
    }),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** AddressBookChangedCallback across processes. */
export const addressBookChangedCallbackInterface: InterfaceType<AddressBookChangedCallback> =
  defineInterface(ADDRESS_BOOK_CHANGED_CALLBACK, {
    client: (remote) => Object.assign(
      (address: TxDestination, label: string, isMine: boolean, purpose: number, status: number) =>
        remote.call(addressBookChangedCallbackMethods.call, {
          address,
          label,
          isMine,
          purpose,
          status,
        }),
      { destroy: () => remote.destroy() },
    ),
    destroy: {
      method: addressBookChangedCallbackMethods.destroy,
      run: (target) => target.destroy?.(),
    },
    methods: [
      serve(
        addressBookChangedCallbackMethods.call,
        (target, { address, label, isMine, purpose, status }) =>
          target(address, label, isMine, purpose, status),
      ),
    ],
  });

const TRANSACTION_CHANGED_CALLBACK = {
  id: 0x96d115fd9b806538n,
  name: 'TransactionChangedCallback',
};

const transactionChangedCallbackMethods = {
  destroy: method(TRANSACTION_CHANGED_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(TRANSACTION_CHANGED_CALLBACK, 1, 'call', {
    params: struct(1, 2, { txid: at(1, bytes(32, 'txid')), status: int32(0) }),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** TransactionChangedCallback across processes. */
export const transactionChangedCallbackInterface: InterfaceType<TransactionChangedCallback> =
  defineInterface(TRANSACTION_CHANGED_CALLBACK, {
    client: (remote) => Object.assign(
      (txid: Uint8Array, status: number) =>
        remote.call(transactionChangedCallbackMethods.call, { txid, status }),
      { destroy: () => remote.destroy() },
    ),
    destroy: {
      method: transactionChangedCallbackMethods.destroy,
      run: (target) => target.destroy?.(),
    },
    methods: [
      serve(transactionChangedCallbackMethods.call, (target, { txid, status }) =>
        target(txid, status),
      ),
    ],
  });

const CAN_GET_ADDRESSES_CHANGED_CALLBACK = {
  id: 0xbbfeaf2e5d6b3539n,
  name: 'CanGetAddressesChangedCallback',
};

const canGetAddressesChangedCallbackMethods = {
  destroy: method(CAN_GET_ADDRESSES_CHANGED_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(CAN_GET_ADDRESSES_CHANGED_CALLBACK, 1, 'call', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** CanGetAddressesChangedCallback across processes. */
export const canGetAddressesChangedCallbackInterface: InterfaceType<CanGetAddressesChangedCallback> =
  defineInterface(CAN_GET_ADDRESSES_CHANGED_CALLBACK, {
    client: (remote) => Object.assign(
      () => remote.call(canGetAddressesChangedCallbackMethods.call, undefined),
      { destroy: () => remote.destroy() },
    ),
    destroy: {
      method: canGetAddressesChangedCallbackMethods.destroy,
      run: (target) => target.destroy?.(),
    },
    methods: [serve(canGetAddressesChangedCallbackMethods.call, (target) => target())],
  });

const WALLET_LOADER = { id: 0xba10da251bfac23an, name: 'WalletLoader' };

const walletLoaderMethods = {
  createWallet: method(WALLET_LOADER, 0, 'createWallet', {
    params: struct(1, 3, { name: at(1, text), passphrase: at(2, secret(text)), flags: uint64(0) }),
    results: struct(0, 2, {
      warning: at(0, list(bilingualStrCodec)),
      result: at(1, resultCodec(capability(() => walletInterface))),
    }),
    context: 0,
  }),
  loadWallet: method(WALLET_LOADER, 1, 'loadWallet', {
    params: struct(0, 2, { name: at(1, text) }),
    results: struct(0, 2, {
      warning: at(0, list(bilingualStrCodec)),
      result: at(1, resultCodec(capability(() => walletInterface))),
    }),
    context: 0,
  }),
  getWalletDir: method(WALLET_LOADER, 2, 'getWalletDir', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, text)),
    context: 0,
  }),
  restoreWallet: method(WALLET_LOADER, 3, 'restoreWallet', {
    params: struct(1, 3, { backupFile: at(1, data), name: at(2, text), loadAfterRestore: bool(0) }),
    results: struct(0, 2, {
      warning: at(0, list(bilingualStrCodec)),
      result: at(1, resultCodec(nullable(capability(() => walletInterface)))),
    }),
    context: 0,
  }),
  migrateWallet: method(WALLET_LOADER, 4, 'migrateWallet', {
    params: struct(0, 3, { name: at(1, text), passphrase: at(2, secret(text)) }),
    results: only(0, 1, 'result', at(0, resultCodec(walletMigrationResultCodec))),
    context: 0,
  }),
  isEncrypted: method(WALLET_LOADER, 5, 'isEncrypted', {
    params: struct(0, 2, { name: at(1, text) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  listWalletDir: method(WALLET_LOADER, 6, 'listWalletDir', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, list(pairCodec(text, text)))),
    context: 0,
  }),
  getWallets: method(WALLET_LOADER, 7, 'getWallets', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, list(capability(() => walletInterface)))),
    context: 0,
  }),
  handleLoadWallet: method(WALLET_LOADER, 8, 'handleLoadWallet', {
    params: struct(0, 2, { callback: at(1, capability(() => loadWalletCallbackInterface)) }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
};

/** WalletLoader of another process. */
export class RemoteWalletLoader extends RemoteChainClient implements WalletLoader {
  createWallet(
    name: string,
    passphrase: string,
    flags: bigint,
  ): Promise<{ readonly warning: readonly BilingualStr[]; readonly result: Result<Wallet> }> {
    return this.remote.call(walletLoaderMethods.createWallet, { name, passphrase, flags });
  }

  loadWallet(name: string): Promise<{
    readonly warning: readonly BilingualStr[];
    readonly result: Result<Wallet>;
  }> {
    return this.remote.call(walletLoaderMethods.loadWallet, { name });
  }

  getWalletDir(): Promise<string> {
    return this.remote.call(walletLoaderMethods.getWalletDir, undefined);
  }

  restoreWallet(
    backupFile: Uint8Array,
    name: string,
    loadAfterRestore: boolean,
  ): Promise<{
    readonly warning: readonly BilingualStr[];
    readonly result: Result<Wallet | undefined>;
  }> {
    return this.remote.call(walletLoaderMethods.restoreWallet, {
      backupFile,
      name,
      loadAfterRestore,
    });
  }

  migrateWallet(name: string, passphrase: string): Promise<Result<WalletMigrationResult>> {
    return this.remote.call(walletLoaderMethods.migrateWallet, { name, passphrase });
  }

  isEncrypted(name: string): Promise<boolean> {
    return this.remote.call(walletLoaderMethods.isEncrypted, { name });
  }

  listWalletDir(): Promise<readonly Pair<string, string>[]> {
    return this.remote.call(walletLoaderMethods.listWalletDir, undefined);
  }

  getWallets(): Promise<readonly Wallet[]> {
    return this.remote.call(walletLoaderMethods.getWallets, undefined);
  }

  handleLoadWallet(callback: LoadWalletCallback): Promise<Handler> {
    return this.remote.call(walletLoaderMethods.handleLoadWallet, { callback });
  }
}

/** WalletLoader across processes. */
export const walletLoaderInterface: InterfaceType<WalletLoader> = defineInterface(WALLET_LOADER, {
  client: (remote) => new RemoteWalletLoader(remote),
  inherits: [chainClientInterface],
  methods: [
    serve(walletLoaderMethods.createWallet, (target, { name, passphrase, flags }) =>
      target.createWallet(name, passphrase, flags),
    ),
    serve(walletLoaderMethods.loadWallet, (target, { name }) => target.loadWallet(name)),
    serve(walletLoaderMethods.getWalletDir, (target) => target.getWalletDir()),
    serve(walletLoaderMethods.restoreWallet, (target, { backupFile, name, loadAfterRestore }) =>
      target.restoreWallet(backupFile, name, loadAfterRestore),
    ),
    serve(walletLoaderMethods.migrateWallet, (target, { name, passphrase }) =>
      target.migrateWallet(name, passphrase),
    ),
    serve(walletLoaderMethods.isEncrypted, (target, { name }) => target.isEncrypted(name)),
    serve(walletLoaderMethods.listWalletDir, (target) => target.listWalletDir()),
    serve(walletLoaderMethods.getWallets, (target) => target.getWallets()),
    serve(walletLoaderMethods.handleLoadWallet, (target, { callback }) =>
      target.handleLoadWallet(callback),
    ),
  ],
});

const LOAD_WALLET_CALLBACK = { id: 0x868d77561f46af8fn, name: 'LoadWalletCallback' };

const loadWalletCallbackMethods = {
  destroy: method(LOAD_WALLET_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(LOAD_WALLET_CALLBACK, 1, 'call', {
    params: struct(0, 2, { wallet: at(1, ownedCapability(() => walletInterface)) }),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** LoadWalletCallback across processes. */
export const loadWalletCallbackInterface: InterfaceType<LoadWalletCallback> =
  defineInterface(LOAD_WALLET_CALLBACK, {
    client: (remote) => Object.assign(
      (wallet: Wallet) => remote.call(loadWalletCallbackMethods.call, { wallet }),
      { destroy: () => remote.destroy() },
    ),
    destroy: { method: loadWalletCallbackMethods.destroy, run: (target) => target.destroy?.() },
    methods: [serve(loadWalletCallbackMethods.call, (target, { wallet }) => target(wallet))],
  });
