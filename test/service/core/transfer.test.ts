import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Model } from '../../../service/core/fold.ts';
import { splitDocument } from '../../../service/core/split.ts';
import type { StateDocument } from '../../../service/core/stateDocument.ts';
import { newTouched } from '../../../service/core/touched.ts';
import {
  type ParsedExport,
  importEvents,
  jobExport,
  parseExport,
  renamed,
} from '../../../service/core/transfer.ts';
import { ProductError } from '../../../service/protocol/errors.ts';
import type { Event } from '../../../service/protocol/event.ts';
import { parseEvents } from '../../../service/protocol/parse.ts';

const T0 = Date.UTC(2026, 0, 5, 10, 0, 0);
const STAMP = { import_id: 'one', now: T0 + 9e6 };

type Raw = Record<string, unknown> & { type: string };

function fold(raw: readonly Raw[]): Model {
  const events = raw.map((event, i) => ({
    id: `e${i}`,
    job_id: 'j',
    time: T0 + i * 100,
    ...event,
  }));
  const parsed = parseEvents(events, { now: T0, newId: () => 'never' });
  assert.deepEqual(parsed.rejected, []);
  return foldEvents(parsed.events);
}

function foldEvents(events: readonly Event[], model = new Model(), from = 0): Model {
  events.forEach((event, i) => {
    model.apply({ seq: from + i + 1, received_at: event.time, event }, newTouched());
  });
  return model;
}

function exported(model: Model, id = 'j') {
  const job = model.jobs.get(id);
  assert.ok(job);
  const text = JSON.stringify(jobExport(job, [...model.alerts.values()]));
  return JSON.parse(text) as Record<string, unknown>;
}

/** Without sequence numbers: those are of one history, and say nothing about the job. */
function records(model: Model, id = 'j'): unknown {
  const { state, ...rest } = exported(model, id);
  assert.ok(state);
  return JSON.parse(
    JSON.stringify(rest, (key, value: unknown) => (key === 'seq' ? undefined : value)),
  );
}

function again(model: Model, change: (parsed: ParsedExport) => Event[]): Model {
  return foldEvents(change(parseExport(exported(model), 'job')));
}

const error = { message: 'no space', type: 'OSError', stack: 'at a\nat b', line: 3 };
const EVERYTHING: Raw[] = [
  {
    type: 'job.started',
    name: 'nightly ☾',
    pipeline: 'p',
    labels: { team: 'a' },
    color: 'blue',
    submitted_at: T0 - 5000,
    items_total: 10,
    phases: [{ phase_id: 'A' }, { phase_id: 'B/ü', depends_on: ['A'] }],
  },
  { type: 'phase.started', phase_id: 'A', name: 'First', items_total: 7, shade: { deep: [1] } },
  { type: 'phase.progress', phase_id: 'A', items_done: 3, message: 'on it' },
  { type: 'subphase.recorded', phase_id: 'A', name: 's1', duration_ms: 4, metrics: { rows: 1 } },
  { type: 'subphase.recorded', phase_id: 'A', name: 's2', status: 'FAILED', started_at: T0 + 20 },
  { type: 'resource.sampled', cpu_percent: 12.5, memory_mb: 100 },
  { type: 'resource.sampled', phase_id: 'A', cpu_percent: 99, gpu_percent: 1 },
  { type: 'artifact.produced', phase_id: 'A', path: 'out/a', size_bytes: 5 },
  { type: 'artifact.produced', uri: 's3://b/x', kind: 'model' },
  { type: 'log.recorded', level: 'info', message: 'hello', details: { a: [1, { b: null }] } },
  { type: 'log.recorded', level: 'warning', message: 'hm', phase_id: 'A', worker_id: 'w' },
  { type: 'log.recorded', level: 'error', message: 'two\nlines' },
  { type: 'signal.counted', signal: 'retries', count: 4 },
  { type: 'phase.completed', phase_id: 'A', items_done: 7, metrics: { f1: 0.5 }, artifacts: ['z'] },
  { type: 'phase.started', phase_id: 'B/ü' },
  { type: 'phase.failed', phase_id: 'B/ü', error },
  { type: 'alert.raised', id: 'al', title: 'Bad', severity: 'ERROR', component: 'job' },
  { type: 'job.failed', error },
  { type: 'job.started', attempt: 2 },
  { type: 'phase.skipped', phase_id: 'B/ü', reason: 'not now' },
  { type: 'job.cancelled' },
];

