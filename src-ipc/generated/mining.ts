// Generated from mining.capnp, sha256 76b83e28e9f6ded8. To change it: "npm run generate".

import type { BlockRef } from '../../src-interfaces/generated/common.js';
import type {
  BlockCheckOptions,
  BlockCreateOptions,
  BlockTemplate,
  BlockWaitOptions,
  CoinbaseTx,
  Mining,
} from '../../src-interfaces/generated/mining.js';
import {
  added,
  at,
  bytes,
  capability,
  data,
  list,
  nothing,
  nullable,
  only,
  optional,
  present,
  struct,
  text,
  type StructCodec,
} from '../proxy/codec.js';
import { defineInterface, method, serve, type InterfaceType } from '../proxy/interface.js';
import type { Remote } from '../proxy/remote.js';
import { bool, float64, int64, int64Item, uint32, uint64 } from '../proxy/scalar.js';
import { blockRefCodec } from './common.js';

export const blockCreateOptionsCodec: StructCodec<BlockCreateOptions> = struct(3, 0, {
  useMempool: optional(bool(0, true)),
  blockReservedWeight: optional(uint64(8, 8000n)),
  coinbaseOutputMaxAdditionalSigops: optional(uint64(16, 400n)),
});

export const blockWaitOptionsCodec: StructCodec<BlockWaitOptions> = struct(2, 0, {
  timeout: optional(float64(0, 1.7976931348623157e+308)),
  feeThreshold: optional(int64(8, 2100000000000000n)),
});

export const blockCheckOptionsCodec: StructCodec<BlockCheckOptions> = struct(1, 0, {
  checkMerkleRoot: optional(bool(0, true)),
  checkPow: optional(bool(1, true)),
});

export const coinbaseTxCodec: StructCodec<CoinbaseTx> = struct(3, 3, {
  version: uint32(0),
  sequence: uint32(4),
  scriptSigPrefix: at(0, data),
  witness: at(1, nullable(bytes(32, 'witness'))),
  blockRewardRemaining: int64(8),
  requiredOutputs: at(2, list(data)),
  lockTime: uint32(16),
});

const MINING = { id: 0xf9c68436df3af39en, name: 'Mining' };

