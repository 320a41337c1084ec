import { basename } from 'node:path';

/** Name of the module generated from a schema: `chain` for `chain.capnp`. */
export function moduleName(schemaPath: string): string {
  return basename(schemaPath, '.capnp');
}

/** First line of a generated file. */
export function banner(schemaPath: string, digest: string): string {
  return `// Generated from ${schemaPath}, sha256 ${digest}. To change it: "npm run generate".`;
}

/** Name of the constant that holds the codec of a struct: `rpcCommandCodec` for `RPCCommand`. */
export function codecName(struct: string): string {
  return `${lowerFirst(struct)}Codec`;
}

/** Name of the constant that describes an interface: `walletLoaderInterface` for `WalletLoader`. */
export function interfaceName(name: string): string {
  return `${lowerFirst(name)}Interface`;
}

/** Name of the class of clients: `RemoteChain` for `Chain`. */
export function clientName(name: string): string {
  return `Remote${name}`;
}

/** Name of the constant that holds the methods of an interface. */
export function methodsName(name: string): string {
  return `${lowerFirst(name)}Methods`;
}

/** Name of the constant that holds the identity of an interface: `WALLET_LOADER`. */
export function identityName(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

function lowerFirst(name: string): string {
  return name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]/, (start) => start.toLowerCase());
}
