import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareRuns } from '../../../service/analysis/compare.ts';
import {
  type PhaseFigures,
  type RunFigures,
  medianRun,
} from '../../../service/analysis/runFigures.ts';
import { PHASE_MEASURES, RUN_MEASURES } from '../../../service/protocol/compareMeasures.ts';
import type { ArtifactRecord } from '../../../service/protocol/record.ts';
import type { Status } from '../../../service/protocol/states.ts';

type Given = Partial<Omit<PhaseFigures, 'measures'>> & Partial<PhaseFigures['measures']>;

const NOTHING = Object.fromEntries(PHASE_MEASURES.map((measure) => [measure, null]));

function phase({ name = 'p', status = 'COMPLETED', runs = 1, ...given }: Given = {}): PhaseFigures {
  const { attempt = 1, depends_on = [], error = null, ...measures } = given;
  const all = { ...NOTHING, error_count: 0, warning_count: 0, ...measures };
  return { name, status, attempt, depends_on, error, runs, measures: all as never };
}

function run(phases: Record<string, PhaseFigures>, more: Partial<RunFigures> = {}): RunFigures {
  const totals = Object.fromEntries(RUN_MEASURES.map((measure) => [measure, null]));
  return {
    ...{ ended: true, parameters: new Map(), artifacts: [] },
    phases: new Map(Object.entries(phases)),
    totals: totals as never,
    ...more,
  };
}

const seconds = (s: number) => phase({ time_ms: s * 1000 });
const differs = (a: RunFigures, b: RunFigures) =>
  Object.fromEntries(compareRuns(a, b).phases.map((one) => [one.phase_id, one.differs]));

describe('comparing two runs', () => {
  it('says what each phase took longer, and by how much', () => {
    const [compared] = compareRuns(run({ a: seconds(15) }), run({ a: seconds(10) })).phases;
    assert.deepEqual(compared?.time_ms, { job: 15_000, other: 10_000, delta: 5000, ratio: 1.5 });
    assert.deepEqual(compared?.memory_mb, { job: null, other: null, delta: null, ratio: null });
    assert.deepEqual(compared?.differs, ['time']);
  });

  it('calls a time different from a fifth of the shorter one on, and from a second on', () => {
    assert.deepEqual(differs(run({ a: seconds(11.9) }), run({ a: seconds(10) })), { a: [] });
    assert.deepEqual(differs(run({ a: seconds(12) }), run({ a: seconds(10) })), { a: ['time'] });
    assert.deepEqual(differs(run({ a: seconds(10) }), run({ a: seconds(12) })), { a: ['time'] });
    assert.deepEqual(differs(run({ a: seconds(1.9) }), run({ a: seconds(1) })), { a: [] });
    const strict = { time_percent: 0, time_ms: 0 };
    const { phases } = compareRuns(run({ a: seconds(1.001) }), run({ a: seconds(1) }), strict);
    assert.deepEqual(phases[0]?.differs, ['time']);
  });

  it('names the first phase by order that went another way, not one that only wrote more errors', () => {
    const job = run({
      load: phase({ error_count: 3 }),
      clean: phase(),
      train: phase({ status: 'FAILED' }),
      extra: phase(),
    });
    const other = run({ load: phase(), clean: phase(), train: phase(), report: phase() });
    const compared = compareRuns(job, other);
    assert.deepEqual(compared.first_divergence, {
      ...{ phase_id: 'train', name: 'p', index: 2, differs: ['status'] },
    });
    assert.deepEqual([compared.added, compared.removed], [['extra'], ['report']]);
    assert.equal(compared.different_total, 4);
  });

  it('sees other dependencies, in whichever order they are named', () => {
    const of = (...depends_on: string[]) => run({ a: phase({ depends_on }) });
    assert.deepEqual(differs(of('x', 'y'), of('y', 'x')), { a: [] });
    assert.deepEqual(differs(of('x'), of('y', 'x')), { a: ['depends_on'] });
  });

  it('waits for a run that has not ended: what it lacks may come', () => {
    const whole = run({ a: phase(), b: phase() });
    const half = { ended: false };
    const now = run({ a: phase({ status: 'RUNNING' }) }, half);
    assert.deepEqual(differs(now, whole), { a: [], b: [] });
    assert.equal(compareRuns(now, whole).first_divergence, null);
    assert.deepEqual(differs(run({ new: phase() }, half), whole)['new'], ['added']);
  });

  it('compares artifacts by path, size and content', () => {
    const artifact = (path: string, size_bytes: number | null, checksum: string | null = null) =>
      ({ path, size_bytes, checksum }) as ArtifactRecord;
    const { artifacts } = compareRuns(
      run({}, { artifacts: [artifact('a', 1), artifact('b', 2, 'x'), artifact('new', 3)] }),
      run({}, { artifacts: [artifact('a', 1), artifact('b', 2, 'y'), artifact('old', null)] }),
    );
    assert.deepEqual(artifacts, {
      added: [{ path: 'new', size_bytes: 3 }],
      removed: [{ path: 'old', size_bytes: null }],
      changed: [{ path: 'b', job_size_bytes: 2, other_size_bytes: 2, content_changed: true }],
      ...{ added_total: 1, removed_total: 1, changed_total: 1 },
    });
  });
});

