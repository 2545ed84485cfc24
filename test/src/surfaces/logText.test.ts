import assert from 'node:assert/strict';
import { logText } from '../../../src/surfaces/logText.ts';
import { at, job, log, phase, START } from '../wire/records.ts';

describe('the log of a job', () => {
  const stack = 'ValueError: bad\n    at f (/app/a.js:3:1)';
  const source = {
    job: job({
      job_id: 'j1',
      name: 'nightly',
      status: 'FAILED',
      ended_at: at(60),
      phases_total: 2,
      dropped: { info_lines: 12, other: 3 },
    }),
    phases: [
      phase({
        job_id: 'j1',
        phase_id: 'P06',
        name: 'Clustering',
        status: 'FAILED',
        error: { message: 'bad', type: 'ValueError', stack },
      }),
    ],
    logs: [
      log({ log_id: '2', job_id: 'j1', time: at(2), message: 'second\nwith more', seq: 2 }),
      log({
        log_id: '1',
        job_id: 'j1',
        time: at(1),
        level: 'warning',
        phase_id: 'P06',
        message: 'odd \u001b[31mfile\u202e',
      }),
    ],
  };

  it('has the facts, the errors with stacks, the warnings and every line in order', () => {
    const { text, anchors } = logText(source, START + 60_000);
    const lines = text.split('\n');
    assert.equal(lines[0], 'nightly');
    assert.ok(
      text.includes('Took      1m 00s') && text.includes('Not kept  info lines: 12, other: 3'),
    );
    assert.match(lines[anchors.get('P06') ?? 0] ?? '', /Phase P06 Clustering/);
    assert.ok(text.includes('      at f (/app/a.js:3:1)'));
    assert.deepEqual(
      [text.indexOf('Warnings\n') > 0, text.indexOf('second') > text.lastIndexOf('odd')],
      [true, true],
    );
  });

  it('shows terminal escapes and text direction as what they are', () => {
    const { text } = logText(source, START);
    assert.ok(text.includes('odd \\u001b[31mfile\\u202e'));
    assert.ok(!text.includes('\u001b'));
  });

  it('says what to do about a job that is not known', () => {
    assert.match(
      logText({ job: undefined, phases: [], logs: [] }, 0).text,
      /Start the Pipescope service/,
    );
  });
});
