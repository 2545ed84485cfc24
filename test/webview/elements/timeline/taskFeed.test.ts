import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskRecord } from '../../../../service/protocol/domain.ts';
import type { Occupancy } from '../../../../service/protocol/occupancy.ts';
import { Wants } from '../../../../webview/elements/shared/wants.ts';
import { MOST_TASKS, TaskFeed } from '../../../../webview/elements/timeline/taskFeed.ts';
import type { Span } from '../../../../webview/timeScale.ts';
import { emptyFrame, job } from '../../../fixtures/frames.ts';
import { at, task } from '../../../src/wire/records.ts';
import { TestElement } from '../../../support/element.ts';

const JOB = 'j';
const PAGES = '/api/v1/tasks?job_id=j&limit=1000';
const COUNT = '/api/v1/task-occupancy?job_id=j&bins=300';

function running(task_id: string, seq = 1): TaskRecord {
  return task({ task_id, job_id: JOB, status: 'PROCESSING', started_at: at(0), seq });
}

function ended(task_id: string, seq = 2): TaskRecord {
  return task({ ...running(task_id, seq), status: 'COMPLETED', completed_at: at(1) });
}

function count(tasks: number): Occupancy {
  return { from: at(0), to: at(60), bin_ms: 200, tasks, lanes: [], others: null };
}

/** Looks at the tasks of a job that runs; `part` is what is zoomed into. */
async function setUp(): Promise<Setting> {
  const element = new TestElement();
  const zoom: { part: Span | null } = { part: null };
  new Wants(element, 'workers');
  const feed = new TaskFeed(element, () => zoom.part);
  const { line } = element;
  line.welcome();
  const work = (tasks: TaskRecord[], reset = false): void =>
    line.events.frame(
      emptyFrame({ jobs: [job({ job_id: JOB })], workers: [], tasks, ...(reset && { reset }) }),
    );
  work([]);
  element.connect();
  await sleep(40);
  line.accept();
  let next = 0;
  /** Answers the next question, which has to be this one. */
  const answer = async (path: string, body: unknown): Promise<void> => {
    // Who listens is told one after the other.
    await sleep(0);
    const got = line.gets.filter(({ type }) => type === 'get')[next++];
    assert.equal(got?.type === 'get' && got.path, path);
    const to = { type: 'got', ref: got?.ref ?? 0 } as const;
    if (body instanceof Error)
      line.events.host({ ...to, ok: false, code: 'INTERNAL', message: body.message });
    else line.events.host({ ...to, ok: true, body });
    await sleep(0);
  };
  const asked = (): number => line.gets.filter(({ type }) => type === 'get').length - next;
  return { element, feed, zoom, work, answer, asked };
}

interface Setting {
  element: TestElement;
  feed: TaskFeed;
  zoom: { part: Span | null };
  work: (tasks: TaskRecord[], reset?: boolean) => void;
  answer: (path: string, body: unknown) => Promise<void>;
  asked: () => number;
}

const page = (tasks: TaskRecord[], next_cursor: string | null = null): unknown => ({
  tasks,
  next_cursor,
});

/** One by one: what each task is. */
function shown(feed: TaskFeed): Record<string, string> {
  return Object.fromEntries([...feed.tasks.values()].map(({ id, status }) => [id, status]));
}

function ready(feed: TaskFeed) {
  const { state } = feed;
  if (state.kind !== 'ready') throw new Error(`It is ${state.kind}.`);
  return { one: state.one, tasks: state.whole.tasks, message: state.message };
}