function everything(): Model {
  const model = fold(EVERYTHING);
  const said = { time: T0 + 5000, alert_id: 'al' };
  return foldEvents(
    [
      { type: 'alert.acknowledged', id: 'k', ...said, by: 'ann', note: 'seen' },
      { type: 'alert.resolved', id: 'r', ...said, reason: 'over' },
    ],
    model,
    100,
  );
}

/** An event of a kind that a job may have, with few enough names that they meet. */
const anyEvent: fc.Arbitrary<Raw> = fc
  .tuple(fc.nat(EVERYTHING.length - 1), fc.constantFrom('A', 'B', 'C'), fc.nat(50))
  .map(([i, phase_id, at]) => {
    const event = EVERYTHING[i];
    assert.ok(event);
    const place = 'phase_id' in event ? { phase_id } : {};
    return { ...event, ...place, time: T0 + at * 90 };
  })
  .filter((event) => event.type !== 'alert.raised');

describe('An exported job', () => {
  it('makes the same records when it is imported: with everything a job can have', () => {
    const before = everything();
    assert.deepEqual(
      records(again(before, (parsed) => importEvents(parsed, STAMP))),
      records(before),
    );
  });

  it('is the same whatever its events were, however small the parts, in whatever order they come', () => {
    fc.assert(
      fc.property(
        fc.array(anyEvent, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 4000 }),
        fc.infiniteStream(fc.nat()),
        (raw, bytes, random) => {
          const before = fold(raw);
          const shuffled = again(before, (parsed) =>
            cut(parsed, bytes)
              .map((event) => ({ event, at: Number(random.next().value) }))
              .sort((a, b) => a.at - b.at)
              .map(({ event }) => event),
          );
          assert.deepEqual(records(shuffled), records(before));
          assert.equal(shuffled.jobs.get('j')?.import_missing, 0);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('beside events of its own is what all of them together say', () => {
    const half = EVERYTHING.length / 2;
    const late: Raw[] = [
      { type: 'phase.completed', id: 'late', phase_id: 'B/ü', time: T0 + 8000 },
      { type: 'log.recorded', id: 'late2', level: 'info', message: 'late', time: T0 + half },
    ];
    const all = fold([...EVERYTHING, ...late]);
    const parsed = parseExport(exported(fold(EVERYTHING)), 'job');
    const { events } = parseEvents(
      late.map((event) => ({ job_id: 'j', ...event })),
      { now: T0, newId: () => 'never' },
    );
    const merged = foldEvents([...events, ...importEvents(parsed, STAMP)]);
    // When something was last heard is a matter of its arrival, which differs here.
    const known = (model: Model) => ({ ...(records(model) as object), last_seen_at: '' });
    assert.deepEqual(known(merged), known(all));
  });

  it('has the values of its pipeline as they were, also those that look like its own Maps', () => {
    const key = fc.constantFrom('$map', '$object', 'a');
    const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, 7, 'text'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(anyValue, (value) => {
        const details = { inner: value };
        const before = fold([
          { type: 'job.started', shade: value },
          { type: 'phase.progress', phase_id: 'A', message: 'on it', shade: value },
          { type: 'log.recorded', level: 'info', message: 'hello', details },
        ]);
        // Twice: what the first import stored is what the second one reads.
        const once = again(before, (parsed) => importEvents(parsed, STAMP));
        const twice = again(once, (parsed) => importEvents(parsed, STAMP));
        assert.deepEqual(twice.jobs.get('j')?.extra.get('shade')?.value, value);
        assert.deepEqual(records(twice), records(before));
      }),
    );
  });

  it('can be imported under another id beside the first, with alerts of its own', () => {
    const model = everything();
    const parsed = parseExport(exported(model), 'job');
    foldEvents(importEvents(renamed(parsed, 'k', 'two'), STAMP), model, 1000);
    const copy = records(model, 'k') as { job_id: string; alerts: { alert_id: string }[] };
    assert.deepEqual([model.jobs.size, model.alerts.size], [2, 2]);
    assert.equal(copy.job_id, 'k');
    assert.deepEqual(
      [...(model.alertsOfJob.get('k') ?? [])].map((id) => model.alerts.get(id)?.acknowledged?.by),
      ['ann'],
    );
  });

  it('says how many of its parts are missing', () => {
    const parsed = parseExport(exported(everything()), 'job');
    const events = cut(parsed, 300);
    assert.ok(events.length > 5);
    const model = foldEvents(events.slice(0, -2));
    assert.equal(model.jobs.get('j')?.import_missing, 2);
  });

  it('falls into parts that are about as large as wanted', () => {
    const { state } = parseExport(exported(everything()), 'job');
    const whole = JSON.stringify(state).length;
    const sizes = splitDocument(state, 2000).map((part) => JSON.stringify(part).length);
    assert.ok(sizes.length >= Math.floor(whole / 2000), `${sizes.join()} of ${whole}`);
    for (const size of sizes) assert.ok(size < 2000 + 1500, String(sizes));
  });
});

function cut(parsed: ParsedExport, bytes: number): Event[] {
  const parts = splitDocument(parsed.state, bytes);
  return parts.map((part, i) => ({
    ...{ type: 'job.imported', id: `p${i}`, time: T0, job_id: parsed.job_id },
    ...{ part: i, parts: parts.length, state: part },
  }));
}

describe('A document that is no export', () => {
  const refused = (change: (document: Document) => void, path: RegExp) => {
    const document = exported(everything()) as unknown as Document;
    change(document);
    assert.throws(
      () => parseExport(JSON.parse(JSON.stringify(document)), 'job'),
      (thrown) => {
        assert.ok(thrown instanceof ProductError, String(thrown));
        assert.equal(thrown.code, 'IMPORT_INVALID');
        assert.match(thrown.errors[0]?.path ?? '', path);
        return true;
      },
    );
  };
  interface Document {
    pipescope?: { format: number };
    job_id: unknown;
    state: StateDocument;
    alert_events: Record<string, unknown>[];
  }
  const manyMarks = (): StateDocument['marks'] =>
    Array.from({ length: 300 }, (_, i) => ({ time: T0 + i, id: `m${i}`, kind: 'START' }));
  const cases: [string, (document: Document) => void, RegExp][] = [
    ['of an older version', (d) => delete d.pipescope, /^\/job\/pipescope$/],
    ['of a newer format', (d) => (d.pipescope = { format: 2 }), /format$/],
    ['without a job', (d) => (d.job_id = 3), /job_id$/],
    ['of two jobs', (d) => (d.job_id = 'other'), /^\/job\/state\/job_id$/],
    [
      'with a wrong mark',
      (d) => ((d.state.marks[0] as { time: unknown }).time = 'x'),
      /marks\/0\/time$/,
    ],
    [
      'with a time beyond dates',
      (d) => ((d.state.marks[0] as { time: number }).time = 1e300),
      /marks/,
    ],
    [
      'with a register that no record can hold',
      (d) => d.state.fields.$map.push(['submitted_at', { value: 1e300, time: 9e12, id: 'zz' }]),
      /^\/job\/state/,
    ],
    [
      'with dependencies that are no names',
      (d) =>
        d.state.phases.$map[0]?.[1].fields.$map.push([
          'depends_on',
          { value: [1], time: 9e12 / 2, id: 'z' },
        ]),
      /depends_on/,
    ],
    ['with too many marks', (d) => d.state.marks.push(...d.state.marks, ...manyMarks()), /marks$/],
    [
      'with an alert of another job',
      (d) => ((d.alert_events[0] ?? {})['job_id'] = 'x'),
      /alert_events\/0/,
    ],
    [
      'with an event that is no alert',
      (d) => ((d.alert_events[0] ?? {})['type'] = 'job.removed'),
      /alert/,
    ],
  ];
  for (const [what, change, path] of cases)
    it(`${what} is refused, and the field is named`, () => refused(change, path));

  it('with a key that changes what objects are is refused', () => {
    const text = JSON.stringify(exported(everything())).replace(
      '"deep":[1]',
      '"__proto__":{"a":1}',
    );
    assert.throws(() => parseExport(JSON.parse(text) as unknown, 'job'), /__proto__/);
  });

  it('that is nested too deep is refused', () => {
    const deep = `${'{"a":'.repeat(90)}1${'}'.repeat(90)}`;
    const text = JSON.stringify(exported(everything())).replace('"deep":[1]', `"deep":${deep}`);
    assert.throws(() => parseExport(JSON.parse(text) as unknown, 'job'), /nested/);
  });

  it('of any other shape is refused', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.throws(() => parseExport(value, 'job'), ProductError);
      }),
    );
  });
});
