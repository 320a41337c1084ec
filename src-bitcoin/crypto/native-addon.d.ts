// What this room needs to load the one native addon it uses, in ES modules and in bundles alike.
declare module 'node:module' {
  export function createRequire(path: string): (id: string) => unknown;
}
declare module 'node:process' {
  export const platform: string;
  export const arch: string;
}
/** Set in CommonJS bundles only. */
declare const __filename: string;
interface ImportMeta {
  readonly url: string;
}
