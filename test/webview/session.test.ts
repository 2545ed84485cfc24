import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProductError } from '../../service/protocol/errors.ts';
import type { ClientFrame } from '../../service/protocol/frame.ts';
import { emptyFrame, job } from '../fixtures/frames.ts';
import { startSession as start, WELCOME } from '../support/line.ts';
import type { Range } from '../../webview/view.ts';

describe('the conversation of the dashboard', () => {
  it('says hello without a position, then follows the latest run', () => {
    const { line } = start();
    line.events.frame(WELCOME);
    const older = job({ job_id: 'old', started_at: '2026-01-01T00:00:00.000Z' });
    const newer = job({ job_id: 'new', started_at: '2026-01-02T00:00:00.000Z' });
    line.events.frame(emptyFrame({ jobs: [newer, older] }));
    const [hello, topics] = line.sent;
    assert.deepEqual(hello, {
      type: 'hello',
      protocol: 1,
      since: null,
      topics: ['jobs', 'alerts'],
      client: 'dashboard',
    });
    assert.deepEqual(topics, {
      type: 'command',
      ref: 1,
      command: 'topics.set',
      topics: ['jobs', 'alerts', 'job:new'],
    });
  });

  it('keeps a picked job over a reload, even when newer ones run', () => {
    const { line, session } = start();
    session.showJob('old');
    const again = start(line.saved);
    assert.deepEqual((again.line.sent[0] as { topics: string[] }).topics, [
      'jobs',
      'alerts',
      'job:old',
    ]);
    again.line.events.frame(emptyFrame({ jobs: [job({ job_id: 'new' })] }));
    assert.equal(again.store.detail?.jobId, 'old');
  });

  it('leaves a part of the time for the run that is picked, where nothing of it lies there', () => {
    const day = (hour: number): string => `2026-01-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
    const run = (job_id: string, from: number, to: number) =>
      job({ job_id, status: 'COMPLETED', started_at: day(from), ended_at: day(to) });
    const jobs = [run('a', 10, 12), run('beside', 11, 13), run('before', 8, 9)];
    const kind = (range: Range, picked: string | null): string => {
      const { line, session } = start({ job: 'a', range });
      line.events.frame(WELCOME);
      line.events.frame(emptyFrame({ jobs }));
      session.showJob(picked);
      return session.view.range.kind;
    };
    const [from, to] = [Date.parse(day(10)) + 1, Date.parse(day(12)) - 1];
    const part = { kind: 'between', from, to } as const;
    assert.equal(kind(part, 'beside'), 'between', 'both ran at that time');
    assert.equal(kind(part, null), 'between');
    assert.equal(kind(part, 'before'), 'run');
    assert.equal(kind(part, 'unknown'), 'run');
    assert.equal(kind({ kind: 'last', ms: 60_000 }, 'before'), 'last');
  });

  it('goes on with another run where the one before was held still', () => {
    const at = { pausedAt: 5, job: 'a' };
    for (const [range, paused] of [
      [{ kind: 'run' }, null],
      [{ kind: 'last', ms: 60_000 }, 5],
    ] as const) {
      const { line, session } = start({ ...at, range });
      line.events.frame(WELCOME);
      line.events.frame(emptyFrame({ jobs: [job({ job_id: 'a' }), job({ job_id: 'b' })] }));
      assert.equal(session.view.pausedAt, 5);
      session.showJob('b');
      assert.equal(session.view.pausedAt, paused);
    }
  });

  it('resumes from its last frame after a loss', () => {
    const { line } = start({ job: 'a' });
    line.events.frame(WELCOME);
    const frame = emptyFrame({ jobs: [job({ job_id: 'a' })] });
    line.events.frame(frame);
    line.events.host({ type: 'connection', state: 'disconnected', since: 1 });
    line.events.open();
    const hello = line.sent.at(-1) as Extract<ClientFrame, { type: 'hello' }>;
    assert.deepEqual([hello.since, hello.epoch], [frame.seq, 'e1']);
  });

  it('asks for everything again when the shown job changed while the line was down', async () => {
    const { line, session } = start({ job: 'a' });
    line.events.frame(WELCOME);
    line.events.frame(emptyFrame({ jobs: [job({ job_id: 'a' }), job({ job_id: 'b' })] }));
    line.up = false;
    line.events.host({ type: 'connection', state: 'disconnected', since: 1 });
    session.showJob('b');
    await new Promise(setImmediate);
    line.up = true;
    line.events.open();
    const hello = line.sent.at(-1) as Extract<ClientFrame, { type: 'hello' }>;
    assert.deepEqual([hello.since, hello.topics.at(-1)], [null, 'job:b']);
  });

  it('pairs a command with its result, and says a refusal to the person', async () => {
    const { line, session, store } = start();
    const done = session.command({ command: 'alert.acknowledge', alert_id: 'x' });
    const { ref } = line.sent.at(-1) as { ref: number };
    const message = 'There is no alert with this id.';
    line.events.frame({ type: 'result', ref, ok: false, code: 'ALERT_UNKNOWN', message });
    assert.equal(await done, false);
    assert.deepEqual(store.notice, { level: 'error', message });
  });

  it('answers commands that a lost line swallowed', async () => {
    const { line, session, store } = start();
    const done = session.command({ command: 'alert.acknowledge_all' });
    line.events.host({ type: 'connection', state: 'connecting', since: 1 });
    assert.equal(await done, false);
    assert.match(store.notice?.message ?? '', /^Not connected\. Try again/);
  });

  const topicsOf = (sent: readonly ClientFrame[]): readonly string[] =>
    (sent.at(-1) as { topics: string[] }).topics;

  it('follows a topic as long as anybody wants it, and tells what changes in one moment once', async () => {
    const { line, session, store } = start();
    line.welcome();
    const before = line.sent.length;
    const [one, two] = [session.want('workers'), session.want('workers')];
    session.want('series:metric=a');
    await sleep(40);
    assert.equal(line.sent.length, before + 1);
    assert.deepEqual(topicsOf(line.sent), ['jobs', 'alerts', 'workers', 'series:metric=a']);
    line.accept();
    line.events.frame(emptyFrame({ workers: [], workers_total: 0 }));
    one();
    one();
    await sleep(2_100);
    assert.equal(line.sent.length, before + 1, 'still wanted by the other');
    two();
    await sleep(2_100);
    assert.deepEqual(topicsOf(line.sent), ['jobs', 'alerts', 'series:metric=a']);
    assert.equal(store.work.loaded, true, 'the service may still send');
    line.accept();
    await sleep(0);
    assert.equal(store.work.loaded, false);
  });

  it('goes on after its last frame with all topics whose records are here', async () => {
    const { line, session } = start();
    line.welcome();
    line.events.frame(emptyFrame());
    session.want('workers');
    session.want('series:metric=a');
    await sleep(40);
    line.accept();
    line.events.frame(emptyFrame({ workers: [] }));
    await sleep(0);
    const last = emptyFrame();
    line.events.frame(last);
    session.want('series:metric=b');
    line.events.open();
    const hello = line.sent.at(-1) as Extract<ClientFrame, { type: 'hello' }>;
    assert.deepEqual(hello.topics, ['jobs', 'alerts', 'workers', 'series:metric=a']);
    assert.equal(hello.since, last.seq);
    line.events.host({ type: 'connection', state: 'connected', since: 1 });
    assert.equal(topicsOf(line.sent).at(-1), 'series:metric=b');
  });

  it('leaves out a series that the service refuses, and keeps all else', async () => {
    const { line, session } = start();
    line.welcome();
    session.want('workers');
    const bad = 'metric=bad&range=7y';
    assert.ok(session.wantSeries('metric=good'));
    assert.ok(session.wantSeries(bad));
    await sleep(40);
    line.refuse(`The topic "series:${bad}" is not valid. Give "range" as a length.`);
    await sleep(40);
    assert.deepEqual(topicsOf(line.sent), ['jobs', 'alerts', 'workers', 'series:metric=good']);
    assert.equal(session.follows(bad), false);
    assert.equal(session.wantSeries(bad), null);
    assert.equal(session.follows('metric=good'), true);
  });

  it('follows 32 series and no more', () => {
    const { line, session } = start();
    line.welcome();
    const release = Array.from({ length: 32 }, (_, n) => session.wantSeries(`metric=m${n}`));
    assert.ok(release.every((one) => one !== null));
    assert.equal(session.wantSeries('metric=more'), null);
    assert.ok(session.wantSeries('metric=m5'), 'one that is followed already');
  });

  it('asks REST and gets the body, or a failure with its code', async () => {
    const { line, session } = start();
    const [good, bad] = [session.get<{ n: number }>('/api/a'), session.get('/api/b')];
    const [first, second] = line.gets;
    assert.deepEqual(first, { type: 'get', ref: first?.ref, path: '/api/a' });
    const ref = second?.ref ?? 0;
    line.events.host({ type: 'got', ref, ok: false, code: 'JOB_UNKNOWN', message: 'No.' });
    line.events.host({ type: 'got', ref: first?.ref ?? 0, ok: true, body: { n: 1 } });
    assert.deepEqual(await good, { n: 1 });
    await assert.rejects(
      bad,
      (error) =>
        error instanceof ProductError && error.code === 'JOB_UNKNOWN' && error.message === 'No.',
    );
    line.events.host({ type: 'got', ref, ok: true, body: 'twice' });
    line.events.host({ type: 'got', ref: 999, ok: true, body: 'nobody asked' });
  });

  it('takes a question back when it is aborted, before or after it was asked', async () => {
    const { line, session } = start();
    const abort = new AbortController();
    const asked = session.get('/api/a', abort.signal);
    abort.abort();
    await assert.rejects(asked, { name: 'AbortError' });
    assert.deepEqual(line.gets.at(-1), { type: 'get_cancel', ref: line.gets[0]?.ref });
    await assert.rejects(session.get('/api/b', abort.signal), { name: 'AbortError' });
    assert.equal(line.gets.length, 2, 'what is aborted is not asked');
  });

  it('lets the person pick a file, and pairs the answers', async () => {
    const { line, session } = start();
    const [one, two] = [session.pickFile('One', 'json'), session.pickFile('Two', 'json')];
    const refs = line.requests.map((request) => (request.action === 'pick_file' ? request.ref : 0));
    line.events.host({ type: 'file_picked', ref: refs[1] ?? 0, text: null });
    line.events.host({ type: 'file_picked', ref: refs[0] ?? 0, text: '{}' });
    assert.deepEqual([await one, await two], ['{}', null]);
  });

  it('remembers what nothing depends on without a word to the elements', () => {
    const { line, session, store } = start();
    let told = 0;
    store.subscribe(['view'], () => told++);
    session.remember({ filter: 'x' });
    assert.equal(told, 0);
    assert.equal((line.saved as { filter: string }).filter, 'x');
  });
});
