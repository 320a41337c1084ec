import { fromHex, hashFromHex } from '../bytes/hex.js';
import { ByteWriter } from '../bytes/writer.js';
import { hash256 } from '../crypto/hash.js';
import type { ChainName, ChainParams, ConsensusParams, Deployment } from './chain-params.js';
import { genesisBlock, satoshiPublicKey, timesMessage, type GenesisSpec } from './genesis.js';

const alwaysActive = -1n;
const neverActive = -2n;
const noTimeout = 0x7fff_ffff_ffff_ffffn;

const twoWeeks = 14 * 24 * 60 * 60;
const tenMinutes = 10 * 60;
const powLimit32 = (1n << 224n) - 1n;

function deployment(bit: number, startTime: bigint, threshold: number, rest: Partial<Deployment> = {}): Deployment {
  return { bit, startTime, timeout: noTimeout, minActivationHeight: 0, period: 2016, threshold, ...rest };
}

/** Rules shared by the public networks; each names what it does otherwise. */
const publicNetwork = {
  subsidyHalvingInterval: 210_000,
  bip34Height: 1,
  bip34Hash: undefined,
  bip65Height: 1,
  bip66Height: 1,
  csvHeight: 1,
  segwitHeight: 1,
  powLimit: powLimit32,
  powAllowMinDifficultyBlocks: false,
  enforceBip94: false,
  powNoRetargeting: false,
  powTargetSpacing: tenMinutes,
  powTargetTimespan: twoWeeks,
  signetChallenge: undefined,
  scriptFlagExceptions: new Map<string, readonly string[]>(),
} satisfies Partial<ConsensusParams>;

const mainPrefixes = {
  bech32Prefix: 'bc',
  pubkeyHashPrefix: 0,
  scriptHashPrefix: 5,
  secretKeyPrefix: 128,
  extendedPublicPrefix: 0x0488b21e,
  extendedSecretPrefix: 0x0488ade4,
};

const testPrefixes = {
  bech32Prefix: 'tb',
  pubkeyHashPrefix: 111,
  scriptHashPrefix: 196,
  secretKeyPrefix: 239,
  extendedPublicPrefix: 0x043587cf,
  extendedSecretPrefix: 0x04358394,
};

function timesGenesis(time: number, nonce: number, bits: number): GenesisSpec {
  return { time, nonce, bits, message: timesMessage, publicKey: satoshiPublicKey };
}

function mainParams(): ChainParams {
  return {
    chain: 'main',
    directory: '',
    magic: fromHex('f9beb4d9'),
    defaultPort: 8333,
    rpcPort: 8332,
    ...mainPrefixes,
    genesis: genesisBlock(timesGenesis(1231006505, 2083236893, 0x1d00ffff)),
    consensus: {
      ...publicNetwork,
      bip34Height: 227_931,
      bip34Hash: hashFromHex('000000000000024b89b42a942fe0d9fea3bb44ab7bd1b19115dd6a759c0808b8'),
      bip65Height: 388_381,
      bip66Height: 363_725,
      csvHeight: 419_328,
      segwitHeight: 481_824,
      deployments: {
        testdummy: deployment(28, neverActive, 1815),
        taproot: deployment(2, 1619222400n, 1815, { timeout: 1628640000n, minActivationHeight: 709_632 }),
      },
      minimumChainWork: 0xdee8e2a309ad8a9820433c68n,
      defaultAssumeValid: hashFromHex('00000000000000000000611fd22f2df7c8fbd0688745c3a6c3bb5109cc2a12cb'),
      scriptFlagExceptions: new Map([
        // One block breaks BIP16, one breaks the taproot rules that came after it.
        ['00000000000002dc756eebf4f49723ed8d30cc28a5f108eb94b1ba88ac4f9c22', []],
        ['0000000000000000000f14c35b2d841e986ab5441de8c585d5ffe55ea1e395ad', ['P2SH', 'WITNESS']],
      ]),
    },
    pruneAfterHeight: 100_000,
    dnsSeeds: [
      'seed.bitcoin.sipa.be.',
      'dnsseed.bluematt.me.',
      'seed.bitcoin.jonasschnelli.ch.',
      'seed.btc.petertodd.net.',
      'seed.bitcoin.sprovoost.nl.',
      'dnsseed.emzy.de.',
      'seed.bitcoin.wiz.biz.',
      'seed.mainnet.achownodes.xyz.',
    ],
    mineBlocksOnDemand: false,
    isTestChain: false,
    chainTxData: { time: 1756722903, txCount: 1235299397, txRate: 5.456290459519495 },
  };
}

