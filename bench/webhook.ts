/**
 * What a dead webhook costs those who send events: the same load and the same alerts, told to a receiver that answers at once
 * and to one that never does. A number says how much more the slowest hundredth of the requests take, in percent.
 */
import { writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Running, runTool, startService } from './processes.ts';
import type { Table } from './table.ts';

const ALERT_MS = 100;
const MOST_PERCENT = 10;

export interface WebhookOptions {
  folder: string;
  seconds: number;
  rounds: number;
}

export async function webhookRows(table: Table, options: WebhookOptions): Promise<void> {
  const { folder, rounds, seconds } = options;
  const servers = [await receiver(true), await receiver(false)];
  // The alerts of the load are all told, none in a digest.
  const config = join(folder, 'webhook.yaml');
  writeFileSync(config, 'alerting: { group_wait_ms: 0, rate_per_minute: 1000 }\n');
  process.env['PIPESCOPE_CONFIG'] = config;
  const services: Running[] = [];
  try {
    for (const [n, server] of servers.entries()) {
      const service = await startService(join(folder, `webhook-${n}`));
      services.push(service);
      await addChannel(service, server);
    }
    const p99: number[][] = [[], []];
    for (let round = 0; round < rounds; round++)
      for (const [side, service] of services.entries())
        p99[side]?.push(await loadWithAlerts(service, seconds));
    const [live = 0, dead = 0] = p99.map(median);
    const percent = Math.max(0, (dead / live - 1) * 100);
    const what = `p99 of a POST with a dead webhook (${dead.toFixed(1)} ms) over a live one (${live.toFixed(1)} ms)`;
    table.below(what, percent, MOST_PERCENT, '% more');
  } finally {
    delete process.env['PIPESCOPE_CONFIG'];
    for (const service of services) await service.stop();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}

function receiver(answers: boolean): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    if (answers) request.on('end', () => response.writeHead(200).end());
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function addChannel(service: Running, server: Server): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`${service.url}/api/v1/channels`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ channel_id: 'hook', kind: 'webhook', name: 'Hook', enabled: true },
      ...{ min_severity: 'WARNING', rules: null, send_resolved: true },
      settings: { url: `http://127.0.0.1:${port}/`, headers: {}, allow_private: true },
    }),
  });
  if (response.status !== 201) throw new Error(await response.text());
}

/** Milliseconds of the slowest hundredth, while ten phases a second fail. */
async function loadWithAlerts(service: Running, seconds: number): Promise<number> {
  const failing = setInterval(() => {
    const job_id = `failing-${performance.now()}`;
    const of = { job_id, phase_id: 'P1' };
    void service.say([
      { type: 'phase.started', ...of },
      { type: 'phase.failed', ...of, error: { message: 'it broke' } },
    ]);
  }, ALERT_MS);
  const args = ['http', service.events, '--batch', '10', '--connections', '8'];
  const more = ['--seconds', String(seconds), '--token', service.token ?? ''];
  try {
    const output = await runTool('bench/load.ts', [...args, ...more]);
    return (JSON.parse(output) as { p99_ms: number }).p99_ms;
  } finally {
    clearInterval(failing);
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
