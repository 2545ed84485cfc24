import assert from 'node:assert/strict';
import fc from 'fast-check';
import { newTouched } from '../../../service/core/touched.ts';
import { Model } from '../../../service/core/fold.ts';
import { findJob } from '../../../service/core/list.ts';
import type { Event } from '../../../service/protocol/event.ts';
import type { JobRecord, PhaseRecord } from '../../../service/protocol/record.ts';
import { phaseRecords } from '../../../service/core/queries.ts';
import { JobNews } from '../../../service/ws/jobNews.ts';
import {
  jobCompleted,
  jobStatus,
  optimizationApplied,
  pipelineProgress,
  sisasMetrics,
} from '../../../service/ws/messages.ts';

/** A model with these events, and what was touched by the last of them. */
function folded(model: Model, events: readonly object[]) {
  const touched = newTouched();
  for (const event of events) {
    const seq = ++lastSeq;
    const full = { id: `e${seq}`, time: 1000 * seq, ...event } as Event;
    model.apply({ seq, received_at: 1000 * seq, event: full }, touched);
  }
  return touched;
}
let lastSeq = 0;

function record(model: Model, job_id: string): JobRecord {
  const job = findJob(model, job_id);
  assert.ok(job);
  return job;
}

describe('named messages', () => {
  beforeEach(() => {
    lastSeq = 0;
  });

  it('give progress as a percentage, of a phase or of the job itself', () => {
    const model = new Model();
    folded(model, [
      { type: 'job.started', job_id: 'j', phases: [{ phase_id: 'P0' }, { phase_id: 'P1' }] },
      { type: 'phase.progress', job_id: 'j', phase_id: 'P0', progress: 0.333_34 },
    ]);
    const job = record(model, 'j');
    const state = model.jobs.get('j');
    assert.ok(state);
    const [phase] = phaseRecords(state) as [PhaseRecord];
    const { phase_id, progress, job_progress } = pipelineProgress(job, phase);
    assert.deepEqual([phase_id, progress, job_progress], ['P0', 33.33, 16.67]);
    const own = pipelineProgress(job, null);
    assert.deepEqual([own.phase, own.phase_id, own.progress], [null, null, 16.67]);
  });

  it('name the phase that failed, and only then', () => {
    const model = new Model();
    folded(model, [
      { type: 'phase.started', job_id: 'j', phase_id: 'P0', name: 'Reading' },
      { type: 'phase.failed', job_id: 'j', phase_id: 'P0', error: { message: 'no', type: 'E' } },
      { type: 'job.failed', job_id: 'j', error: { message: 'no paper' } },
      { type: 'job.completed', job_id: 'good' },
    ]);
    const failed = jobCompleted(record(model, 'j'));
    assert.deepEqual(failed.failed_phase, { phase_id: 'P0', phase: 'Reading' });
    assert.equal(failed.error, 'no paper');
    const good = jobCompleted(record(model, 'good'));
    assert.deepEqual([good.failed_phase, good.error, good.status], [null, null, 'COMPLETED']);
  });

  it('tell of applied proposals, not of refused ones', () => {
    const answer = { optimization_id: 'o', detail: null, answered_at: 't', seq: 1 };
    assert.equal(optimizationApplied({ ...answer, outcome: 'refused' }), null);
    assert.equal(optimizationApplied({ ...answer, outcome: 'applied' })?.optimization_id, 'o');
  });

  it('of a status stay below 5 KB and show failed and running phases first, whatever the texts', () => {
    const text = fc.string({ unit: 'binary', maxLength: 3000 });
    const status = fc.constantFrom('FAILED', 'RUNNING', 'COMPLETED', 'PENDING');
    fc.assert(
      fc.property(text, fc.array(fc.tuple(text, status), { maxLength: 60 }), (name, phases) => {
        const model = new Model();
        folded(model, [{ type: 'job.started', job_id: 'j', name, source_file: name }]);
        const state = model.jobs.get('j');
        assert.ok(state);
        folded(model, [{ type: 'phase.started', job_id: 'j', phase_id: 'P' }]);
        const [phase] = phaseRecords(state) as [PhaseRecord];
        const all = phases.map(([name, status], index): PhaseRecord => ({
          ...phase,
          name,
          status,
          index,
        }));
        const told = jobStatus(record(model, 'j'), all);
        assert.ok(Buffer.byteLength(JSON.stringify(told)) < 5 * 1024);
        const shown = told.snapshot?.phases.map((one) => one.status) ?? [];
        const ranks = shown.map((one) => (one === 'FAILED' ? 0 : one === 'RUNNING' ? 1 : 2));
        assert.deepEqual(ranks, [...ranks].sort());
        assert.equal(shown.length, Math.min(20, all.length));
        // Throws for half a character.
        encodeURIComponent(told.name);
      }),
      { numRuns: 60 },
    );
  });

  it('keep the largest counts of signals when not all fit, and the sum of all', () => {
    const signals = new Map(Array.from({ length: 1000 }, (_, i) => [`signal-${i}`, i]));
    const told = sisasMetrics({ job_id: 'j', signals }, Object.fromEntries(signals));
    assert.ok(Buffer.byteLength(JSON.stringify(told)) < 4096);
    assert.deepEqual(
      [told.truncated, told.signals_count, told.total_count],
      [true, 499_500, 499_500],
    );
    assert.equal(Object.keys(told.signals)[0], 'signal-999');
    assert.equal(told.signals['signal-3'], undefined);
  });
});