describe('the tasks of a job for its lanes', () => {
  it('are counted from the moment on at which they become too many to draw', async () => {
    const { feed, work, answer, asked } = await setUp();
    await answer(COUNT, count(MOST_TASKS));
    const all = Array.from({ length: MOST_TASKS }, (_, n) => ended(`t${n}`));
    await answer(PAGES, page(all));
    assert.deepEqual(ready(feed), { one: 'all', tasks: MOST_TASKS, message: null });
    work([running('one-more')]);
    await answer(COUNT, count(MOST_TASKS + 1));
    assert.deepEqual(ready(feed), { one: 'none', tasks: MOST_TASKS + 1, message: null });
    assert.equal(feed.loaded, 0, 'what is not drawn is not kept');
    work([running('another')]);
    await sleep(0);
    assert.equal(asked(), 0);
  });

  it('stay counted where the service keeps no more of them than can be drawn', async () => {
    const { feed, work, answer } = await setUp();
    await answer(COUNT, count(MOST_TASKS));
    await answer(PAGES, page(Array.from({ length: MOST_TASKS }, (_, n) => ended(`t${n}`))));
    work([running('one-more')]);
    await answer(COUNT, count(MOST_TASKS));
    assert.equal(ready(feed).one, 'none');
  });

  it('are counted when more came while they were fetched', async () => {
    const { feed, answer } = await setUp();
    await answer(COUNT, count(MOST_TASKS));
    await answer(
      PAGES,
      page(
        Array.from({ length: MOST_TASKS }, (_, n) => ended(`t${n}`)),
        'next',
      ),
    );
    await answer(COUNT, count(MOST_TASKS + 5));
    assert.equal(ready(feed).one, 'none');
  });

  it('are fetched again after nobody saw them, and stay drawn until then', async () => {
    const { element, feed, work, answer, asked } = await setUp();
    await answer(COUNT, count(1));
    await answer(PAGES, page([running('t')]));
    element.look(false);
    await sleep(2_100);
    element.line.accept();
    await sleep(0);
    element.look(true);
    await sleep(40);
    assert.equal(asked(), 0, 'the records begin first: there is no gap then');
    element.line.accept();
    work([]);
    await sleep(0);
    await answer(COUNT, count(2));
    assert.deepEqual(shown(feed), { t: 'PROCESSING' });
    await answer(PAGES, page([ended('t'), ended('new')]));
    assert.deepEqual(shown(feed), { t: 'COMPLETED', new: 'COMPLETED' });
    assert.equal(ready(feed).one, 'all');
    assert.equal(asked(), 0);
  });

  it('are fetched again after the records began anew, even by lower numbers, with what was told since', async () => {
    const { feed, work, answer } = await setUp();
    await answer(COUNT, count(2));
    await answer(PAGES, page([running('t', 90), running('gone', 91)]));
    work([running('live', 5)], true);
    await sleep(0);
    await answer(COUNT, count(1));
    await answer(PAGES, page([ended('t', 4)]));
    assert.deepEqual(shown(feed), { t: 'COMPLETED', live: 'PROCESSING' });
  });

  it('are not fetched again where all of them had ended with their job', async () => {
    const { element, work, answer, asked } = await setUp();
    await answer(COUNT, count(1));
    await answer(PAGES, page([ended('t')]));
    const over = emptyFrame({ jobs: [job({ job_id: JOB, status: 'COMPLETED' })] });
    element.line.events.frame(over);
    element.render();
    element.line.events.frame({ ...over, reset: true, workers: [], tasks: [] });
    element.render();
    await sleep(0);
    assert.equal(asked(), 0);
    work([], true);
    element.render();
    assert.equal(asked(), 1, 'it runs again');
  });

  it('say why they may be old when they cannot be fetched again, and are when the line is back', async () => {
    const { element, feed, work, answer } = await setUp();
    await answer(COUNT, count(1));
    await answer(PAGES, page([running('t')]));
    work([], true);
    await sleep(0);
    await answer(COUNT, new Error('No.'));
    assert.deepEqual([ready(feed).message, shown(feed)], ['No.', { t: 'PROCESSING' }]);
    element.line.welcome();
    await sleep(0);
    await answer(COUNT, count(1));
    await answer(PAGES, page([ended('t')]));
    assert.deepEqual([ready(feed).message, shown(feed)], [null, { t: 'COMPLETED' }]);
  });
});

describe('a part of the time whose tasks are counted', () => {
  const PART = { from: 1_000, to: 2_000 };
  const PATH = `${COUNT}&from=1000&to=2000`;

  async function failing(): Promise<Setting> {
    const setting = await setUp();
    await setting.answer(COUNT, count(MOST_TASKS + 1));
    setting.zoom.part = PART;
    setting.element.render();
    await setting.answer(PATH, new Error('No.'));
    return setting;
  }

  it('says why it could not be counted, and is counted when the line is back', async () => {
    const { element, feed, answer, asked } = await failing();
    assert.equal(ready(feed).message, 'No.');
    element.render();
    await sleep(0);
    assert.equal(asked(), 0, 'not in a circle');
    element.line.welcome();
    await sleep(0);
    const part = { ...count(MOST_TASKS + 2), bin_ms: 3 };
    await answer(PATH, part);
    assert.equal(ready(feed).message, null);
    assert.deepEqual(feed.state.kind === 'ready' && feed.state.occupancy, part);
    assert.equal(ready(feed).tasks, MOST_TASKS + 2, 'how many there are is known anew');
  });

  it('is counted when a person asks again', async () => {
    const { feed, answer } = await failing();
    feed.again();
    await sleep(0);
    await answer(PATH, count(MOST_TASKS + 1));
    assert.equal(ready(feed).message, null);
  });

  it('is asked for at once when it is another one', async () => {
    const { element, feed, zoom, answer } = await failing();
    zoom.part = { from: 1_000, to: 3_000 };
    element.render();
    await answer(`${COUNT}&from=1000&to=3000`, count(MOST_TASKS + 1));
    assert.equal(ready(feed).message, null);
  });

  it('says no more of it when what is shown is the part that was counted', async () => {
    const { element, feed, zoom } = await failing();
    zoom.part = null;
    element.render();
    assert.equal(ready(feed).message, null);
  });
});
