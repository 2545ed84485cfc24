import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CriticalPathRecord } from '../../service/protocol/criticalPath.ts';
import type { Status } from '../../service/protocol/states.ts';
import { PathFeed } from '../../webview/pathFeed.ts';
import { emptyFrame, job, phase } from '../fixtures/frames.ts';
import { startSession } from '../support/line.ts';

const PACE = { gather: 40, again: 150 };
const ISO = new Date(0).toISOString();

const answer = (ids: readonly string[]): CriticalPathRecord => ({
  ...{ job_id: 'a', state: 'known', method: 'declared', phases: [] },
  ...{ length_ms: 1000 * ids.length, path_ms: 1000 * ids.length },
  path: ids.map((phase_id) => ({
    ...{ phase_id, began_at: ISO, ended_at: ISO, ms: 1000, share: 1 / ids.length },
    ...{ waited_ms: 0, by: null },
  })),
});

function setUp(status: Status = 'RUNNING') {
  const { line, session, store } = startSession({ job: 'a' });
  line.welcome();
  let seq = 0;
  const tell = (
    part: { status?: Status; job_id?: string; phase?: Status; progress?: number } = {},
  ) => {
    const job_id = part.job_id ?? 'a';
    const one = phase({ job_id, phase_id: 'P0', status: part.phase ?? 'RUNNING', started_at: ISO });
    line.events.frame(
      emptyFrame({
        jobs: [job({ job_id, status: part.status ?? status, phases_total: 1, seq: ++seq })],
        phases: [{ ...one, progress: part.progress ?? null, seq: ++seq }],
      }),
    );
  };
  const feed = new PathFeed(session, PACE);
  const asked = (): string[] => line.gets.map((one) => (one.type === 'get' ? one.path : 'cancel'));
  return { line, session, store, tell, feed, asked };
}

const PATH = '/api/v1/jobs/a/critical-path';

describe('the critical path that the page shows', () => {
  it('is asked for once for all that want it, and not before somebody does', async () => {
    const { line, tell, feed, asked } = setUp('COMPLETED');
    tell();
    await sleep(PACE.gather);
    assert.deepEqual(asked(), []);
    const stops = [feed.want(), feed.want(), feed.want()];
    await sleep(5);
    assert.deepEqual([asked(), feed.state.kind], [[PATH], 'loading']);
    line.got(0, answer(['P0', 'P1']));
    await sleep(PACE.again + 50);
    assert.equal(asked().length, 1, 'a run that has ended is asked for once');
    assert.deepEqual([...(feed.path?.ids ?? [])], ['P0', 'P1']);
    assert.equal(feed.path, feed.path, 'the same until it is another');
    for (const stop of stops) stop();
  });

  it('is asked for again when a phase begins or ends, not with its progress', async () => {
    const { line, tell, feed, asked } = setUp();
    tell();
    feed.want();
    await sleep(5);
    line.got(0, answer(['P0']));
    await sleep(0);
    for (let progress = 0; progress < 50; progress++) tell({ progress });
    await sleep(PACE.gather + 20);
    assert.equal(asked().length, 1);
    tell({ phase: 'COMPLETED' });
    await sleep(PACE.gather + 20);
    assert.equal(asked().length, 2);
  });

  it('is looked at from time to time while the run goes on and somebody looks', async () => {
    const { line, tell, feed, asked } = setUp();
    tell();
    const stop = feed.want();
    await sleep(5);
    line.got(0, answer(['P0']));
    await sleep(PACE.again + 50);
    assert.equal(asked().length, 2);
    line.got(1, answer(['P0']));
    stop();
    await sleep(PACE.again + 50);
    assert.equal(asked().length, 2);
  });

  it('grows with the run between two answers, in its last phase', async () => {
    const { line, tell, feed, store } = setUp();
    tell();
    feed.want();
    await sleep(5);
    line.got(0, answer(['P0', 'P1']));
    await sleep(0);
    const first = feed.path;
    let now = store.time.now();
    Object.assign(store.time, { now: () => now });
    now += 3000;
    const later = feed.path;
    assert.deepEqual([later?.ms, later?.total, later?.ids], [5000, 5000, first?.ids]);
    assert.deepEqual(later?.steps, [
      { phaseId: 'P0', ms: 1000, share: 0.2 },
      { phaseId: 'P1', ms: 4000, share: 0.8 },
    ]);
  });

  it('keeps what it knows when it fails, with the sentence, and asks when the line is back', async () => {
    const { line, tell, feed, asked } = setUp('COMPLETED');
    tell();
    feed.want();
    await sleep(5);
    line.fail(0, 'Broken.');
    await sleep(5);
    assert.deepEqual(
      [feed.state, feed.failure],
      [{ kind: 'failed', message: 'Broken.' }, 'Broken.'],
    );
    feed.retry();
    line.got(1, answer(['P0']));
    await sleep(0);
    assert.deepEqual([feed.path?.ids.size, feed.failure], [1, null]);
    feed.retry();
    line.fail(2, 'Broken.');
    await sleep(5);
    assert.deepEqual([feed.path?.ids.size, feed.failure, asked().length], [1, 'Broken.', 3]);
    line.events.host({ type: 'connection', state: 'disconnected', since: 1 });
    line.welcome();
    await sleep(5);
    assert.equal(asked().length, 4);
  });

  it('is that of the run that is shown: the question about another one is let go', async () => {
    const { line, session, tell, feed, asked } = setUp('COMPLETED');
    tell();
    tell({ job_id: 'b' });
    feed.want();
    await sleep(5);
    session.showJob('b');
    tell({ job_id: 'b' });
    await sleep(5);
    assert.deepEqual(asked(), [PATH, 'cancel', '/api/v1/jobs/b/critical-path']);
    line.got(0, answer(['old']));
    line.got(2, answer(['new']));
    await sleep(0);
    assert.deepEqual([...(feed.path?.ids ?? [])], ['new']);
  });
});