describe('news of jobs', () => {
  beforeEach(() => {
    lastSeq = 0;
  });

  /** Folds each batch as one change, and gives the news of all. */
  const newsOf = (model: Model, batches: readonly object[][]) => {
    const news = new JobNews(model);
    for (const events of batches) {
      const before = lastSeq;
      const touched = folded(model, events);
      news.note(touched, { before, seq: lastSeq }, (id) => findJob(model, id));
    }
    return news.since(0).map(({ kind, job_id, seq }) => `${kind} ${job_id} ${seq}`);
  };
  const started = { type: 'job.started', job_id: 'j' };
  const completed = { type: 'job.completed', job_id: 'j' };

  it('come once, with the entry of the first and of the last event', () => {
    assert.deepEqual(newsOf(new Model(), [[started], [completed], [completed]]), [
      'created j 1',
      'completed j 2',
    ]);
  });

  it('come both when a job began and ended between two looks', () => {
    assert.deepEqual(newsOf(new Model(), [[started, completed]]), ['created j 1', 'completed j 2']);
  });

  it('say nothing of what was there before', () => {
    const model = new Model();
    folded(model, [started, completed, { type: 'job.started', job_id: 'running' }]);
    const later = [{ type: 'log.recorded', job_id: 'j', level: 'info', message: 'm' }];
    assert.deepEqual(newsOf(model, [later, [{ type: 'job.progress', job_id: 'running' }]]), []);
  });

  it('come again for a job that was removed and began anew', () => {
    const removed = { type: 'job.removed', job_id: 'j' };
    assert.deepEqual(
      newsOf(new Model(), [
        [started, completed],
        [removed, started],
      ]),
      ['created j 1', 'completed j 2', 'created j 4'],
    );
  });

  it('are the same however the events are divided into changes', () => {
    const events = ['a', 'b', 'c'].flatMap((job_id) => [
      { ...started, job_id },
      { type: 'job.progress', job_id, progress: 0.5 },
      { ...completed, job_id },
    ]);
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: events.length - 1 }));
    fc.assert(
      fc.property(cuts, (places) => {
        lastSeq = 0;
        const ends = [...places.sort((a, b) => a - b), events.length];
        const batches = ends.map((end, i) => events.slice(ends[i - 1] ?? 0, end));
        assert.deepEqual(newsOf(new Model(), batches), [
          ...['created a 1', 'completed a 3', 'created b 4'],
          ...['completed b 6', 'created c 7', 'completed c 9'],
        ]);
      }),
    );
  });

  it('notice signals and progress, and nothing in mere measurements', () => {
    const model = new Model();
    const news = new JobNews(model);
    const note = (events: object[]) => {
      const before = lastSeq;
      const touched = folded(model, events);
      const { moved, signalled } = news.note(touched, { before, seq: lastSeq }, (id) =>
        findJob(model, id),
      );
      return [[...moved], [...signalled]];
    };
    assert.deepEqual(note([started]), [['j'], []]);
    const signal = { type: 'signal.counted', job_id: 'j', signal: 's' };
    assert.deepEqual(note([signal]), [[], ['j']]);
    assert.deepEqual(note([{ type: 'resource.sampled', job_id: 'j', cpu_percent: 5 }]), [[], []]);
    assert.deepEqual(note([{ type: 'job.progress', job_id: 'j', progress: 0.1 }]), [['j'], []]);
  });
});
