import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import type { ConsensusParams } from '../../src-bitcoin/params/chain-params.js';
import { parseScriptFlags, scriptFlags } from '../../src-bitcoin/script/flags.js';
import type { BlockIndex, Chainstate, NextBlockContext } from './types.js';

/** BIP141 rules hold in a block at this height. */
export function segwitActive(height: number, params: ConsensusParams): boolean {
  return height >= params.segwitHeight;
}

/** BIP68, BIP112 and BIP113 rules hold in a block at this height. */
export function csvActive(height: number, params: ConsensusParams): boolean {
  return height >= params.csvHeight;
}

/**
 * Script flags of the block with this hash and height. P2SH, witness and taproot rules are applied to
 * all blocks since ever, with the few blocks that break them named in the parameters.
 */
export function blockScriptFlags(hash: Uint8Array | undefined, height: number, params: ConsensusParams): number {
  const exception = hash === undefined ? undefined : params.scriptFlagExceptions.get(hashToHex(hash));
  let flags =
    exception === undefined ? scriptFlags.P2SH | scriptFlags.WITNESS | scriptFlags.TAPROOT : parseScriptFlags(exception);
  if (height >= params.bip66Height) flags |= scriptFlags.DERSIG;
  if (height >= params.bip65Height) flags |= scriptFlags.CHECKLOCKTIMEVERIFY;
  if (csvActive(height, params)) flags |= scriptFlags.CHECKSEQUENCEVERIFY;
  if (segwitActive(height, params)) flags |= scriptFlags.NULLDUMMY;
  return flags;
}

/** What a block on top of `tip` (default: the chain's tip) would be checked with. */
export function nextBlockContext(chainstate: Chainstate, tip: BlockIndex = chainstate.tip): NextBlockContext {
  const height = tip.height + 1;
  return {
    height,
    medianTimePast: tip.medianTimePast(),
    scriptFlags: blockScriptFlags(undefined, height, chainstate.params.consensus),
  };
}