function testnet3Params(): ChainParams {
  return {
    chain: 'test',
    directory: 'testnet3',
    magic: fromHex('0b110907'),
    defaultPort: 18333,
    rpcPort: 18332,
    ...testPrefixes,
    genesis: genesisBlock(timesGenesis(1296688602, 414098458, 0x1d00ffff)),
    consensus: {
      ...publicNetwork,
      bip34Height: 21_111,
      bip34Hash: hashFromHex('0000000023b3a96d3484e5abb3755c413e7d41500f8e2a5c3f0dd01299cd8ef8'),
      bip65Height: 581_885,
      bip66Height: 330_776,
      csvHeight: 770_112,
      segwitHeight: 834_624,
      powAllowMinDifficultyBlocks: true,
      deployments: {
        testdummy: deployment(28, neverActive, 1512),
        taproot: deployment(2, 1619222400n, 1512, { timeout: 1628640000n }),
      },
      minimumChainWork: 0x16dd270dd94fac1d7632n,
      defaultAssumeValid: hashFromHex('0000000000000065c6c38258e201971a3fdfcc2ceee0dd6e85a6c022d45dee34'),
      scriptFlagExceptions: new Map([['00000000dd30457c001f4095d208cc1296b0eed002427aa599874af7a432b105', []]]),
    },
    pruneAfterHeight: 1000,
    dnsSeeds: [
      'testnet-seed.bitcoin.jonasschnelli.ch.',
      'seed.tbtc.petertodd.net.',
      'seed.testnet.bitcoin.sprovoost.nl.',
      'testnet-seed.bluematt.me.',
      'seed.testnet.achownodes.xyz.',
    ],
    mineBlocksOnDemand: false,
    isTestChain: true,
    chainTxData: { time: 1751816758, txCount: 508468699, txRate: 7.172978845985714 },
  };
}

function testnet4Params(): ChainParams {
  return {
    chain: 'testnet4',
    directory: 'testnet4',
    magic: fromHex('1c163f28'),
    defaultPort: 48333,
    rpcPort: 48332,
    ...testPrefixes,
    genesis: genesisBlock({
      time: 1714777860,
      nonce: 393743547,
      bits: 0x1d00ffff,
      message: '03/May/2024 000000000000000000001ebd58c244970b3aa9d783bb001011fbe8ea8e98e00e',
      publicKey: '00'.repeat(33),
    }),
    consensus: {
      ...publicNetwork,
      powAllowMinDifficultyBlocks: true,
      enforceBip94: true,
      deployments: {
        testdummy: deployment(28, neverActive, 1512),
        taproot: deployment(2, alwaysActive, 1512),
      },
      minimumChainWork: 0x34a4690fe592dc49c7cn,
      defaultAssumeValid: hashFromHex('000000000000000180a58e7fa3b0db84b5ea76377524894f53660d93ac839d9b'),
    },
    pruneAfterHeight: 1000,
    dnsSeeds: ['seed.testnet4.bitcoin.sprovoost.nl.', 'seed.testnet4.wiz.biz.'],
    mineBlocksOnDemand: false,
    isTestChain: true,
    chainTxData: { time: 1752470331, txCount: 11414302, txRate: 0.2842619757327476 },
  };
}

