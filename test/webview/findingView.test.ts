import assert from 'node:assert/strict';
import { FINDING_KINDS } from '../../service/protocol/finding.ts';
import {
  kindWord,
  foreseenIn,
  regionOfFinding,
  signsOf,
  signWord,
  steady,
  sureOf,
} from '../../webview/findingView.ts';
import { METRICS_OF } from '../../webview/places.ts';
import { foundAt } from '../support/finding.ts';

const T0 = Date.UTC(2026, 10, 22, 12);

describe('what the analysis found, in the page', () => {
  it('has a word for each kind, and leads to where more of it stands', () => {
    assert.equal(new Set(FINDING_KINDS.map((kind) => kindWord({ kind }))).size, 4);
    assert.equal(regionOfFinding(foundAt(T0, { kind: 'change' })), 'Performance');
    assert.equal(regionOfFinding(foundAt(T0)), 'Bottlenecks');
  });

  it('leads from values to the region that shows them', () => {
    const place = (metric: string, labels: Record<string, string>, job_id: string | null = null) =>
      regionOfFinding(foundAt(T0, { kind: 'anomaly', metric, labels, job_id }));
    assert.equal(place('cpu_percent', { source: 'host' }), 'Resources');
    assert.equal(place('disk_percent', { source: 'worker', worker_id: 'w' }), 'Resources');
    assert.equal(place('memory_mb', { source: 'job', pipeline: 'p' }), 'Resources');
    assert.equal(place('queue_pending', { queue: 'gpu' }), 'Workers');
    assert.equal(place('worker_latency_ms', { worker_id: 'w' }), 'Workers');
    assert.equal(place('request_duration_ms', { endpoint: '/search' }), 'API');
    assert.equal(place('prediction_r2', { model: 'm' }), 'Models');
    assert.equal(place('cache_hit_rate_percent', { cache: 'c' }), 'Cache');
    assert.equal(place('loss', { lane: 'fast' }), null);
    assert.equal(place('loss', { pipeline: 'p' }, 'j1'), 'Resources');
  });

  it('is asked for in the region that it leads to', () => {
    for (const [region, metrics] of Object.entries(METRICS_OF))
      for (const metric of metrics.split(',')) {
        const finding = foundAt(T0, { kind: 'anomaly', metric, labels: {}, job_id: null });
        assert.equal(regionOfFinding(finding), region, metric);
      }
  });

  it('says how sure it is, and of an anomaly how odd', () => {
    assert.equal(sureOf(foundAt(T0)), '90 % sure');
    assert.equal(sureOf(foundAt(T0, { kind: 'anomaly', measure: 87 })), 'score 87 %');
    assert.equal(sureOf(foundAt(T0, { confidence: NaN })), '0 % sure');
  });

  it('stands on the charts of its metric only, as a sign where it began, with whose it is', () => {
    const labels = { cache: 'results' };
    const spike = foundAt(T0, { kind: 'anomaly', class: 'spike', measure: 87, labels });
    const over = { ...spike, until: new Date(T0).toISOString() };
    const all = [spike, over, { ...spike, metric: 'memory_mb' }, { ...spike, since: '' }];
    assert.deepEqual(signsOf(all, 'cpu_percent'), [
      { at: T0, label: 'spike, 87 %', tone: 'bad' },
      { at: T0, label: 'spike, 87 %', tone: 'plain' },
    ]);
    const [named] = signsOf(all, 'cpu_percent', 'cache');
    assert.equal(named?.label, 'results: spike, 87 %');
    assert.equal(signWord(foundAt(T0, { kind: 'prediction', class: 'memory_mb' })), 'Prediction');
  });

  it('draws each limit that is foreseen once', () => {
    const one = foundAt(T0, { kind: 'prediction', threshold: 85 });
    const over = { ...one, threshold: 90, until: new Date(T0).toISOString() };
    const anomaly = { ...one, kind: 'anomaly' as const, threshold: 12 };
    const all = [one, { ...one, finding_id: 'again' }, over, anomaly];
    assert.deepEqual(foreseenIn(all, 'cpu_percent'), [{ label: 'limit', value: 85 }]);
    assert.deepEqual(foreseenIn(all, 'memory_mb'), []);
  });

  it('keeps its place in a list that a person points at', () => {
    const of = (id: string) => foundAt(T0, { finding_id: id });
    const ids = steady([of('new'), of('b'), of('newer'), of('a')], ['a', 'gone', 'b']);
    assert.deepEqual(
      ids.map(({ finding_id }) => finding_id),
      ['a', 'b', 'new', 'newer'],
    );
  });
});
