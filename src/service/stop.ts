import { WebSocket } from 'ws';
import type { ClientFrame } from '../../service/protocol/frame.ts';
import { type Endpoint, readServiceFile } from './endpoint.ts';

const ANSWER_LIMIT_MS = 5000;
const GONE_LIMIT_MS = 10_000;

/**
 * Asks a service to stop, in its own protocol version: so one that refuses this window can still be replaced. Resolves
 * when the line ends or 5 s have passed. Nothing is ever killed.
 */
export function askToStop(endpoint: Endpoint): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(endpoint.ws, {
      headers: { Authorization: `Bearer ${endpoint.tokens.admin}` },
      handshakeTimeout: ANSWER_LIMIT_MS,
      perMessageDeflate: false,
    });
    const timer = setTimeout(() => socket.terminate(), ANSWER_LIMIT_MS);
    const say = (frame: ClientFrame): void => socket.send(JSON.stringify(frame));
    socket.on('open', () => {
      say({ type: 'hello', protocol: endpoint.protocol, since: null, topics: [] });
      say({ type: 'command', ref: 1, command: 'service.stop' });
    });
    // Whether it took the command shows in that it goes: `untilGone`.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** True once this service has left its data directory; false when it is still there after 10 s. */
export async function untilGone(dataDir: string, pid: number): Promise<boolean> {
  const limit = performance.now() + GONE_LIMIT_MS;
  while (performance.now() < limit) {
    const file = await readServiceFile(dataDir);
    if (file?.pid !== pid) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
