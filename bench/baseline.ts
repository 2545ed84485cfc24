/**
 * The least that any collector of durable events has to do on this machine: read a batch, JSON.parse it, append it to a
 * file, one fdatasync for all that wait, acknowledge. No validation, no model, nobody listening.
 *   node --import tsx bench/baseline.ts FILE       prints {"port":n}
 */
import { fdatasync, openSync, writev } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

interface Waiting {
  bytes: Buffer;
  events: number;
  acknowledge: (events: number) => void;
}

const file = openSync(process.argv[2] ?? 'baseline.ndjson', 'w', 0o600);
let waiting: Waiting[] = [];
let busy = false;

function flush(): void {
  if (busy || waiting.length === 0) return;
  busy = true;
  const group = waiting;
  waiting = [];
  const fail = (error: Error | null) => {
    if (error) throw error;
  };
  writev(
    file,
    group.map(({ bytes }) => bytes),
    (writeError) => {
      fail(writeError);
      fdatasync(file, (syncError) => {
        fail(syncError);
        busy = false;
        for (const { acknowledge, events } of group) acknowledge(events);
        flush();
      });
    },
  );
}

function take(bytes: Buffer, acknowledge: Waiting['acknowledge']): void {
  const events = JSON.parse(bytes.toString('utf8')) as { type: string }[];
  waiting.push({ bytes, events: events.length, acknowledge });
  setImmediate(flush);
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () =>
    take(Buffer.concat(chunks), (accepted) => {
      response.writeHead(202, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ accepted }));
    }),
  );
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket) => {
  socket.on('message', (bytes: Buffer) =>
    take(bytes, (accepted) => socket.send(JSON.stringify({ type: 'ack', accepted }))),
  );
});
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }));
});
