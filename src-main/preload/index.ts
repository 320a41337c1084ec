/** The preload: it puts the facade, and nothing else, into the page. Bundled to one CommonJS file. */
import { contextBridge, ipcRenderer } from 'electron';
import { bindFacade } from '../../src-interfaces/facade-bind.js';
import { EVENT_CHANNEL, type FacadeEvent } from '../../src-interfaces/facade.js';

const facade = bindFacade(
  (channel, args) => ipcRenderer.invoke(channel, args),
  (listener) => {
    const forward = (_: unknown, event: FacadeEvent): void => listener(event);
    ipcRenderer.on(EVENT_CHANNEL, forward);
    return () => {
      ipcRenderer.removeListener(EVENT_CHANNEL, forward);
    };
  },
);

contextBridge.exposeInMainWorld('bulkhead', facade);
