/**
 * Closed-loop load: each connection sends a batch and waits for its acknowledgement. Prints one JSON line.
 *   node --import tsx bench/load.ts ws|http URL --batch 100 --connections 4 --seconds 5 [--token T] [--hello]
 * `--hello` speaks the product's frames; without it the bare array is sent, as the baseline takes it.
 */
import { Agent, request as httpRequest } from 'node:http';
import { parseArgs } from 'node:util';
import WebSocket from 'ws';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    batch: { type: 'string', default: '100' },
    connections: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '5' },
    token: { type: 'string', default: '' },
    hello: { type: 'boolean', default: false },
  },
});
const [mode, url = ''] = positionals;
const size = Number(values.batch);
const connections = Number(values.connections);
const headers = values.token ? { authorization: `Bearer ${values.token}` } : {};

const prefix = `${Date.now().toString(36)}-${process.pid}`;
let made = 0;
let accepted = 0;
const latencies: number[] = [];

/** 50 jobs of ten phases, each event with an id of its own. */
function batch(): object[] {
  return Array.from({ length: size }, () => {
    const n = made++;
    const done = n % 1000;
    return {
      id: `${prefix}-${n}`,
      type: 'phase.progress',
      time: Date.now(),
      job_id: `${prefix}-job-${n % 50}`,
      phase_id: `P0${n % 10}`,
      progress: done / 1000,
      items_done: done,
      items_total: 1000,
      message: 'Document Assembly',
    };
  });
}

const begin = performance.now();
const end = begin + Number(values.seconds) * 1000;

function overSocket(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    let sent = 0;
    let ref = 0;
    const next = () => {
      if (performance.now() > end) {
        socket.close();
        resolve();
        return;
      }
      const events = batch();
      sent = performance.now();
      socket.send(JSON.stringify(values.hello ? { type: 'events', ref: ++ref, events } : events));
    };
    socket.on('error', reject);
    socket.on('open', () => {
      if (values.hello)
        socket.send(JSON.stringify({ type: 'hello', protocol: 1, since: null, topics: [] }));
      else next();
    });
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString('utf8')) as { type: string; accepted?: number };
      if (frame.type === 'ack') {
        latencies.push(performance.now() - sent);
        accepted += frame.accepted ?? 0;
      }
      if (frame.type === 'ack' || frame.type === 'welcome') next();
      else if (frame.type !== 'records') reject(new Error(data.toString('utf8').slice(0, 300)));
    });
  });
}

const agent = new Agent({ keepAlive: true, maxSockets: connections });

function post(): Promise<void> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify(batch());
    const sent = performance.now();
    const length = Buffer.byteLength(body);
    const all = { ...headers, 'content-type': 'application/json', 'content-length': length };
    const request = httpRequest(url, { method: 'POST', agent, headers: all }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      response.on('end', () => {
        if (response.statusCode !== 202)
          return reject(new Error(`${response.statusCode} ${text.slice(0, 300)}`));
        latencies.push(performance.now() - sent);
        accepted += (JSON.parse(text) as { accepted: number }).accepted;
        resolve();
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function overHttp(): Promise<void> {
  while (performance.now() < end) await post();
}

await Promise.all(
  Array.from({ length: connections }, () => (mode === 'ws' ? overSocket() : overHttp())),
);
const seconds = (performance.now() - begin) / 1000;
latencies.sort((a, b) => a - b);
const at = (share: number) =>
  latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
console.log(
  JSON.stringify({
    events_per_s: Math.round(accepted / seconds),
    p50_ms: at(0.5),
    p99_ms: at(0.99),
  }),
);
process.exit(0);
