/** Groups of four, the last one shorter when it must be: people compare addresses group by group. */
export function groupsOfFour(text: string): string[] {
  return text.match(/.{1,4}/g) ?? [];
}

/** Start and end with an ellipsis between, for places too narrow to compare anything. */
export function shortened(text: string, head = 10, tail = 6): string {
  return text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`;
}
