// Who may import whom. `scripts/check-rooms.mjs` runs it; e2e/rooms.test.ts shows that it bites.
const network = '^(node:)?(net|tls|http|https|http2|dgram|dns|child_process|cluster|inspector)(/|$)';

module.exports = {
  forbidden: [
    {
      name: 'bitcoin-is-pure',
      comment: 'src-bitcoin imports nothing but itself, the curve and hash libraries, and the pure hashes of node:crypto.',
      severity: 'error',
      from: { path: '^src-bitcoin/', pathNot: '\\.test\\.ts$|/testing/|^src-bitcoin/crypto/(secp256k1|curve-native)\\.ts$' },
      to: { pathNot: ['^src-bitcoin/', '^(node:)?crypto$', '(^|/)node_modules/(secp256k1|@noble|@scure/base|@types)/'] },
    },
    {
      name: 'curve-library-loads-natively',
      comment: 'The one door to the native curve library may look at the platform and load the addon, no more.',
      severity: 'error',
      from: { path: '^src-bitcoin/crypto/(secp256k1|curve-native)\\.ts$' },
      to: { pathNot: ['^src-bitcoin/', '^(node:)?(process|module)$', '(^|/)node_modules/(secp256k1|@noble|@types)/'] },
    },
    {
      name: 'interfaces-are-pure',
      comment: 'src-interfaces holds contracts: no I/O, nothing but src-bitcoin.',
      severity: 'error',
      from: { path: '^src-interfaces/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^src-(interfaces|bitcoin)/' },
    },
    {
      name: 'ipc-knows-no-program',
      severity: 'error',
      from: { path: '^src-ipc/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(src-(node|wallet|bitcoind|main|renderer)/)|(^|/)node_modules/electron/' },
    },
    {
      name: 'capnp-only-in-ipc',
      comment: "Cap'n Proto types appear only inside src-ipc.",
      severity: 'error',
      from: { pathNot: '^(src-ipc|e2e/(interop|recorded)|bench/ipc)/' },
      to: { path: '^src-ipc/capnp/|(^|/)node_modules/capnp-ts/' },
    },
    {
      name: 'node-has-no-wallet',
      severity: 'error',
      from: { path: '^src-node/' },
      to: { path: '^(src-(wallet|bitcoind|main|renderer)/)|(^|/)node_modules/electron/' },
    },
    {
      name: 'node-kernel-has-no-network',
      severity: 'error',
      from: { path: '^src-node/kernel/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: [network, '^src-node/(net|rpc|interfaces|init)/', '^src-ipc/'] },
    },
    {
      name: 'node-ipc-only-at-the-door',
      comment: 'Only the composition root of a program knows whether an interface is local or remote.',
      severity: 'error',
      from: { path: '^src-(node|wallet)/', pathNot: '^src-(node|wallet)/(init/|main\\.ts|cli/)|\\.test\\.ts$|/testing/' },
      to: { path: '^src-ipc/', pathNot: '^src-ipc/(logging/|call-scope\\.ts$)' },
    },
    {
      name: 'wallet-has-no-network',
      severity: 'error',
      from: { path: '^src-wallet/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: network },
    },
    {
      name: 'wallet-has-no-node',
      severity: 'error',
      from: { path: '^src-wallet/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^(src-(node|bitcoind|main|renderer)/)|(^|/)node_modules/electron/' },
    },
    {
      name: 'main-has-no-node-or-wallet-code',
      severity: 'error',
      from: { path: '^src-main/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src-(node|wallet|bitcoind|renderer)/' },
    },
    {
      name: 'preload-is-the-facade-only',
      severity: 'error',
      from: { path: '^src-main/preload/' },
      to: { pathNot: ['^src-main/preload/', '^src-interfaces/facade', '(^|/)node_modules/electron/'] },
    },
    {
      name: 'renderer-is-a-web-page',
      comment: 'The renderer imports no Electron, no Node module, and of Bitcoin only the amounts.',
      severity: 'error',
      from: { path: '^src-renderer/', pathNot: '\\.test\\.tsx?$|vite\\.config\\.ts$' },
      to: {
        path: ['(^|/)node_modules/electron/', '^src-(ipc|node|wallet|bitcoind|main)/', '^src-bitcoin/(?!amount)', '^src-interfaces/generated/'],
      },
    },
    {
      name: 'renderer-no-node-modules',
      severity: 'error',
      from: { path: '^src-renderer/', pathNot: '\\.test\\.tsx?$|vite\\.config\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'ipc-main-in-one-file',
      comment: 'Electron in main is imported by few files; see also no-restricted-imports for ipcMain.',
      severity: 'error',
      from: { path: '^(src-bitcoin|src-interfaces|src-ipc|src-node|src-wallet|src-renderer)/' },
      to: { path: '(^|/)node_modules/electron/' },
    },
    {
      name: 'no-circles-between-files',
      comment: "Readers of structs, lists and pointers refer to each other as the data does; they alone may.",
      severity: 'error',
      from: { path: '^src-', pathNot: '^src-ipc/capnp/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'only-listed-packages',
      severity: 'error',
      from: { path: '^src-', pathNot: '\\.test\\.tsx?$|/testing/|/codegen/|vite\\.config\\.ts$' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'], pathNot: '\\.css$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.js', '.json', '.d.ts'] },
    moduleSystems: ['es6', 'cjs'],
  },
};
