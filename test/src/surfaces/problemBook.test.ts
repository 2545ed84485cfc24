import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JobRecord, PhaseRecord } from '../../../service/protocol/record.ts';
import { ProblemBook } from '../../../src/surfaces/problemBook.ts';
import { at, job, phase } from '../wire/records.ts';

type Run = [JobRecord, PhaseRecord[]];
const error = { message: 'bad', type: 'ValueError' };

function run(job_id: string, ended: number, status: 'COMPLETED' | 'FAILED', phase_id = 'P06'): Run {
  const fields = { job_id, status, ended_at: at(ended), started_at: at(ended - 1) };
  const failure = status === 'FAILED' ? { error } : {};
  return [
    job({ ...fields, phases_failed: status === 'FAILED' ? 1 : 0 }),
    [phase({ ...fields, ...failure, phase_id })],
  ];
}

describe('which failures stand', () => {
  it('is one for each phase of a pipeline: the newest', () => {
    const book = new ProblemBook();
    book.observe(...run('b', 20, 'FAILED'));
    book.observe(...run('a', 10, 'FAILED'));
    book.observe(...run('b', 20, 'FAILED', 'P07'));
    assert.deepEqual(
      book.all().map(({ jobId, phaseId }) => [jobId, phaseId]),
      [
        ['b', 'P06'],
        ['b', 'P07'],
      ],
    );
  });

  it('ends when the same phase of the same pipeline passes, and not when another does', () => {
    const book = new ProblemBook();
    book.observe(...run('a', 10, 'FAILED'));
    book.observe(...run('b', 20, 'COMPLETED', 'P05'));
    assert.equal(book.all().length, 1);
    book.observe(...run('c', 30, 'COMPLETED'));
    assert.equal(book.all().length, 0);
  });

  it('stays while the phase runs again', () => {
    const book = new ProblemBook();
    book.observe(...run('a', 10, 'FAILED'));
    book.observe(job({ job_id: 'b' }), [phase({ job_id: 'b', phase_id: 'P06' })]);
    assert.equal(book.all().length, 1);
  });

  it('ends with its job', () => {
    const book = new ProblemBook();
    book.observe(...run('a', 10, 'FAILED'));
    assert.equal(
      book.keepJobs(() => false),
      true,
    );
    assert.deepEqual(book.all(), []);
  });

  it('names a job that failed without any phase', () => {
    const book = new ProblemBook();
    book.observe(job({ job_id: 'a', status: 'FAILED', ended_at: at(5), error }), []);
    assert.deepEqual(
      book.all().map(({ jobId, phaseId }) => [jobId, phaseId]),
      [['a', null]],
    );
    book.observe(job({ job_id: 'b', status: 'COMPLETED', ended_at: at(9) }), []);
    assert.deepEqual(book.all(), []);
  });

  it('is the same for runs seen in any order', () => {
    const runs: Run[] = [
      run('a', 10, 'FAILED'),
      run('b', 20, 'COMPLETED'),
      run('c', 30, 'FAILED'),
      run('d', 15, 'FAILED', 'P01'),
      run('e', 16, 'COMPLETED', 'P01'),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(runs, { minLength: runs.length }), (shuffled) => {
        const book = new ProblemBook();
        for (const each of shuffled) book.observe(...each);
        assert.deepEqual(
          book.all().map(({ jobId }) => jobId),
          ['c'],
        );
      }),
    );
  });
});
