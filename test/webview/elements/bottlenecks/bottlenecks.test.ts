import assert from 'node:assert/strict';
import type { PhaseRecord } from '../../../../service/protocol/record.ts';
import { slowestOf } from '../../../../webview/elements/bottlenecks/slowest.ts';
import { measuredOf, severityOf, whereOf } from '../../../../webview/elements/bottlenecks/words.ts';
import { BOTTLENECK_KINDS, type Bottleneck } from '../../../../service/protocol/bottleneck.ts';
import { endedLately } from '../../../../webview/elements/bottlenecks/ended.ts';
import {
  evidenceChart,
  evidenceRange,
  questionOf,
  shownOf,
} from '../../../../webview/elements/bottlenecks/evidence.ts';
import {
  impactWords,
  KIND_ICONS,
  sureWords,
  watchedWords,
} from '../../../../webview/elements/bottlenecks/impact.ts';
import { job, phase } from '../../../fixtures/frames.ts';
import { foundAt } from '../../../support/finding.ts';

const T0 = Date.parse('2026-03-01T10:00:00Z');
const at = (seconds: number) => new Date(T0 + seconds * 1000).toISOString();

function ran(index: number, from: number, to: number, depends_on: string[] = []): PhaseRecord {
  const times = { started_at: at(from), ended_at: at(to), execution_time_ms: (to - from) * 1000 };
  const id = { phase_id: `p${index}`, name: `Phase ${index}`, index };
  return phase({ ...id, ...times, depends_on, status: 'COMPLETED' });
}

function slowest(phases: readonly PhaseRecord[], seconds: number) {
  const run = job({ job_id: 'j', status: 'COMPLETED', started_at: at(0), ended_at: at(seconds) });
  const byId = new Map(phases.map((one) => [one.phase_id, one]));
  return slowestOf({ job: run, phases, byId, now: T0 + 3_600_000 });
}

describe('the slowest phases of a run', () => {
  it('are those that took most of it, the greatest share first, five at most', () => {
    const phases = [ran(0, 0, 10), ...[1, 2, 3, 4, 5].map((n) => ran(n, 10, 10 + n * 5))];
    const { byShare } = slowest(phases, 50);
    assert.deepEqual(
      byShare.map(({ phase: one, share }) => [one.phase_id, share]),
      [
        ['p5', 0.5],
        ['p4', 0.4],
        ['p3', 0.3],
        ['p0', 0.2],
        ['p2', 0.2],
      ],
    );
  });

  it('are those that waited longest, with what they waited for', () => {
    const phases = [
      ran(0, 0, 10),
      ran(1, 0, 30),
      ran(2, 34, 40, ['p0', 'p1']),
      ran(3, 10, 20, ['p0']),
    ];
    const { byWait } = slowest(phases, 40);
    assert.deepEqual(
      byWait.map(({ phase: one, blocked, ready, by }) => [one.phase_id, blocked, ready, by]),
      [['p2', 20_000, 4000, ['p1']]],
    );
  });

  it('are none before anything has begun', () => {
    const waiting = job({ job_id: 'j', status: 'PENDING', started_at: null, ended_at: null });
    const none = slowestOf({ job: waiting, phases: [], byId: new Map(), now: T0 });
    assert.deepEqual(none, { byShare: [], byWait: [] });
  });
});

