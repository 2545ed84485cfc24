import assert from 'node:assert/strict';
import { jobFailure, percent, progress } from '../../../service/protocol/describe.ts';
import { job } from '../../src/wire/records.ts';

const place = { file: '/srv/app/cluster.py', line: 118 };
const failed = (error: { message: string; type?: string } | null) =>
  job({
    job_id: 'j',
    name: 'nightly',
    current_phase: { phase_id: 'P06', name: 'Clustering' },
    error,
  });

describe('progress in words', () => {
  it('is the percent that was reported, whole', () => {
    for (let percent = 0; percent <= 100; percent++)
      assert.equal(progress(percent / 100), `${percent} %`);
  });

  it('is 100 % at the end only', () => {
    assert.equal(progress(0.999_999_999_999), '99 %');
    assert.equal(progress(1.2), '100 %');
    assert.equal(progress(null), '-');
  });
});

describe('the sentence about a failed job', () => {
  it('says phase, job, error, place and text, the place before the text', () => {
    const message = 'Empty cluster. Use fewer.\nat more length';
    assert.equal(
      jobFailure(failed({ type: 'ValueError', message }), place),
      'Phase P06 Clustering of nightly failed: ValueError in cluster.py:118: Empty cluster. Use fewer.',
    );
  });

  it('says the type of the error once', () => {
    const error = { type: 'ValueError', message: 'ValueError: empty cluster' };
    assert.match(jobFailure(failed(error), place), /failed: ValueError in \S+: empty cluster$/);
    assert.match(jobFailure(failed(error)), /failed: ValueError: empty cluster$/);
  });

  it('does without what is not known', () => {
    assert.match(
      jobFailure(failed({ message: 'x' }), place),
      /failed: error in cluster\.py:118: x$/,
    );
    assert.match(jobFailure(failed(null), place), /nightly failed$/);
    assert.equal(jobFailure(job({ job_id: 'j', name: 'nightly' })), 'Job nightly failed');
  });
});

describe('a percentage', () => {
  it('has one decimal below ten, also where it is rounded up to that', () => {
    const said = [0, 0.04, 4.25, 9.94, 9.97, 62.4].map((value) => percent(value));
    assert.deepEqual(said, ['0 %', '0.0 %', '4.3 %', '9.9 %', '10 %', '62 %']);
  });
});