const defaultSignetChallenge =
  '512103ad5e0edad18cb1f0fc0d28a3d4f1f3e445640337489abb10404f2d1e086be430210359ef5021964fe22d6f8e05b2463c9540ce96883fe3b278760f048f5189f2e6c452ae';

/** BIP325: the network magic of a signet is the start of the hash of its challenge. */
function signetMagic(challenge: Uint8Array): Uint8Array {
  return hash256(new ByteWriter().varBytes(challenge).finish()).slice(0, 4);
}

function signetParams(customChallenge: Uint8Array | undefined): ChainParams {
  const challenge = customChallenge ?? fromHex(defaultSignetChallenge);
  const isDefault = customChallenge === undefined;
  return {
    chain: 'signet',
    directory: 'signet',
    magic: signetMagic(challenge),
    defaultPort: 38333,
    rpcPort: 38332,
    ...testPrefixes,
    genesis: genesisBlock(timesGenesis(1598918400, 52613770, 0x1e0377ae)),
    consensus: {
      ...publicNetwork,
      powLimit: 0x377aen << 216n,
      deployments: {
        testdummy: deployment(28, neverActive, 1815),
        taproot: deployment(2, alwaysActive, 1815),
      },
      minimumChainWork: isDefault ? 0x67d328e681an : 0n,
      defaultAssumeValid: isDefault
        ? hashFromHex('000000128586e26813922680309f04e1de713c7542fee86ed908f56368aefe2e')
        : undefined,
      signetChallenge: challenge,
    },
    pruneAfterHeight: 1000,
    dnsSeeds: isDefault ? ['seed.signet.bitcoin.sprovoost.nl.', 'seed.signet.achownodes.xyz.'] : [],
    mineBlocksOnDemand: false,
    isTestChain: true,
    chainTxData: isDefault
      ? { time: 1756723017, txCount: 26185472, txRate: 0.7452721495389969 }
      : { time: 0, txCount: 0, txRate: 0 },
  };
}

function regtestParams(): ChainParams {
  return {
    chain: 'regtest',
    directory: 'regtest',
    magic: fromHex('fabfb5da'),
    defaultPort: 18444,
    rpcPort: 18443,
    ...testPrefixes,
    bech32Prefix: 'bcrt',
    genesis: genesisBlock(timesGenesis(1296688602, 2, 0x207fffff)),
    consensus: {
      ...publicNetwork,
      subsidyHalvingInterval: 150,
      segwitHeight: 0,
      powLimit: (1n << 255n) - 1n,
      powAllowMinDifficultyBlocks: true,
      powNoRetargeting: true,
      powTargetTimespan: 24 * 60 * 60,
      deployments: {
        testdummy: deployment(28, 0n, 108, { period: 144 }),
        taproot: deployment(2, alwaysActive, 108, { period: 144 }),
      },
      minimumChainWork: 0n,
      defaultAssumeValid: undefined,
    },
    pruneAfterHeight: 1000,
    dnsSeeds: ['dummySeed.invalid.'],
    mineBlocksOnDemand: true,
    isTestChain: true,
    chainTxData: { time: 0, txCount: 0, txRate: 0.001 },
  };
}

/**
 * The parameters of a network.
 * @param options.signetChallenge block script of a private signet (`-signetchallenge`); ignored elsewhere.
 */
export function chainParams(chain: ChainName, options: { signetChallenge?: Uint8Array } = {}): ChainParams {
  switch (chain) {
    case 'main':
      return mainParams();
    case 'test':
      return testnet3Params();
    case 'testnet4':
      return testnet4Params();
    case 'signet':
      return signetParams(options.signetChallenge);
    case 'regtest':
      return regtestParams();
  }
}

/** True when `name` is a network as `-chain=` takes it. */
export function isChainName(name: string): name is ChainName {
  return name === 'main' || name === 'test' || name === 'testnet4' || name === 'signet' || name === 'regtest';
}
