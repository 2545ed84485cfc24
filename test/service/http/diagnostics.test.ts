import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { read } from '../../support/rest.ts';
import { type TestService, eventually, send, useServices } from '../../support/service.ts';

interface Size {
  files: number;
  bytes: number;
}

interface Logged {
  level: string;
  message: string;
  error: string | null;
}

interface Diagnostics {
  version: string;
  node: string;
  paths: { data_dir: string };
  sizes: Record<'journal' | 'state' | 'series' | 'quarantine', Size> | null;
  queues: Record<string, number>;
  log: { warnings: number; errors: number; latest: Partial<Logged>[] };
  recovery: { cut: string[]; missing: number; replayed_entries: number; replay_ms: number };
  dropped: Record<string, number>;
  series: { series: number; max_series: number; refused_labels: number; refused_times: number };
  tables: { table: string; rows: number; limit: number; refused: number }[];
}

const QUIET = { sampling: { host_interval_ms: 0 } };

describe('GET /api/v1/diagnostics', () => {
  const start = useServices();
  const ask = (from: TestService) => read<Diagnostics>(from, '/api/v1/diagnostics');

  it('tells versions, paths, and the sizes of what lies on disk', async () => {
    const to = await start({ config: QUIET });
    await send(to, [{ type: 'job.started', job_id: 'a' }]);
    const answer = await ask(to);
    assert.deepEqual(
      [answer.node, answer.paths, answer.version],
      [process.version, { data_dir: to.dataDir }, '0.0.0-dev'],
    );
    const sizes = await eventually(async () => (await ask(to)).sizes, 'The sizes');
    const folder = join(to.dataDir, 'journal');
    const files = readdirSync(folder);
    const bytes = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    assert.deepEqual(sizes.journal, { files: files.length, bytes });
    assert.deepEqual(sizes.quarantine, { files: 0, bytes: 0 });
    assert.ok(sizes.state.files > 0);
  });

  it('tells what the start found and read again', async () => {
    const first = await start({ config: QUIET });
    await send(first, [{ type: 'job.started', job_id: 'a' }]);
    await first.stop();
    const folder = join(first.dataDir, 'journal');
    const [segment = ''] = readdirSync(folder);
    appendFileSync(join(folder, segment), '000000000000000');
    const second = await start({ dataDir: first.dataDir, config: QUIET });
    const { recovery, log } = await ask(second);
    assert.equal(recovery.cut.length, 1);
    assert.match(recovery.cut[0] ?? '', /unfinished last line was cut off/);
    assert.deepEqual([recovery.missing, recovery.replayed_entries], [0, 0]);
    assert.deepEqual([log.warnings, log.errors, log.latest[0]?.message], [1, 0, recovery.cut[0]]);
    const sizes = await eventually(async () => (await ask(second)).sizes, 'The sizes');
    assert.deepEqual(sizes.quarantine, { files: 1, bytes: 15 });
  });

  it('keeps the last 50 warnings and errors, counts all, and tells no token', async () => {
    const to = await start({ config: QUIET });
    const { logger } = to;
    for (let i = 0; i < 60; i++) logger.warn(`warning ${i}`);
    logger.info('nothing');
    logger.error({ err: new Error('no disk'), token: to.tokens.admin }, 'It failed.');
    const answer = await ask(to);
    assert.deepEqual([answer.log.warnings, answer.log.errors], [60, 1]);
    assert.equal(answer.log.latest.length, 50);
    assert.equal(answer.log.latest[0]?.message, 'warning 11');
    const { level, message, error } = answer.log.latest.at(-1) ?? {};
    assert.deepEqual(
      { level, message, error },
      { level: 'error', message: 'It failed.', error: 'no disk' },
    );
    const text = JSON.stringify(answer);
    assert.ok(!text.includes(to.tokens.admin) && !text.includes(to.tokens.ingest));
  });

  it('counts what was refused and dropped: label sets, times, rows of full tables', async () => {
    const to = await start({
      config: { ...QUIET, series: { max_per_metric: 3 }, retention: { tasks: 5 } },
    });
    const sampled = Array.from({ length: 5 }, (_, i) => ({
      type: 'queue.sampled',
      queue: `q-${i}`,
      pending: 1,
    }));
    const tasks = Array.from({ length: 8 }, (_, i) => [
      { type: 'task.submitted', task_id: `t-${i}` },
      { type: 'task.completed', task_id: `t-${i}` },
    ]);
    await send(to, [...sampled, ...tasks.flat()]);
    const old = { type: 'queue.sampled', queue: 'q-0', pending: 1, time: '1995-01-01T00:00:00Z' };
    await send(to, old);
    const { series, tables, dropped } = await ask(to);
    assert.ok(series.refused_labels >= 2, JSON.stringify(series));
    assert.equal(series.refused_times, 1);
    const of = (name: string) => tables.find(({ table }) => table === name);
    assert.deepEqual(of('queues'), { table: 'queues', rows: 5, limit: 1000, refused: 0 });
    assert.equal(of('tasks')?.limit, 5);
    assert.ok((dropped['tasks'] ?? 0) >= 3, JSON.stringify(dropped));
    const summary = await read<{ dropped: object }>(to, '/api/v1/monitoring/summary');
    assert.deepEqual(summary.dropped, dropped);
  });

  it('counts the clients of the WebSocket', async () => {
    const to = await start({ config: QUIET });
    const headers = { authorization: `Bearer ${to.tokens.admin}` };
    const socket = new WebSocket(`${to.url.replace('http', 'ws')}/ws`, { headers });
    await new Promise((resolve) => socket.once('open', resolve));
    const hello = { type: 'hello', protocol: 1, since: null, topics: ['jobs'] };
    socket.send(JSON.stringify(hello));
    await new Promise((resolve) => socket.once('message', resolve));
    const { queues } = await ask(to);
    assert.deepEqual(queues, {
      ...{ events_waiting: 0, bytes_waiting: 0 },
      ...{ clients: 1, windows: 0, clients_behind: 0 },
    });
    socket.close();
  });
});
