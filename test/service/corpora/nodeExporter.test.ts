import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { SeriesAnswer } from '../../../service/protocol/series.ts';
import { prometheusToEvents } from '../../../service/ingest/prometheus.ts';
import { corpus, needsCorpus } from '../../support/corpus.ts';
import { refusal } from '../../support/rest.ts';
import { useSharedService } from '../../support/service.ts';
import { MINUTE, SECOND, assertNear, groupBy, listAll, peerOf, sendAll, sumOf } from './support.ts';

const id = encodeURIComponent;

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const scrapeOf = (file: string) => readFileSync(corpus('prometheus', 'recorded', file), 'utf8');

/** The samples as they stand there, read without our parser; those that are no numbers have no place on a chart. */
function samplesOf(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const at = line.lastIndexOf(' ');
    const [name = ''] = line.split(/[{ ]/, 1);
    const labels = [
      ...line.slice(name.length, at).matchAll(/([a-z_A-Z0-9]+)="((?:[^"\\]|\\.)*)"/g),
    ];
    const value = Number(line.slice(at + 1));
    const pairs = labels.map(([, key = '', text = '']) => [key, JSON.parse(`"${text}"`) as string]);
    if (Number.isFinite(value))
      samples.push({ name, labels: Object.fromEntries(pairs) as Record<string, string>, value });
  }
  return samples;
}

const keyOf = (labels: Record<string, string>) => JSON.stringify(Object.entries(labels).sort());

/** When the scrape was answered, by its Date header. */
function timeOf(file: string): number {
  const [, date = ''] = /^Date: (.*)$/m.exec(scrapeOf(file)) ?? [];
  return Date.parse(date.trim());
}

