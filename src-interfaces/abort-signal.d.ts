/** The platform's own, of which the contracts need no more: the rooms that implement them know all of it. */
interface AbortSignal {
  readonly aborted: boolean;
}
