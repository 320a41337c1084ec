/** How merged lines look. */
import type { SourceLine } from './merge.js';

/** Names of the three processes' logs, as the reference's combine_logs abbreviates them. */
export const processLabels = { node: 'node', wallet: 'wall', gui: 'gui' } as const;

/** Width of the labels' column, as in the reference. */
const labelWidth = 5;
const reset = '\x1b[0m';
const colours: Readonly<Record<string, string>> = { node: '\x1b[0;32m', wall: '\x1b[1;33m', gui: '\x1b[0;35m' };
/** For logs with other labels, in turn. */
const moreColours = ['\x1b[0;36m', '\x1b[0;34m', '\x1b[0;31m', '\x1b[1;32m'];

export class Presentation {
  readonly #width: number;
  readonly #colours = new Map<string, string>();

  /** @param labels of all logs */
  constructor(labels: readonly string[], isColoured: boolean) {
    this.#width = Math.max(labelWidth, ...labels.map((label) => label.length));
    if (!isColoured) return;
    let others = 0;
    for (const label of labels) {
      const known = colours[label];
      this.#colours.set(label, known ?? moreColours[others % moreColours.length] ?? '');
      if (known === undefined) others++;
    }
  }

  /** The line with its label; one that goes on an event is moved in below the line it follows. */
  line({ source: { label }, line }: SourceLine): string {
    const shown = `${(line.continues ? '' : label).padEnd(this.#width)} ${withoutControls(line.text)}`;
    const colour = this.#colours.get(label);
    return colour === undefined ? `${shown}\n` : `${colour}${shown}${reset}\n`;
  }
}

/** Whatever is in a log, it can do nothing to the terminal. */
function withoutControls(text: string): string {
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
