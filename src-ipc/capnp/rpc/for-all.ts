/** Does something with each of many, whatever comes of it with the others. @throws the first error, when all are done */
export function forAll<T>(items: Iterable<T>, act: (item: T) => void): void {
  let failure: { readonly error: unknown } | undefined;
  for (const item of items) {
    try {
      act(item);
    } catch (error) {
      failure ??= { error };
    }
  }
  if (failure !== undefined) throw failure.error;
}
