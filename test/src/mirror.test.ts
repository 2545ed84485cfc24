import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RecordsFrame } from '../../service/protocol/frame.ts';
import { type Change, Mirror } from '../../src/mirror.ts';
import { alert, job, log, phase, subPhase } from './wire/records.ts';

function frame(fields: Partial<RecordsFrame>): RecordsFrame {
  return { type: 'records', seq: 1, jobs: [], phases: [], alerts: [], removed: [], ...fields };
}

describe('the mirror', () => {
  it('keeps the newest record of each id and tells which ids changed', () => {
    const mirror = new Mirror();
    const changes: Change[] = [];
    mirror.onDidChange((change) => changes.push(change));
    mirror.apply(
      frame({ jobs: [job({ job_id: 'a', seq: 2, progress: 0.5 }), job({ job_id: 'b' })] }),
    );
    mirror.apply(
      frame({
        jobs: [job({ job_id: 'a', seq: 1, progress: 0.1 })],
        alerts: [alert({ alert_id: 'x' })],
      }),
    );
    assert.equal(mirror.jobs.get('a')?.progress, 0.5);
    assert.deepEqual(
      changes.map(({ jobs, alerts }) => [[...jobs], [...alerts]]),
      [
        [['a', 'b'], []],
        [[], ['x']],
      ],
    );
  });

  it('holds the same after frames in any order', () => {
    const states = [1, 2, 3, 4].map((seq) => frame({ jobs: [job({ job_id: 'a', seq })] }));
    fc.assert(
      fc.property(fc.shuffledSubarray(states, { minLength: 4 }), (shuffled) => {
        const mirror = new Mirror();
        for (const each of shuffled) mirror.apply(each);
        assert.equal(mirror.jobs.get('a')?.seq, 4);
      }),
    );
  });

  it('forgets everything before a frame that resets', () => {
    const mirror = new Mirror();
    mirror.apply(
      frame({
        jobs: [job({ job_id: 'a', seq: 9 })],
        phases: [phase({ job_id: 'a', phase_id: 'P00' })],
      }),
    );
    mirror.apply(frame({ reset: true, jobs: [job({ job_id: 'b' })], jobs_total: 7 }));
    assert.deepEqual([...mirror.jobs.keys()], ['b']);
    assert.equal(mirror.details('a'), undefined);
    assert.equal(mirror.jobsTotal, 7);
  });

  it('lets the details of a job go with it', () => {
    const mirror = new Mirror();
    mirror.apply(
      frame({ jobs: [job({ job_id: 'a' })], logs: [log({ log_id: '1', job_id: 'a' })] }),
    );
    mirror.apply(frame({ removed: [{ kind: 'job', job_id: 'a' }] }));
    assert.equal(mirror.jobs.size, 0);
    assert.equal(mirror.details('a'), undefined);
  });

  it('keeps phases in the order of the job, and says which of them changed', () => {
    const mirror = new Mirror();
    const changes: Change[] = [];
    mirror.onDidChange((change) => changes.push(change));
    const later = phase({ job_id: 'a', phase_id: 'A', index: 1 });
    const first = phase({ job_id: 'a', phase_id: 'Z', index: 0 });
    mirror.apply(frame({ phases: [later, first] }));
    mirror.apply(frame({ sub_phases: [subPhase({ job_id: 'a', phase_id: 'A', name: 'pages' })] }));
    assert.deepEqual(
      mirror.phases('a').map(({ phase_id }) => phase_id),
      ['Z', 'A'],
    );
    assert.deepEqual([...(changes[1]?.details.get('a') ?? [])], ['A']);
  });

  it('keeps at most the 2,000 newest lines of a log', () => {
    const mirror = new Mirror();
    const logs = Array.from({ length: 2500 }, (_, n) => log({ log_id: `${n}`, job_id: 'a' }));
    mirror.apply(frame({ logs }));
    const kept = [...(mirror.details('a')?.logs.keys() ?? [])];
    assert.deepEqual([kept.length, kept[0], kept.at(-1)], [2000, '500', '2499']);
  });

  it('keeps the details of wanted jobs only', () => {
    const mirror = new Mirror();
    mirror.apply(frame({ phases: ['a', 'b'].map((job_id) => phase({ job_id, phase_id: 'P00' })) }));
    mirror.keepDetails(new Set(['b']));
    assert.deepEqual([mirror.phases('a').length, mirror.phases('b').length], [0, 1]);
  });
});
