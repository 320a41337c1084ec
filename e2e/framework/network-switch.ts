import type { NodeProcess } from './node-process.js';
import { waitFor } from './wait.js';
import type { DrivenWindow } from './window.js';

/** Switches a node's network off and on again on the page about the node; node and window say so each time. */
export async function switchNetworkOffAndOn({ page }: DrivenWindow, node: NodeProcess): Promise<void> {
  const isActive = async (): Promise<boolean> => (await node.rpc('getnetworkinfo')).networkactive;
  await page.getByTestId('node-tab-status').click();
  await page.getByTestId('network-active').click();
  await waitFor('the network to be off', async () => !(await isActive()));
  await page.getByTestId('node-words').getByText('switched off').waitFor();
  await page.getByTestId('network-active').click();
  await waitFor('the network to be on', isActive);
}
