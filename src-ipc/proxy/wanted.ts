/** Results that do not travel to callers who do not want them. */
import { optional, type FieldCodec } from './codec.js';
import { serve, type CallInProgress, type MethodType, type ServedMethod } from './interface.js';
import { bool } from './scalar.js';

/** A parameter that says if the caller wants a result, which it does unless it says otherwise. */
export function want(bit: number): FieldCodec<boolean | undefined> {
  const { read, write } = bool(bit);
  return {
    read,
    write: (to, value, objects) => {
      write(to, value !== false, objects);
    },
    show: (value) => value !== false,
  };
}

/** A result that is left out for callers who do not want it. */
export function wanted<T>(field: FieldCodec<T>): FieldCodec<T> {
  const { write, show } = optional(field);
  return { read: (from, objects) => field.read(from, objects), write, show };
}

/** Says how a method is run of which some results are only for callers who want them. `wants` has the parameters that say so. */
export function serveWanted<T, Params, Results extends object>(
  method: MethodType<Params, Results>,
  wants: { readonly [Result in keyof Results]?: keyof Params },
  run: (target: T, params: Params, call: CallInProgress) => Promise<Results>,
): ServedMethod<T> {
  return serve(method, async (target: T, params, call) => {
    const results: Partial<Results> = { ...(await run(target, params, call)) };
    for (const name in wants) {
      const parameter = wants[name];
      if (parameter !== undefined && params[parameter] === false) results[name] = undefined;
    }
    // Their codecs take undefined for what is left out.
    return results as Results;
  });
}
