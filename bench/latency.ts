/** Events at a steady rate over HTTP; how long until a WebSocket client sees the state that each one made. */
import WebSocket from 'ws';
import type { Running } from './processes.ts';

export interface LatencyOptions {
  perSecond: number;
  seconds: number;
}

interface Frame {
  type: string;
  phases?: { job_id: string; phase_id: string; items_done: number | null }[];
}

const TICK_MS = 10;
const JOBS = 20;

/** A client sees the newest state: an event counts as seen with the first record that holds it or a later one. */
export async function measureLatency(target: Running, { perSecond, seconds }: LatencyOptions) {
  const run = `latency-${Date.now()}`;
  const ids = Array.from({ length: JOBS }, (_, n) => `${run}-${n}`);
  const waiting = new Map(ids.map((id) => [id, [] as { n: number; at: number }[]]));
  const latencies: number[] = [];
  const socket = await watch(target, ids, (phase) => {
    const list = waiting.get(phase.job_id) ?? [];
    while (list[0] && list[0].n <= (phase.items_done ?? -1))
      latencies.push(performance.now() - (list.shift()?.at ?? 0));
  });
  const posts: Promise<void>[] = [];
  const begin = performance.now();
  let sent = 0;
  while (performance.now() - begin < seconds * 1000) {
    const due = Math.floor(((performance.now() - begin) * perSecond) / 1000);
    const events = [];
    for (; sent < due; sent++) {
      const job_id = ids[sent % JOBS] ?? '';
      waiting.get(job_id)?.push({ n: sent, at: performance.now() });
      events.push({
        type: 'phase.progress',
        id: `${run}-e${sent}`,
        time: Date.now(),
        job_id,
        phase_id: 'P00',
        items_done: sent,
      });
    }
    if (events.length > 0) posts.push(target.say(events));
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(posts);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  socket.close();
  const unseen = [...waiting.values()].reduce((sum, list) => sum + list.length, 0);
  if (unseen > 0) throw new Error(`${unseen} of ${sent} events were never seen.`);
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  return { p50_ms: at(0.5), p99_ms: at(0.99), events: sent };
}

function watch(
  target: Running,
  ids: string[],
  seen: (phase: NonNullable<Frame['phases']>[number]) => void,
) {
  return new Promise<WebSocket>((resolve, reject) => {
    const socket = new WebSocket(target.ws, {
      headers: { authorization: `Bearer ${target.token}` },
    });
    const topics = ['jobs', ...ids.map((id) => `job:${id}`)];
    socket.on('error', reject);
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'hello', protocol: 1, since: null, topics })),
    );
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString('utf8')) as Frame;
      if (frame.type === 'welcome') resolve(socket);
      for (const phase of frame.phases ?? []) seen(phase);
    });
  });
}