const measure = fc.option(fc.double({ min: 0, max: 1e7, noNaN: true }), { nil: null });
const statuses = fc.constantFrom<Status>('COMPLETED', 'FAILED', 'RUNNING', 'SKIPPED');
const anyPhase = fc
  .record({
    status: statuses,
    depends_on: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
    ...{ time_ms: measure, memory_mb: measure, error_count: fc.nat(3) },
  })
  .map(phase);
const parameter = fc.constantFrom('1', '2').map((value) => ({ value }));
const anyRun = fc
  .record({
    phases: fc.dictionary(fc.constantFrom('p', 'q', 'r', 's', 't'), anyPhase),
    ended: fc.boolean(),
    parameters: fc.dictionary(fc.constantFrom('x', 'y'), parameter),
  })
  .map(({ phases, ended, parameters }) =>
    run(phases, { ended, parameters: new Map(Object.entries(parameters)) }),
  );

const TURNED: Record<string, string> = { added: 'removed', removed: 'added' };

describe('the laws of comparing', () => {
  it('finds nothing in a run against itself', () => {
    fc.assert(
      fc.property(anyRun, (one) => {
        const compared = compareRuns(one, one, { time_percent: 0, time_ms: 0 });
        assert.equal(compared.first_divergence, null);
        assert.equal(compared.different_total, 0);
        assert.deepEqual(compared.parameters, []);
        for (const { time_ms } of compared.phases) {
          assert.ok(time_ms.delta === null || time_ms.delta === 0);
          assert.ok(time_ms.ratio === null || time_ms.ratio === 1);
        }
      }),
    );
  });

  it('says the same the other way round, with all signs turned', () => {
    fc.assert(
      fc.property(anyRun, anyRun, (a, b) => {
        const [there, back] = [compareRuns(a, b), compareRuns(b, a)];
        assert.deepEqual(there.added, back.removed);
        assert.deepEqual(there.parameters_total, back.parameters_total);
        assert.equal(there.first_divergence?.phase_id, back.first_divergence?.phase_id);
        for (const [i, one] of there.phases.entries()) {
          const other = back.phases[i];
          assert.equal(one.phase_id, other?.phase_id);
          assert.deepEqual(one.job, other?.other);
          assert.equal((one.time_ms.delta ?? 0) + (other?.time_ms.delta ?? 0), 0);
          assert.deepEqual(
            one.differs.map((what) => TURNED[what] ?? what),
            other?.differs,
          );
        }
      }),
    );
  });

  it('has the run itself as the median of copies of it', () => {
    fc.assert(
      fc.property(anyRun, fc.integer({ min: 1, max: 5 }), (one, copies) => {
        const ended = { ...one, ended: true };
        const median = medianRun(Array.from({ length: copies }, () => ended));
        const compared = compareRuns(ended, median, { time_percent: 0, time_ms: 0 });
        assert.equal(compared.different_total, 0);
        assert.deepEqual(compared.parameters, []);
      }),
    );
  });
});

describe('the median of runs', () => {
  it('is the middle of each phase, of those that at least half of them have', () => {
    const median = medianRun([
      run({ a: seconds(1), b: seconds(5) }),
      run({ a: seconds(3), once: seconds(9) }),
      run({ a: seconds(20), b: phase({ status: 'SKIPPED' }) }),
    ]);
    assert.deepEqual([...median.phases.keys()], ['a', 'b']);
    assert.equal(median.phases.get('a')?.measures.time_ms, 3000);
    assert.deepEqual(
      [median.phases.get('b')?.measures.time_ms, median.phases.get('b')?.runs],
      [5000, 2],
    );
  });

  it('has the parameters that most runs agree in, and is silent about the rest', () => {
    const of = (branch: string, commit: string) =>
      run(
        {},
        {
          parameters: new Map(
            Object.entries({ branch: { value: branch }, commit: { value: commit } }),
          ),
        },
      );
    const median = medianRun([of('main', '1'), of('main', '2'), of('dev', '3')]);
    const { parameters } = compareRuns(of('dev', '4'), median);
    assert.deepEqual(parameters, [{ name: 'branch', job: 'dev', other: 'main' }]);
  });
});
