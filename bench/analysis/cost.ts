/** What it costs to watch 1,000 series for anomalies and for limits ahead. */
import { SeriesWatch } from '../../service/analyst/seriesWatch.ts';
import { Model } from '../../service/core/fold.ts';
import { Findings } from '../../service/analysis/findings.ts';
import { SeriesStore } from '../../service/series/store.ts';
import { type TopicResult, printWhenStarted } from './topic.ts';

const SERIES = 1000;
/** Of these, so many have a limit: as much as a machine and a hundred workers have. */
const LIMITED = 200;
const WARM_S = 1200;
const MEASURED_S = 300;
const START = Date.UTC(2026, 0, 15);
const MB = 1024 * 1024;

export function run(): Promise<TopicResult> {
  const before = process.memoryUsage();
  let now = START;
  const { watch, handles } = watched(() => now);
  const random = randomOf(3);
  const second = (): number => {
    now += 1000;
    handles.forEach((handle, i) => handle(now, 40 + (i % 20) + 5 * random()));
    const began = performance.now();
    watch.tick(now);
    return performance.now() - began;
  };
  for (let i = 0; i < WARM_S; i++) second();
  const cpu = process.cpuUsage();
  const ticks = Array.from({ length: MEASURED_S }, second).sort((a, b) => a - b);
  const { user, system } = process.cpuUsage(cpu);
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  const at = (share: number) => ticks[Math.floor(share * (ticks.length - 1))] ?? NaN;
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  return Promise.resolve({
    title: `${SERIES.toLocaleString('en')} series at one point a second, of which ${LIMITED} have a limit.`,
    columns: ['what', 'wanted', 'measured'],
    rows: [
      ['share of one core', '< 2 %', `${((user + system) / (MEASURED_S * 10_000)).toFixed(2)} %`],
      ['one look at all series, median', '< 100 ms', ms(at(0.5))],
      ['one look at all series, slowest', '< 5,000 ms', ms(at(1))],
      ['memory, with the points of the last hour', '', `${Math.round(grown / MB)} MB`],
    ],
    notes: [
      `${MEASURED_S} seconds after ${WARM_S} seconds of learning, as fast as they go; the share is CPU time of the process, storing the points included. The times depend on the machine and on what else it does.`,
    ],
  });
}

type Append = (time: number, value: number) => void;

function watched(now: () => number): { watch: SeriesWatch; handles: Append[] } {
  const limits = { max_series: 5000, max_per_metric: 5000, system_hours: 24, series_days: 30 };
  const series = new SeriesStore({ ...limits, clock: now });
  const rules = { rules: [], version: 1 };
  const findings = new Findings();
  const logger = { warn: () => {} };
  const watch = new SeriesWatch({ series, findings, rules, now, logger, model: new Model() });
  const handles = Array.from({ length: SERIES }, (_, i): Append => {
    // The share of memory in use ends at 100 %.
    const metric = i < LIMITED ? 'worker_memory_percent' : `metric_${i % 50}`;
    const labels = { worker_id: String(i) };
    return (time, value) =>
      series.append({ metric, labels, kind: 'gauge', unit: 'percent', time, value });
  });
  return { watch, handles };
}

/** Numbers of 0 to 1 that are the same in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

await printWhenStarted(import.meta.url, run);
