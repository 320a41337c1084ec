import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import type { BootSurroundings } from './boot-surroundings.js';
import type { NodeServices } from './node-services.js';
import { runNotifyCommand } from './notify-command.js';

/** Runs -alertnotify for each warning that comes up. */
export function followWarnings({ configuration, log, userInterface, steps }: BootSurroundings): void {
  const command = configuration.options.text('alertnotify') ?? '';
  if (command === '') return;
  let known: readonly string[] = [];
  const handler = userInterface.alerts.add(async () => {
    const warnings = userInterface.warnings;
    const added = warnings.filter((warning) => !known.includes(warning));
    known = warnings;
    for (const warning of added) {
      // The text goes through a shell: only harmless letters, in quotes.
      const quoted = `'${warning.replace(/[^A-Za-z0-9 .,;_/:?@()-]/g, '')}'`;
      await runNotifyCommand(command.replaceAll('%s', quoted), log);
    }
  });
  steps.add('warnings', () => handler.destroy());
}

/** Reactions to new tips that options ask for. */
export function followTip(boot: BootSurroundings, { chainstate }: NodeServices): void {
  const { configuration, log, requestShutdown, steps } = boot;
  const command = configuration.options.text('blocknotify') ?? '';
  const lastHeight = configuration.options.integer('stopatheight') ?? 0;
  if (command === '' && lastHeight <= 0) return;
  const stop = chainstate.subscribe({
    tipChanged: ({ tip, initialDownload }) => {
      if (command !== '' && !initialDownload) {
        void runNotifyCommand(command.replaceAll('%s', hashToHex(tip.hash)), log);
      }
      if (lastHeight > 0 && tip.height >= lastHeight) requestShutdown();
    },
  });
  steps.add('tip notifications', stop);
}
