// Runs the worker's TypeScript source, for programs that run from source themselves: a worker thread
// cannot be started with a .ts file on Node 20.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
