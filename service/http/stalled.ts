/** Clients that stop reading: what is made for them must not be held for ever. */
import type { ServerResponse } from 'node:http';

/** How long a client may take nothing of what waits for it. */
export const STALL_MS = 60_000;

/** Cuts the connection when bytes wait and none was taken for so long. An answer that is still being made may take its time. */
export function endWhenStalled(response: ServerResponse, ms: number): void {
  // Node's timer of the socket starts again with every byte that the other side takes.
  response.setTimeout(ms);
  response.on('timeout', () => {
    if (response.writableLength > 0) response.destroy();
    else response.setTimeout(ms);
  });
}
