/** `index.html?fake&scenario=main&theme=light&page=send`: the window without Electron. */
import type { Facade, Settings } from '../../src-interfaces/facade.js';
import { createFakeFacade } from './fake-facade.js';
import { SCENARIOS, type FakeWorld } from './fake-world.js';

declare global {
  interface Window {
    /** For UI tests: what stands behind the fake bridge. */
    fakeWorld?: FakeWorld;
  }
}

export function fakeFacadeFromAddress(search: string): Facade {
  const parameters = new URLSearchParams(search);
  const scenario = SCENARIOS.find((one) => one === parameters.get('scenario')) ?? 'practice';
  const theme = parameters.get('theme');
  const settings: Partial<Settings> = {
    ...(theme === 'light' || theme === 'dark' || theme === 'system' ? { theme } : {}),
    ...(parameters.get('unit') === 'sats' ? { unit: 'sats' as const } : {}),
    ...(parameters.has('hide') ? { hideAmounts: true } : {}),
    page: parameters.get('page') ?? 'overview',
    wallet: parameters.get('wallet') ?? '',
  };
  const { facade, world } = createFakeFacade({ scenario, settings, delay: Number(parameters.get('delay') ?? '0') });
  window.fakeWorld = world;
  return facade;
}
