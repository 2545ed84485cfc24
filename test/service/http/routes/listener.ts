/**
 * A small pipeline in a process of its own, without anything of the service: it works (waits) with so many at once as it
 * is asked to, by long poll or WebSocket. Started with: url, token, job, transport, start value, best value, refuse.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

const [url = '', token = '', job_id = '', transport = '', from = '1', best = '4', refuse = ''] =
  process.argv.slice(2);
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
let value = Number(from);
let items = 0;
let after = 0;

async function send(events: object[]): Promise<void> {
  const body = JSON.stringify(events.map((event) => ({ id: randomUUID(), job_id, ...event })));
  for (;;) {
    try {
      const answer = await fetch(`${url}/api/v1/events`, { method: 'POST', headers, body });
      if (answer.ok) return;
    } catch {
      // The service is away for a moment: the same ids are sent again.
    }
    await sleep(200);
  }
}

const offer = () => ({
  ...{ type: 'parameter.offered', parameter: 'workers', kind: 'concurrency', value },
  ...{ minimum: 1, maximum: 8 },
});

interface Request {
  optimization_id: string;
  parameter: string;
  value: number;
}
const answered = new Set<string>();

async function take(requests: Request[]): Promise<void> {
  for (const { optimization_id, value: to } of requests) {
    if (answered.has(optimization_id)) continue;
    answered.add(optimization_id);
    const answer = { type: 'optimization.answered', optimization_id };
    if (refuse === 'silent') continue;
    if (refuse === 'refuse') await send([{ ...answer, outcome: 'refused', detail: 'Not now.' }]);
    else {
      value = to;
      await send([{ ...answer, outcome: 'applied' }, offer()]);
    }
  }
}

async function poll(): Promise<void> {
  const query = new URLSearchParams({ job_id, after: String(after), wait_ms: '5000' });
  try {
    const answer = await fetch(`${url}/api/v1/control?${query.toString()}`, { headers });
    if (!answer.ok) return void (await sleep(200));
    const { requests, seq } = (await answer.json()) as { requests: Request[]; seq: number };
    await take(requests);
    after = seq;
  } catch {
    await sleep(200);
  }
}

function listen(): void {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`);
  socket.on('open', () => {
    const hello = { type: 'hello', protocol: 1, since: null, token };
    socket.send(JSON.stringify({ ...hello, topics: [`control:${job_id}`] }));
  });
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString('utf8')) as { type: string; requests: Request[] };
    if (frame.type === 'control') void take(frame.requests);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => setTimeout(listen, 200));
}

await send([
  { type: 'job.started', pipeline: 'listening' },
  { type: 'phase.started', phase_id: 'work' },
  offer(),
]);
if (transport === 'ws') listen();
else
  void (async () => {
    for (;;) await poll();
  })();
for (;;) {
  await sleep(250);
  // As fast as `best` at most: more at once make it slower.
  const rate = value <= Number(best) ? value : Number(best) / 2;
  items += 25 * rate * (0.95 + Math.random() / 10);
  await send([{ type: 'phase.progress', phase_id: 'work', items_done: Math.round(items) }]);
}