const miningMethods = {
  isTestChain: method(MINING, 0, 'isTestChain', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  isInitialBlockDownload: method(MINING, 1, 'isInitialBlockDownload', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  getTip: method(MINING, 2, 'getTip', {
    params: nothing(0, 1),
    results: only(1, 1, 'result', present(bool(0), at(0, blockRefCodec))),
    context: 0,
  }),
  waitTipChanged: method(MINING, 3, 'waitTipChanged', {
    params: struct(1, 2, {
      currentTip: at(1, bytes(32, 'currentTip')),
      timeout: float64(0, 1.7976931348623157e+308),
    }),
    results: only(0, 1, 'result', at(0, nullable(blockRefCodec))),
    context: 0,
  }),
  createNewBlock: method(MINING, 4, 'createNewBlock', {
    params: struct(1, 2, {
      options: at(1, blockCreateOptionsCodec),
      cooldown: added(1, bool(0, true)),
    }),
    results: only(0, 1, 'result', at(0, nullable(capability(() => blockTemplateInterface)))),
    context: 0,
  }),
  checkBlock: method(MINING, 5, 'checkBlock', {
    params: struct(0, 3, { block: at(1, data), options: at(2, blockCheckOptionsCodec) }),
    results: struct(1, 2, { reason: at(0, text), debug: at(1, text), result: bool(0) }),
    context: 0,
  }),
  interrupt: method(MINING, 6, 'interrupt', { params: nothing(0, 0), results: nothing(0, 0) }),
  submitBlock: method(MINING, 7, 'submitBlock', {
    params: struct(0, 2, { block: at(1, data) }),
    results: struct(1, 2, { reason: at(0, text), debug: at(1, text), result: bool(0) }),
    context: 0,
  }),
  getTransactionsByTxID: method(MINING, 8, 'getTransactionsByTxID', {
    params: struct(0, 2, { txids: at(1, list(bytes(32, 'txids'))) }),
    results: only(0, 1, 'result', at(0, list(data))),
    context: 0,
  }),
  getTransactionsByWitnessID: method(MINING, 9, 'getTransactionsByWitnessID', {
    params: struct(0, 2, { wtxids: at(1, list(bytes(32, 'wtxids'))) }),
    results: only(0, 1, 'result', at(0, list(data))),
    context: 0,
  }),
};

/** Mining of another process. */
export class RemoteMining implements Mining, AsyncDisposable {
  constructor(protected readonly remote: Remote) {}

  isTestChain(): Promise<boolean> {
    return this.remote.call(miningMethods.isTestChain, undefined);
  }

  isInitialBlockDownload(): Promise<boolean> {
    return this.remote.call(miningMethods.isInitialBlockDownload, undefined);
  }

  getTip(): Promise<BlockRef | undefined> {
    return this.remote.call(miningMethods.getTip, undefined);
  }

  waitTipChanged(
    currentTip: Uint8Array,
    timeout: number,
    signal?: AbortSignal,
  ): Promise<BlockRef | undefined> {
    return this.remote.call(miningMethods.waitTipChanged, { currentTip, timeout }, signal);
  }

  createNewBlock(
    options: BlockCreateOptions,
    cooldown: boolean | undefined,
    signal?: AbortSignal,
  ): Promise<BlockTemplate | undefined> {
    return this.remote.call(miningMethods.createNewBlock, { options, cooldown }, signal);
  }

  checkBlock(
    block: Uint8Array,
    options: BlockCheckOptions,
  ): Promise<{ readonly reason: string; readonly debug: string; readonly result: boolean }> {
    return this.remote.call(miningMethods.checkBlock, { block, options });
  }

  interrupt(): Promise<void> {
    return this.remote.call(miningMethods.interrupt, undefined);
  }

  submitBlock(block: Uint8Array): Promise<{
    readonly reason: string;
    readonly debug: string;
    readonly result: boolean;
  }> {
    return this.remote.call(miningMethods.submitBlock, { block });
  }

  getTransactionsByTxID(txids: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    return this.remote.call(miningMethods.getTransactionsByTxID, { txids });
  }

  getTransactionsByWitnessID(wtxids: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    return this.remote.call(miningMethods.getTransactionsByWitnessID, { wtxids });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remote.destroy();
  }
}

/** Mining across processes. */
export const miningInterface: InterfaceType<Mining> = defineInterface(MINING, {
  client: (remote) => new RemoteMining(remote),
  methods: [
    serve(miningMethods.isTestChain, (target) => target.isTestChain()),
    serve(miningMethods.isInitialBlockDownload, (target) => target.isInitialBlockDownload()),
    serve(miningMethods.getTip, (target) => target.getTip()),
    serve(miningMethods.waitTipChanged, (target, { currentTip, timeout }, { signal }) =>
      target.waitTipChanged(currentTip, timeout, signal),
    ),
    serve(miningMethods.createNewBlock, (target, { options, cooldown }, { signal }) =>
      target.createNewBlock(options, cooldown, signal),
    ),
    serve(miningMethods.checkBlock, (target, { block, options }) =>
      target.checkBlock(block, options),
    ),
    serve(miningMethods.interrupt, (target) => target.interrupt()),
    serve(miningMethods.submitBlock, (target, { block }) => target.submitBlock(block)),
    serve(miningMethods.getTransactionsByTxID, (target, { txids }) =>
      target.getTransactionsByTxID(txids),
    ),
    serve(miningMethods.getTransactionsByWitnessID, (target, { wtxids }) =>
      target.getTransactionsByWitnessID(wtxids),
    ),
  ],
});

const BLOCK_TEMPLATE = { id: 0xf9671ad841b2f622n, name: 'BlockTemplate' };

const blockTemplateMethods = {
  destroy: method(BLOCK_TEMPLATE, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  getBlockHeader: method(BLOCK_TEMPLATE, 1, 'getBlockHeader', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, data)),
    context: 0,
  }),
  getBlock: method(BLOCK_TEMPLATE, 2, 'getBlock', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, data)),
    context: 0,
  }),
  getTxFees: method(BLOCK_TEMPLATE, 3, 'getTxFees', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, list(int64Item))),
    context: 0,
  }),
  getTxSigops: method(BLOCK_TEMPLATE, 4, 'getTxSigops', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, list(int64Item))),
    context: 0,
  }),
  getCoinbaseTx: method(BLOCK_TEMPLATE, 5, 'getCoinbaseTx', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, coinbaseTxCodec)),
    context: 0,
  }),
  getCoinbaseMerklePath: method(BLOCK_TEMPLATE, 6, 'getCoinbaseMerklePath', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, list(bytes(32, 'result')))),
    context: 0,
  }),
  submitSolutionOld7: method(BLOCK_TEMPLATE, 7, 'submitSolutionOld7', {
    params: struct(2, 2, {
      version: uint32(0),
      timestamp: uint32(4),
      nonce: uint32(8),
      coinbase: at(1, data),
    }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  waitNext: method(BLOCK_TEMPLATE, 8, 'waitNext', {
    params: struct(0, 2, { options: at(1, blockWaitOptionsCodec) }),
    results: only(0, 1, 'result', at(0, nullable(capability(() => blockTemplateInterface)))),
    context: 0,
  }),
  interruptWait: method(BLOCK_TEMPLATE, 9, 'interruptWait', {
    params: nothing(0, 0),
    results: nothing(0, 0),
  }),
  submitSolution: method(BLOCK_TEMPLATE, 10, 'submitSolution', {
    params: struct(2, 2, {
      version: uint32(0),
      timestamp: uint32(4),
      nonce: uint32(8),
      coinbase: at(1, data),
    }),
    results: struct(1, 2, { reason: at(0, text), debug: at(1, text), result: bool(0) }),
    context: 0,
  }),
};

/** BlockTemplate of another process. */
export class RemoteBlockTemplate implements BlockTemplate, AsyncDisposable {
  constructor(protected readonly remote: Remote) {}

  destroy(): Promise<void> {
    return this.remote.destroy();
  }

  getBlockHeader(): Promise<Uint8Array> {
    return this.remote.call(blockTemplateMethods.getBlockHeader, undefined);
  }

  getBlock(): Promise<Uint8Array> {
    return this.remote.call(blockTemplateMethods.getBlock, undefined);
  }

  getTxFees(): Promise<readonly bigint[]> {
    return this.remote.call(blockTemplateMethods.getTxFees, undefined);
  }

  getTxSigops(): Promise<readonly bigint[]> {
    return this.remote.call(blockTemplateMethods.getTxSigops, undefined);
  }

  getCoinbaseTx(): Promise<CoinbaseTx> {
    return this.remote.call(blockTemplateMethods.getCoinbaseTx, undefined);
  }

  getCoinbaseMerklePath(): Promise<readonly Uint8Array[]> {
    return this.remote.call(blockTemplateMethods.getCoinbaseMerklePath, undefined);
  }

  submitSolutionOld7(
    version: number,
    timestamp: number,
    nonce: number,
    coinbase: Uint8Array,
  ): Promise<boolean> {
    return this.remote.call(blockTemplateMethods.submitSolutionOld7, {
      version,
      timestamp,
      nonce,
      coinbase,
    });
  }

  waitNext(options: BlockWaitOptions, signal?: AbortSignal): Promise<BlockTemplate | undefined> {
    return this.remote.call(blockTemplateMethods.waitNext, { options }, signal);
  }

  interruptWait(): Promise<void> {
    return this.remote.call(blockTemplateMethods.interruptWait, undefined);
  }

  submitSolution(
    version: number,
    timestamp: number,
    nonce: number,
    coinbase: Uint8Array,
  ): Promise<{ readonly reason: string; readonly debug: string; readonly result: boolean }> {
    return this.remote.call(blockTemplateMethods.submitSolution, {
      version,
      timestamp,
      nonce,
      coinbase,
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remote.destroy();
  }
}

/** BlockTemplate across processes. */
export const blockTemplateInterface: InterfaceType<BlockTemplate> =
  defineInterface(BLOCK_TEMPLATE, {
    client: (remote) => new RemoteBlockTemplate(remote),
    destroy: { method: blockTemplateMethods.destroy, run: (target) => target.destroy() },
    methods: [
      serve(blockTemplateMethods.getBlockHeader, (target) => target.getBlockHeader()),
      serve(blockTemplateMethods.getBlock, (target) => target.getBlock()),
      serve(blockTemplateMethods.getTxFees, (target) => target.getTxFees()),
      serve(blockTemplateMethods.getTxSigops, (target) => target.getTxSigops()),
      serve(blockTemplateMethods.getCoinbaseTx, (target) => target.getCoinbaseTx()),
      serve(blockTemplateMethods.getCoinbaseMerklePath, (target) => target.getCoinbaseMerklePath()),
      serve(
        blockTemplateMethods.submitSolutionOld7,
        (target, { version, timestamp, nonce, coinbase }) =>
          target.submitSolutionOld7(version, timestamp, nonce, coinbase),
      ),
      serve(blockTemplateMethods.waitNext, (target, { options }, { signal }) =>
        target.waitNext(options, signal),
      ),
      serve(blockTemplateMethods.interruptWait, (target) => target.interruptWait()),
      serve(blockTemplateMethods.submitSolution, (target, { version, timestamp, nonce, coinbase }) =>
        target.submitSolution(version, timestamp, nonce, coinbase),
      ),
    ],
  });
