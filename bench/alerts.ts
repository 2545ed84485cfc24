/** From what is wrong to the record of its alert at a WebSocket client, while other events flow; and how soon a silent worker is missed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import WebSocket from 'ws';
import { measureLatency } from './latency.ts';
import { type Running, startService } from './processes.ts';
import type { Table } from './table.ts';

/** One every 200 ms, and as many as there are frames a second at most: then each alert has to wait for the frame after the next. */
const EVERY_MS = [200, 50];
const OFFLINE_MS = 2000;
const WORKERS = 20;
const MOST_LATE_MS = 5000;

interface AlertsFrame {
  type: string;
  alerts?: { rule: string | null; component_id: string | null; job_id: string | null }[];
}

type OnAlert = (alert: NonNullable<AlertsFrame['alerts']>[number]) => void;

export async function alertRows(table: Table, folder: string, seconds: number): Promise<void> {
  const config = join(folder, 'alerts.yaml');
  writeFileSync(config, `worker_offline_ms: ${OFFLINE_MS}\n`);
  process.env['PIPESCOPE_CONFIG'] = config;
  const service = await startService(join(folder, 'alerts')).finally(
    () => delete process.env['PIPESCOPE_CONFIG'],
  );
  try {
    await addRule(service);
    for (const every of EVERY_MS) {
      const p99 = await toRecord(service, seconds, every);
      const what = `event that breaks a rule -> its alert at a client, 1,000 events/s, ${1000 / every} alerts/s, p99`;
      table.below(what, p99, 100, 'ms');
    }
    const late = await toOffline(service);
    table.below(`worker missed after its limit, the last of ${WORKERS}`, late, MOST_LATE_MS, 'ms');
  } finally {
    await service.stop();
  }
}

/** Failed phases and metrics over their bound in turn, each of a subject of its own. Milliseconds. */
async function toRecord(service: Running, seconds: number, every: number): Promise<number> {
  const waiting = new Map<string, number>();
  const took: number[] = [];
  const socket = await watch(service, ({ job_id, component_id }) => {
    // Of a level: bench_level{host=subject-7}
    const key = job_id ?? /host=([^,}]+)/.exec(component_id ?? '')?.[1] ?? '';
    const at = waiting.get(key);
    if (at === undefined) return;
    waiting.delete(key);
    took.push(performance.now() - at);
  });
  let n = 0;
  const timer = setInterval(() => {
    const id = `subject-${every}-${++n}`;
    waiting.set(id, performance.now());
    void service.say([n % 2 === 0 ? failing(id) : tooHigh(id)].flat());
  }, every);
  try {
    await measureLatency(service, { perSecond: 1000, seconds });
  } finally {
    clearInterval(timer);
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  socket.close();
  if (waiting.size > 0) throw new Error(`${waiting.size} of ${n} alerts never came.`);
  took.sort((a, b) => a - b);
  return took[Math.floor(took.length * 0.99)] ?? Infinity;
}

function failing(job_id: string): object[] {
  const of = { job_id, phase_id: 'P1' };
  return [
    { type: 'phase.started', ...of },
    { type: 'phase.failed', ...of, error: { message: 'it broke' } },
  ];
}

function tooHigh(host: string): object[] {
  return [{ type: 'metric.recorded', name: 'bench_level', value: 95, labels: { host } }];
}

async function addRule(service: Running): Promise<void> {
  const rule = {
    ...{ rule_id: 'bench_level', kind: 'threshold', name: 'Level', for_ms: 0 },
    params: {
      ...{ metric: 'bench_level', labels: {}, group_by: ['host'], aggregation: 'last' },
      ...{ range_ms: 60_000, direction: 'above', value: 90 },
    },
  };
  const response = await fetch(`${service.url}/api/v1/rules`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(rule),
  });
  if (response.status !== 201) throw new Error(await response.text());
}

/** Milliseconds after the limit at which the last of some workers was told of, all silent from one moment on. */
async function toOffline(service: Running): Promise<number> {
  const left = new Set(Array.from({ length: WORKERS }, (_, n) => `worker-${n}`));
  const began = new Promise<number>((resolve, reject) => {
    watch(service, ({ rule, component_id }) => {
      if (rule === 'worker_offline') left.delete(component_id ?? '');
      if (left.size === 0) resolve(performance.now());
    }).catch(reject);
  });
  await service.say([...left].map((worker_id) => ({ type: 'worker.heartbeat', worker_id })));
  const silent = performance.now();
  return Math.max(0, (await began) - silent - OFFLINE_MS);
}

function watch(service: Running, onAlert: OnAlert): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(service.ws, {
      headers: { authorization: `Bearer ${service.token}` },
    });
    const hello = { type: 'hello', protocol: 1, since: null, topics: ['alerts'] };
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify(hello)));
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString('utf8')) as AlertsFrame;
      if (frame.type === 'welcome') resolve(socket);
      frame.alerts?.forEach(onAlert);
    });
  });
}
