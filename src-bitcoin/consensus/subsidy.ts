const firstSubsidy = 5_000_000_000n;

/** New coins a block may make, satoshis. */
export function blockSubsidy(height: number, halvingInterval: number): bigint {
  const halvings = Math.floor(height / halvingInterval);
  return halvings >= 64 ? 0n : firstSubsidy >> BigInt(halvings);
}
