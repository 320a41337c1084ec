import { fromHex, isHex } from '../../src-bitcoin/bytes/hex.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import { OptionError, type OptionValues } from './option-values.js';

/**
 * Settles which network the options choose: from here on its section of bitcoin.conf counts.
 * @throws OptionError
 */
export function selectNetwork(options: OptionValues): ChainParams {
  const chain = options.chain();
  options.selectNetwork(chain);
  const challenges = options.list('signetchallenge');
  const [challenge] = challenges;
  if (challenge === undefined || chain !== 'signet') return chainParams(chain);
  if (challenges.length > 1) throw new OptionError('-signetchallenge cannot be multiple values.');
  if (challenge === '' || !isHex(challenge)) throw new OptionError(`-signetchallenge must be hex, not '${challenge}'.`);
  return chainParams(chain, { signetChallenge: fromHex(challenge) });
}