describe('a bottleneck in words', () => {
  it('is as severe as little is left', () => {
    assert.deepEqual(
      [0, 0.39, 0.4, 0.75, 1, null].map((impact) => severityOf({ impact })),
      ['WARNING', 'WARNING', 'ERROR', 'CRITICAL', 'CRITICAL', 'WARNING'],
    );
  });

  it('leads to the worker, the run or the machine that it is of', () => {
    const place = (labels: Record<string, string>) => {
      const { text, region, resourcesOf, pipeline } = whereOf({ labels });
      return [text, region, resourcesOf, pipeline];
    };
    assert.deepEqual(place({ source: 'worker', worker_id: 'w' }), [
      'worker w',
      'Workers',
      null,
      null,
    ]);
    assert.deepEqual(place({ source: 'job', pipeline: 'p' }), ['p', 'Resources', 'run', 'p']);
    assert.deepEqual(place({ source: 'host' }), ['this machine', 'Resources', 'host', null]);
  });

  it('leads to the queue, endpoint, model or cache that it is of, and calls nothing else this machine', () => {
    const place = (labels: Record<string, string>, of: Partial<Bottleneck> = {}) => {
      const { text, region, resourcesOf } = whereOf({ labels, ...of });
      return [text, region, resourcesOf];
    };
    assert.deepEqual(place({ queue: 'gpu' }), ['queue gpu', 'Workers', null]);
    assert.deepEqual(place({ endpoint: '/a' }), ['endpoint /a', 'API', null]);
    assert.deepEqual(place({ model: 'm' }), ['model m', 'Models', null]);
    assert.deepEqual(place({ cache: 'c' }), ['cache c', 'Cache', null]);
    const held = { job_id: 'j', phase_id: 'P06' };
    assert.deepEqual(place({ queue: 'gpu' }, held), ['queue gpu, phase P06', 'Workers', null]);
    assert.deepEqual(place({ queue: 'gpu' }, { worker_id: 'w' }), ['worker w', 'Workers', null]);
    const own = { metric: 'rows_per_s' };
    assert.deepEqual(place({ lane: 'fast' }, own), ['lane fast', 'Performance', null]);
    assert.deepEqual(place({}, own), ['rows_per_s', 'Performance', null]);
  });

  it('says values with their unit', () => {
    const evidence = { average: 96.4, max: 99, last: 98, points: 9, last_at: at(0) };
    const of = (unit: string) => measuredOf({ evidence: { ...evidence, unit, threshold: 85 } });
    assert.equal(of('percent'), '96 % on average, 99 % at most; the threshold is 85 %');
    assert.equal(of('ms'), '96 ms on average, 99 ms at most; the threshold is 85 ms');
    const high = { ...evidence, average: 52_631.4, max: 61_000, threshold: null };
    const high_of = (unit: string) => measuredOf({ evidence: { ...high, unit } });
    assert.equal(high_of('1/s'), '52,631 a second on average, 61,000 a second at most');
    assert.equal(high_of('MB'), '51.4 GB on average, 59.6 GB at most');
    assert.equal(high_of(''), '52,631.4 on average, 61,000 at most');
  });

  it('leads to the phase that it holds back, with the worker', () => {
    const at = { labels: {}, job_id: 'j', pipeline: 'p', phase_id: 'P06', worker_id: 'w' };
    const { text, region, job: of, phase: in_ } = whereOf(at);
    assert.deepEqual([text, region, of, in_], ['phase P06 on w', 'Phases', 'j', 'P06']);
  });

  it('says what its impact is a share of, and how sure that is', () => {
    const said = (impact_basis: Bottleneck['impact_basis'], impact: number | null = 0.62) =>
      impactWords({ impact, impact_basis });
    assert.equal(said('unknown', null), 'impact not known');
    assert.equal(said('throughput'), '62 % of the throughput is lost');
    assert.equal(said('critical_path'), '62 % of the time of what everything waits for');
    assert.equal(said('use', 7), '100 % of the way from its threshold to nothing left');
    assert.equal(said('use', NaN), '0 % of the way from its threshold to nothing left');
    assert.equal(sureWords(0.84), '84 % sure');
  });

  it('has a sign for each class, and says what is watched where there is none', () => {
    assert.equal(new Set(Object.values(KIND_ICONS)).size, BOTTLENECK_KINDS.length);
    const watched = ['CPU', 'QUEUE', 'CUSTOM'] as const;
    assert.equal(
      watchedWords({ watched, watches_machine: true }),
      'Nothing holds the work back now. Watched all the time: CPU, queues, and your own patterns.',
    );
    assert.match(
      watchedWords({ watched: ['QUEUE'], watches_machine: false }),
      /: queues\. This machine itself is not watched: set sampling\.host_interval_ms/,
    );
  });

  it('is listed for an hour after its end, the newest first', () => {
    const ended = (id: string, minutes: number) =>
      foundAt(T0, { finding_id: id, until: new Date(T0 - minutes * 60_000).toISOString() });
    const all = [ended('old', 61), ended('first', 50), ended('last', 1), foundAt(T0)];
    const ids = endedLately(all, T0).map(({ finding_id }) => finding_id);
    assert.deepEqual(ids, ['last', 'first']);
  });

  it('has its evidence as charts, with the threshold and the moment of its begin', () => {
    const series = {
      ...{ metric: 'cpu_percent', labels: { source: 'host' }, unit: 'percent' },
      aggregation: 'avg' as const,
    };
    assert.equal(questionOf(series), 'metric=cpu_percent&label.source=host&aggregation=avg');
    const of = { since: at(5), until: null, metric: 'cpu_percent', threshold: 85, series: [] };
    const span = { from: T0, to: T0 + 60_000 };
    const shown = { of, state: { kind: 'none', message: '' } as const, span };
    const { chart } = evidenceChart({ ...series, title: 'CPU use' }, shown);
    assert.deepEqual(
      [chart?.marks?.[0]?.value, chart?.signs?.[0]?.at, chart?.unit],
      [85, T0 + 5000, '%'],
    );
    const lasting = { since: at(0), until: null };
    const minutes = (age: number) => evidenceRange(lasting, T0 + age * 60_000).query.slice(6);
    assert.deepEqual([1, 5, 30, 200, 9000].map(minutes), ['5m', '15m', '1h', '6h', '6h']);
    const free = { ...shown, of: { ...of, threshold: null } };
    assert.equal(evidenceChart({ ...series, title: 'CPU use' }, free).chart?.marks, undefined);
    const waits = { ...shown, state: { kind: 'waiting' } as const };
    assert.equal(evidenceChart({ ...series, title: 'CPU use' }, waits).chart, null);
  });

  it('that is over has its evidence around the time it lasted, whenever it is looked at', () => {
    const series = [
      {
        ...{ metric: 'tasks_submitted', labels: { queue: 'q' }, unit: 'tasks/s' },
        ...{ title: 'Submitted', aggregation: 'rate' as const },
      },
    ];
    const finding = foundAt(T0, { until: at(100), metric: 'queue_pending', evidence: { series } });
    const of = shownOf(finding);
    const { query, span } = evidenceRange(of, T0 + 9_000_000);
    assert.deepEqual(span, { from: T0 - 50_000, to: T0 + 150_000 });
    assert.equal(query, `from=${span.from}&to=${span.to}`);
    const [one] = of.series;
    assert.ok(one);
    assert.equal(questionOf(one), 'metric=tasks_submitted&label.queue=q&aggregation=rate');
    const { chart } = evidenceChart(one, { of, state: { kind: 'none', message: '' }, span });
    assert.deepEqual(
      chart?.signs?.map(({ at: time, label }) => [time, label]),
      [
        [T0, 'since then'],
        [T0 + 100_000, 'over'],
      ],
    );
    assert.deepEqual([chart?.marks, chart?.say(12.5)], [undefined, '12.5 tasks a second']);
    assert.deepEqual(shownOf(foundAt(T0)).series, []);
  });
});
