import { cutStream, readContent } from './content.js';
import { converse } from './conversation.js';

/** What bytes are fed to. Resolves when nothing is wrong; throws or rejects when something is. */
export type Target = (input: Uint8Array) => Promise<void>;

export const targets = {
  /** Bytes cut into messages. */
  frames: async (input: Uint8Array) => cutStream(input),
  /** One message read and copied. */
  content: async (input: Uint8Array) => readContent(input),
  /** Messages to a connection with objects behind it. */
  conversation: converse,
} as const satisfies Readonly<Record<string, Target>>;

export type TargetName = keyof typeof targets;

export const targetNames = Object.keys(targets) as TargetName[];
