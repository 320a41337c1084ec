import { cutFrames, decodeConversation, encodeConversation } from './input.js';
import type { TargetName } from './targets.js';

/** Shortens an input as long as it still fails, with at most `attempts` tries. */
export async function minimise(target: TargetName, input: Uint8Array, attempts: number, stillFails: (input: Uint8Array) => Promise<boolean>): Promise<Uint8Array> {
  let left = attempts;
  let best = input;
  const improves = async (candidate: Uint8Array): Promise<boolean> => {
    if (left-- <= 0 || Buffer.compare(candidate, best) === 0 || !(await stillFails(candidate))) return false;
    best = candidate;
    return true;
  };
  const parts = (): Uint8Array[] => (target === 'conversation' ? [...decodeConversation(best).frames] : target === 'frames' ? cutFrames(best) : []);
  const joined = (frames: readonly Uint8Array[]): Uint8Array => {
    return target === 'conversation' ? encodeConversation({ ...decodeConversation(best), frames }) : Buffer.concat(frames);
  };
  for (let step = Math.ceil(parts().length / 2); step >= 1 && left > 0; step = step === 1 ? 0 : Math.ceil(step / 2)) {
    for (let at = 0; at < parts().length; ) {
      const frames = parts();
      frames.splice(at, step);
      if (!(await improves(joined(frames)))) at += step;
    }
  }
  for (let step = 1 << Math.floor(Math.log2(best.length + 1)); step >= 8 && target !== 'conversation'; step /= 2) {
    for (let at = 0; at < best.length; ) {
      if (!(await improves(Buffer.concat([best.subarray(0, at), best.subarray(at + step)])))) at += step;
    }
  }
  for (let at = 0; at + 8 <= best.length && left > 0; at += 8) {
    const blank = Uint8Array.from(best);
    blank.fill(0, at, at + 8);
    await improves(blank);
  }
  return best;
}
