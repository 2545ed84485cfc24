import type { Sender } from './kind.ts';

/** Windows show alerts out of the records that they have: nothing is sent, and nothing can fail. */
export const sendToWindows: Sender<'vscode'> = () =>
  Promise.resolve('Nothing is sent: every VS Code window shows alerts itself.');
