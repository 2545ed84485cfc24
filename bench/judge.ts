/**
 * What the judge costs: the same events through parse, journal, fold, series and hub, with 1,000 rules on 10,000
 * subjects and with these rules switched off. What the socket costs is left out, which makes its share look larger.
 *   node --expose-gc bench/built.mjs bench/judge.ts
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRule } from '../service/alerts/ruleBook.ts';
import { loadConfig } from '../service/config.ts';
import { createLogging } from '../service/logger.ts';
import { Service } from '../service/service.ts';

const RULES = 1000;
const METRICS = 100;
const LABELS = 100;
const SUBJECTS = METRICS * LABELS;
const RANGE_MS = 300_000;
/** Points of each subject that lie in the range before it is measured. */
const HISTORY = 4;
const BATCH = 100;
/** Events of one turn: both sides take turns, so that what else the machine does hits both. */
const TURN = 20_000;
const TURNS = 6;

interface Side {
  service: Service;
  us_per_event: number[];
}

const config = (data_dir: string) =>
  loadConfig({
    flags: { port: 0, data_dir, series: { max_series: 20_000, max_per_metric: 1000 } },
    env: {},
  });

const rule = (i: number, enabled: boolean) =>
  parseRule({
    ...{ rule_id: `r${i}`, kind: 'threshold', name: `Rule ${i}`, enabled },
    params: {
      ...{ metric: `m${i % METRICS}`, group_by: ['host'], aggregation: 'avg' },
      // Averages lie around 1,000: about one subject in a hundred is beyond the first of its ten rules.
      ...{ range_ms: RANGE_MS, direction: 'above', value: 1300 + i },
    },
  });

async function start(data_dir: string, enabled: boolean): Promise<Side> {
  const service = await Service.start({
    ...createLogging('error', { write: (line) => process.stderr.write(line) }),
    ...{ config: config(data_dir), dist: data_dir, fixedPort: false, onStop: () => undefined },
  });
  const { definitions } = service.monitor.alerting;
  for (let i = 0; i < RULES; i++)
    await definitions.change({ of: 'rule', key: `r${i}`, make: () => rule(i, enabled) });
  return { service, us_per_event: [] };
}

/** Batches as they come in: text. Every subject in turn, values that go up and down. */
function batches(from: number, count: number, age_ms: number): string[] {
  const time = Date.now() - age_ms;
  return Array.from({ length: count / BATCH }, (_, n) =>
    JSON.stringify(
      Array.from({ length: BATCH }, (_, k) => {
        const i = from + n * BATCH + k;
        const labels = { host: `h${Math.floor(i / METRICS) % LABELS}` };
        const value = 500 + ((i * 7919) % 1000);
        return {
          type: 'metric.recorded',
          id: `e${i}`,
          time,
          name: `m${i % METRICS}`,
          value,
          labels,
        };
      }),
    ),
  );
}

/** Microseconds of processor time an event takes. */
async function take({ service }: Side, texts: readonly string[]): Promise<number> {
  const before = process.cpuUsage();
  for (const text of texts) await service.monitor.ingest(JSON.parse(text) as unknown[]);
  // What waits for the next flush belongs to them.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (texts.length * BATCH);
}

function memoryMb(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

/** A side with its history; the memory it takes. */
async function filled(folder: string, enabled: boolean) {
  const before = memoryMb();
  const side = await start(join(folder, enabled ? 'on' : 'off'), enabled);
  for (let round = 0; round < HISTORY; round++) {
    const age_ms = (RANGE_MS / HISTORY) * (HISTORY - round - 0.5);
    await take(side, batches(round * SUBJECTS, SUBJECTS, age_ms));
  }
  return { side, memory_mb: memoryMb() - before };
}

const least = (values: readonly number[]) => Math.min(...values);
const rounded = (value: number) => Number(value.toFixed(2));

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pipescope-judge-'));
  const sides: { side: Side; memory_mb: number }[] = [];
  try {
    // The first one warms up what is compiled and held only once.
    for (const enabled of [false, true]) sides.push(await filled(folder, enabled));
    for (let turn = 0; turn < TURNS; turn++) {
      const texts = batches(HISTORY * SUBJECTS + turn * TURN, TURN, 0);
      for (const { side } of sides) side.us_per_event.push(await take(side, texts));
    }
    const [off = 0, on = 0] = sides.map(({ side }) => least(side.us_per_event.slice(1)));
    const [offMb = 0, onMb = 0] = sides.map(({ memory_mb }) => memory_mb);
    process.stdout.write(
      `${JSON.stringify({
        ...{ rules: RULES, subjects: SUBJECTS, us_per_event: rounded(off) },
        added_percent: rounded((on / off - 1) * 100),
        memory_added_mb: rounded(Math.max(0, onMb - offMb)),
      })}\n`,
    );
  } finally {
    for (const { side } of sides) await side.service.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