describe('two recorded scrapes of node_exporter, sent to a service', () => {
  needsCorpus('prometheus');
  const shared = useSharedService({ sampling: { host_interval_ms: 0 } });
  const peer = () => peerOf(shared());
  let interval: number;
  let times: [number, number];
  let scrapes: [Sample[], Sample[]];

  before(async () => {
    interval = timeOf('node_exporter.2.headers') - timeOf('node_exporter.1.headers');
    // Moved in time as a whole, to where steps as long as the interval begin.
    const first = Math.floor((Date.now() - 10 * MINUTE) / interval) * interval;
    times = [first, first + interval];
    const texts = [scrapeOf('node_exporter.1.prom'), scrapeOf('node_exporter.2.prom')] as const;
    scrapes = [samplesOf(texts[0]), samplesOf(texts[1])];
    for (const [at, text] of texts.entries())
      await sendAll(peer(), prometheusToEvents(text, times[at] ?? NaN));
  });
  const range = () => `from=${times[0] - interval}&to=${times[1] + interval - 1}`;
  const ask = (query: string) => peer().get<SeriesAnswer>(`/api/v1/series?${query}&limit=1000`);

  it('are as many label sets of each metric as were scraped', async () => {
    const metrics = await listAll<{ metric: string; series: number; kind: string }>(
      peer(),
      '/api/v1/series/metrics',
      'metrics',
    );
    const byName = groupBy(scrapes.flat(), ({ name }) => name);
    assert.ok(byName.size > 200);
    assert.deepEqual(
      metrics.map(({ metric, series }) => [metric, series]),
      [...byName]
        .map(([name, own]) => [name, new Set(own.map(({ labels }) => keyOf(labels))).size])
        .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    );
    const counters = new Set(
      [...scrapeOf('node_exporter.1.prom').matchAll(/^# TYPE (\S+) counter$/gm)].map(([, n]) => n),
    );
    for (const { metric, kind } of metrics)
      if (counters.has(metric)) assert.equal(kind, 'counter', metric);
  });

  it('are the values of each label set, at the times of the scrapes', async () => {
    const expected = groupBy(scrapes[0], ({ name }) => name);
    const second = new Map(scrapes[1].map((one) => [one.name + keyOf(one.labels), one.value]));
    for (const [name, own] of expected) {
      const { series } = await ask(`metric=${id(name)}&${range()}&aggregation=raw`);
      const points = new Map(series.map((line) => [keyOf(line.labels), line.points]));
      for (const { labels, value } of own) {
        const then = second.get(name + keyOf(labels));
        assert.deepEqual(
          points.get(keyOf(labels)),
          [[times[0], value], ...(then === undefined ? [] : [[times[1], then]])],
          `${name} ${keyOf(labels)}`,
        );
      }
    }
  });

  it('have the rate of a counter as computed by hand, of one label set and of all together', async () => {
    const of = (samples: readonly Sample[], mode: string) =>
      samples.filter((one) => one.name === 'node_cpu_seconds_total' && one.labels['mode'] === mode);
    const metric = 'metric=node_cpu_seconds_total';
    const seconds = interval / SECOND;
    const grouped = await ask(
      `${metric}&${range()}&step=${interval}ms&aggregation=rate&group_by=mode`,
    );
    const modes = new Set(scrapes[0].flatMap(({ labels }) => labels['mode'] ?? []));
    assert.deepEqual(new Set(grouped.series.map(({ labels }) => labels['mode'])), modes);
    for (const { labels, points } of grouped.series) {
      const mode = labels['mode'] ?? '';
      const [before, after] = scrapes.map((samples) => of(samples, mode).map((one) => one.value));
      const rate = (sumOf(after ?? []) - sumOf(before ?? [])) / seconds;
      assert.equal(points.at(-1)?.[0], times[1]);
      assertNear(points.at(-1)?.[1], rate, mode, 1e-9);
    }
    for (const { labels, value } of of(scrapes[0], 'idle')) {
      const { cpu = '' } = labels;
      const then = of(scrapes[1], 'idle').find((one) => one.labels['cpu'] === cpu)?.value ?? NaN;
      const { series, total } = await ask(
        `${metric}&${range()}&step=${interval}ms&aggregation=rate&label.mode=idle&label.cpu=${cpu}`,
      );
      assert.equal(total, 1);
      assertNear(series[0]?.points.at(-1)?.[1], (then - value) / seconds, cpu, 1e-9);
      // Longer steps spread the same increase.
      const minute = await ask(
        `${metric}&${range()}&step=1m&aggregation=rate&label.mode=idle&label.cpu=${cpu}`,
      );
      const to = times[1] + interval;
      const grown = (minute.series[0]?.points ?? []).map(
        ([at, rate]) => (rate * Math.max(30_000, Math.min(MINUTE, to - at))) / SECOND,
      );
      assertNear(sumOf(grown), then - value, `${cpu} by the minute`, 1e-9);
    }
  });

  it('have gauges by step, and say which metrics there are not', async () => {
    for (const name of ['node_memory_MemAvailable_bytes', 'node_load1', 'node_boot_time_seconds']) {
      const values = scrapes.map(
        (samples) => samples.find((one) => one.name === name)?.value ?? NaN,
      );
      for (const [aggregation, value] of [
        ['min', Math.min(...values)],
        ['max', Math.max(...values)],
        ['sum', sumOf(values)],
        ['count', 2],
      ] as const) {
        const { series, kind } = await ask(
          `metric=${name}&${range()}&step=1h&aggregation=${aggregation}`,
        );
        assert.equal(kind, 'gauge');
        const points = (series[0]?.points ?? []).map(([, one]) => one);
        const actual =
          aggregation === 'min'
            ? Math.min(...points)
            : aggregation === 'max'
              ? Math.max(...points)
              : sumOf(points);
        assert.equal(actual, value, `${aggregation} of ${name}`);
      }
    }
    const problem = await refusal(shared(), '/api/v1/series?metric=node_gone');
    assert.deepEqual([problem.status, problem.code], [404, 'METRIC_UNKNOWN']);
    assert.match(problem.detail, /"node_gone".*\/api\/v1\/series\/metrics/);
  });
});
