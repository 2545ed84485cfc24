import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SeriesAnswer } from '../../service/protocol/series.ts';
import type { ClientFrame } from '../../service/protocol/frame.ts';
import { SeriesFeed } from '../../webview/seriesFeed.ts';
import { emptyFrame } from '../fixtures/frames.ts';
import { TestElement } from '../support/element.ts';

const NOW = Date.parse('2026-01-01T12:00:00.000Z');
const answer = (value: number): SeriesAnswer => ({
  ...{ metric: 'm', unit: null, kind: 'gauge', aggregation: 'avg', step_ms: 1_000 },
  ...{ from: new Date(NOW - 300_000).toISOString(), to: new Date(NOW).toISOString() },
  ...{ series: [{ labels: {}, points: [[NOW - 1_000, value]] }], total: 1, truncated: false },
});

function setUp(questions: readonly string[], last: number | null = 300_000) {
  const element = new TestElement(() => NOW);
  const feed = new SeriesFeed(element, () => questions);
  element.line.welcome();
  if (last !== null) element.app.time.set({ kind: 'last', ms: last });
  const topics = (): string[] => {
    const frames = element.line.sent.filter((frame: ClientFrame) => 'topics' in frame);
    const { topics: told } = frames.at(-1) as { topics: string[] };
    return told.filter((topic) => topic.startsWith('series:'));
  };
  const value = (question: string): unknown => {
    const state = feed.get(question);
    return state.kind === 'ready' ? state.answer.series[0]?.points[0]?.[1] : state.kind;
  };
  return { element, feed, line: element.line, topics, value };
}

describe('lines of the series for an element', () => {
  it('are followed live while the range moves, and nothing is asked', async () => {
    const { element, line, topics, value } = setUp(['metric=m']);
    element.connect();
    await sleep(40);
    assert.deepEqual(topics(), ['series:metric=m&range=300000']);
    assert.equal(value('metric=m'), 'waiting');
    line.accept();
    const update = { ...answer(5), query: 'metric=m&range=300000' };
    line.events.frame(emptyFrame({ series: [update] }));
    assert.equal(value('metric=m'), 5);
    assert.deepEqual(line.gets, []);
  });

  it('are let go while nobody sees them, and shown as they were until there is news', async () => {
    const { element, line, topics, value } = setUp(['metric=m']);
    element.connect();
    await sleep(40);
    line.accept();
    const update = { ...answer(5), query: 'metric=m&range=300000' };
    line.events.frame(emptyFrame({ series: [update] }));
    element.look(false);
    await sleep(2_100);
    assert.deepEqual(topics(), []);
    line.accept();
    await sleep(0);
    assert.equal(element.app.store.series.size, 0, 'nothing is kept that grows old');
    element.look(true);
    assert.equal(value('metric=m'), 5);
    await sleep(40);
    assert.equal(topics().length, 1);
  });

  it('are asked for once where the range stands still', async () => {
    const { element, line, topics, value } = setUp(['metric=m']);
    element.app.time.zoomTo({ from: NOW - 60_000, to: NOW - 30_000 });
    element.connect();
    const path = `/api/v1/series?metric=m&from=${NOW - 60_000}&to=${NOW - 30_000}`;
    assert.deepEqual(
      line.gets.map((one) => one.type === 'get' && one.path),
      [path],
    );
    line.got(0, answer(7));
    await sleep(0);
    assert.equal(value('metric=m'), 7);
    element.render();
    element.look(false);
    element.look(true);
    assert.equal(line.gets.length, 1);
    await sleep(40);
    assert.deepEqual(topics(), []);
  });

  it('of a range that was left before the answer came are forgotten', async () => {
    const { element, line, value } = setUp(['metric=m']);
    element.app.time.zoomTo({ from: NOW - 60_000, to: NOW - 30_000 });
    element.connect();
    element.app.time.zoomTo({ from: NOW - 50_000, to: NOW - 40_000 });
    await sleep(0);
    assert.equal(line.gets[1]?.type, 'get_cancel');
    line.got(0, answer(1));
    await sleep(0);
    assert.equal(value('metric=m'), 'waiting');
    line.got(2, answer(2));
    await sleep(0);
    assert.equal(value('metric=m'), 2);
  });

  it('say why there are none: nothing measured, or what the service says', async () => {
    const { element, feed, line } = setUp(['metric=m', 'metric=n']);
    element.app.time.zoomTo({ from: NOW - 60_000, to: NOW - 30_000 });
    element.connect();
    line.events.host({
      ...{ type: 'got', ref: line.refOf(0), ok: false },
      ...{ code: 'METRIC_UNKNOWN', message: 'There is no metric of this name.' },
    });
    line.fail(1, 'Ask for less.');
    await sleep(0);
    assert.deepEqual(feed.get('metric=m'), {
      kind: 'none',
      message: 'Nothing was measured so far.',
    });
    assert.deepEqual(feed.get('metric=n'), { kind: 'none', message: 'Ask for less.' });
  });

  it('beyond the 32 that the service follows are asked for every five seconds', async () => {
    const questions = Array.from({ length: 33 }, (_, n) => `metric=m${n}`);
    const { element, line, topics, value } = setUp(questions);
    element.connect();
    await sleep(40);
    assert.equal(topics().length, 32);
    assert.equal(line.gets.length, 1);
    line.got(0, answer(1));
    await sleep(10);
    assert.equal(value('metric=m32'), 1);
    element.render();
    assert.equal(line.gets.length, 1, 'not with each rendering');
    await sleep(5_050);
    assert.equal(line.gets.length, 2);
    assert.equal(value('metric=m32'), 1, 'shown until the next answer is here');
    line.got(1, answer(2));
    await sleep(10);
    assert.equal(value('metric=m32'), 2);
    element.look(false);
    await sleep(5_050);
    assert.equal(line.gets.length, 2, 'nobody sees it');
    element.disconnect();
  });

  it('that the service refuses are asked for, and the others stay live', async () => {
    const { element, line, topics } = setUp(['metric=good', 'metric=bad&step=x']);
    element.connect();
    await sleep(40);
    line.refuse('The topic "series:metric=bad&step=x&range=300000" is not valid.');
    await sleep(40);
    assert.deepEqual(topics(), ['series:metric=good&range=300000']);
    const [question] = line.gets;
    assert.equal(
      question?.type === 'get' && question.path,
      '/api/v1/series?metric=bad&step=x&range=300000',
    );
    element.disconnect();
  });

  it('end with their element', () => {
    const { element, line } = setUp(['metric=m']);
    element.app.time.zoomTo({ from: NOW - 60_000, to: NOW - 30_000 });
    element.connect();
    element.disconnect();
    assert.equal(line.gets.at(-1)?.type, 'get_cancel');
  });
});
