/**
 * Fills a data directory with finished jobs as a long use of the service leaves it: the journal with all events, one
 * document a job, the index, history and series, the checkpoints. Written with the service's own storage, without waiting for the disk.
 *   node --import tsx bench/seed.ts DIR JOBS EVENTS_A_JOB
 */
import { loadConfig } from '../service/config.ts';
import { Model } from '../service/core/fold.ts';
import { recordTouched } from '../service/core/history.ts';
import { Measures } from '../service/measures.ts';
import { toDocument } from '../service/core/document.ts';
import { newTouched } from '../service/core/touched.ts';
import { jobRecord } from '../service/core/view.ts';
import type { Event } from '../service/protocol/event.ts';
import type { JobRecord } from '../service/protocol/record.ts';
import { prepareDataDir } from '../service/storage/dataDir.ts';
import { DomainStore } from '../service/storage/domainStore.ts';
import { Journal } from '../service/storage/journal.ts';
import type { Checkpoint } from '../service/storage/checkpoint.ts';
import { SeriesFiles } from '../service/storage/seriesFiles.ts';
import { StateStore } from '../service/storage/stateStore.ts';

const [dir = '', jobs = '1000', each = '10'] = process.argv.slice(2);
const JOBS = Number(jobs);
const EACH = Number(each);
const BLOCK = 500;

await prepareDataDir(dir);
const { journal } = await Journal.open(dir);
const store = await StateStore.open<Checkpoint, unknown, JobRecord>(dir, {
  sync: false,
  parseCheckpoint: (value) => value as Checkpoint,
  parseJob: (value) => value,
  parseRow: (value) => value as JobRecord,
  onDamaged: (sentence) => console.error(sentence),
});
await store.loadIndex(() => undefined);
const { retention, series: limits } = loadConfig({ flags: { data_dir: dir }, env: {} });
const warn = (sentence: string) => console.error(sentence);
const { domain } = new Model();
const tables = await DomainStore.open(dir, domain, warn);
let now = Date.now();
const series = await SeriesFiles.open(dir, { ...limits, ...retention, clock: () => now, warn });

const begin = Date.now() - JOBS * 1000;
let seq = 0;
for (let first = 0; first < JOBS; first += BLOCK) {
  const events = Array.from({ length: Math.min(BLOCK, JOBS - first) }, (_, i) =>
    eventsOf(first + i),
  ).flat();
  const { entries } = await journal.append(events, begin + first * 1000);
  seq = entries.at(-1)?.seq ?? seq;
  const model = new Model();
  const measures = new Measures(model, series.store, 0);
  const touched = newTouched();
  now = begin + (first + BLOCK) * 1000;
  for (const entry of entries) {
    model.apply(entry, touched);
    domain.apply(entry, touched);
    measures.take(entry);
  }
  recordTouched({ jobs: model.jobs, domain }, touched, retention.phase_history);
  await series.write(series.collect(), seq);
  await Promise.all(
    [...model.jobs.values()].map((job) => store.writeJob(job.job_id, toDocument(job))),
  );
  await store.putRows([...model.jobs.values()].map((job) => jobRecord(job, 0)));
}
const pages = await tables.collect(seq);
if (pages) await tables.write(pages);
await store.writeCheckpoint({ epoch: 'seeded', seq, live: [], alerts: [], dropped: {} });
await journal.close();
await series.close();
await store.close();

/** A start, phases that run and end, an end: EACH events in all. */
function eventsOf(n: number): Event[] {
  const job_id = `seed-${n}`;
  const start = begin + n * 1000;
  const base = (k: number) => ({ id: `${job_id}-${k}`, time: start + k * 50, job_id });
  const events: Event[] = [
    { ...base(0), type: 'job.started', name: `nightly ${n % 20}`, pipeline: `nightly-${n % 20}` },
  ];
  for (let k = 1; k < EACH - 1; k++) {
    const phase_id = `P0${Math.floor((k - 1) / 2)}`;
    events.push({ ...base(k), type: k % 2 === 1 ? 'phase.started' : 'phase.completed', phase_id });
  }
  events.push({ ...base(EACH - 1), type: 'job.completed' });
  return events;
}
