import { OP_1 } from '../../src-bitcoin/script/opcodes.js';
import { CallFailure } from '../../src-interfaces/errors.js';
import type { Chainstate } from '../kernel/types.js';
import type { BlockTemplate, NodeMiner, TemplateOptions } from './miner.js';

/** Whoever uses the template puts a coinbase of their own in the place of the one that pays this. */
const anyoneCanSpend = Uint8Array.of(OP_1);

/**
 * A template for the block after the tip, checked as a whole.
 * @throws CallFailure if the node made an invalid one
 */
export async function testedTemplate(miner: Pick<NodeMiner, 'template'>, chainstate: Chainstate, options: TemplateOptions): Promise<BlockTemplate> {
  for (;;) {
    const template = await miner.template(anyoneCanSpend, options);
    const failure = await chainstate.testBlock(template.block);
    if (failure === undefined) return template;
    const { reason, debug } = failure;
    // The tip has moved between the two: again, on the new one.
    if (reason === 'inconclusive-not-best-prevblk') continue;
    throw new CallFailure('failed', `TestBlockValidity failed: ${reason}${debug === '' ? '' : `, ${debug}`}`);
  }
}
