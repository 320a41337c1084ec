/** What the programs call themselves. The version is that of package.json. */
export const productName = 'Bulkhead';
export const productVersion = '0.1.0';

/** Where data is kept when nothing else is asked for, below the person's home directory. Never Bitcoin Core's own. */
export const defaultDirectoryName = '.bulkhead';

/** The Bitcoin Core version whose commands and options the programs follow, as `getnetworkinfo` writes versions: 30.99.0. */
export const compatibleVersion = 309900;
