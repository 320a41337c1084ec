/** The transaction version that keeps unconfirmed families small (BIP431). */
export const restrictedVersion = 3;
/** Weight units of such a transaction at most, and of one that builds on an unconfirmed one. */
export const restrictedWeight = 40_000;
export const restrictedChildWeight = 4_000;

/** Why a transaction of one version cannot spend from an unconfirmed one of another; undefined when it can. */
export function obstacleToMixing(parentVersion: number, version: number): string | undefined {
  if ((parentVersion === restrictedVersion) === (version === restrictedVersion)) return undefined;
  return `Can't spend unconfirmed version ${parentVersion} pre-selected input with a version ${version} tx`;
}
