/** Every text of the window, in ICU message format, a file for each page. Other languages are files of the same shape. */
import { frame } from './en/frame.js';
import { node } from './en/node.js';
import { overview } from './en/overview.js';
import { receive } from './en/receive.js';
import { send } from './en/send.js';
import { settings } from './en/settings.js';
import { shared } from './en/shared.js';
import { transactions } from './en/transactions.js';
import { wallets } from './en/wallets.js';

/** In the order of the window. No text may be in two of them. */
export const parts = [shared, frame, wallets, overview, send, receive, transactions, node, settings] as const;

export const en = { ...shared, ...frame, ...wallets, ...overview, ...send, ...receive, ...transactions, ...node, ...settings } as const;
