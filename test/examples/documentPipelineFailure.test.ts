import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { assertInContract } from './contract.ts';
import { type Corpus, EXAMPLE, makeCorpus, Pipeline } from './pipeline.ts';
import { type Recorded, Recorder } from './recorder.ts';

interface ReportedError {
  message: string;
  type: string;
  stack: string;
  file: string;
  line: number;
}

const FILES: Record<string, string> = {
  P00: 'p00-assembly',
  P01: 'p01-validation',
  P02: 'p02-splitting',
  P03: 'p03-tokenising',
  P04: 'p04-terms',
  P05: 'p05-duplicates',
  P06: 'p06-clustering',
  P07: 'p07-scoring',
  P08: 'p08-aggregation',
  P09: 'p09-report',
};

const ids = (events: Recorded[]) => events.map((event) => String(event['phase_id'])).sort();

describe('the document pipeline, asked to fail', function () {
  this.timeout(30_000);
  let corpus: Corpus;
  let recorder: Recorder;

  const fail = (phase_id: string) => {
    const { folder, out } = corpus;
    const args = ['--root', folder, '--out', out, '--seconds', '1', '--fail', phase_id, '--quiet'];
    return new Pipeline(args, { PIPESCOPE_URL: recorder.url }).ended;
  };

  beforeEach(async () => {
    corpus = makeCorpus();
    recorder = await Recorder.start();
  });
  afterEach(async () => {
    await recorder.stop();
    corpus.remove();
  });

  it('throws in P06 at the division by a norm of zero, and reports file and line of it', async () => {
    const { code, stderr, stdout } = await fail('P06');
    assert.deepEqual([code, stdout], [1, '']);
    for (const event of recorder.events) assertInContract(event);
    const [failed] = recorder.of('phase.failed');
    const { message, type, stack, file, line } = failed?.['error'] as ReportedError;
    assert.equal(failed?.['phase_id'], 'P06');
    assert.equal(type, 'Error');
    assert.match(message, /is NaN: its vector has norm 0 and was divided by it/);
    assert.equal(file, path.join(EXAMPLE, 'phases', 'p06-clustering.mjs'));
    const innermost = stack.split('\n').find((text) => text.trimStart().startsWith('at '));
    assert.match(innermost ?? '', new RegExp(`p06-clustering\\.mjs:${line}:\\d+`));
    assert.match(readFileSync(file, 'utf8').split('\n')[line - 1] ?? '', /throw new Error/);
    assert.ok(stderr.includes(message));
  });

  it('tells of every phase after P06: skipped with the reason, and the job failed with the error', async () => {
    await fail('P06');
    const skipped = recorder.of('phase.skipped');
    assert.deepEqual(ids(skipped), ['P08', 'P09']);
    assert.deepEqual(
      skipped.map((event) => event['reason']),
      ['It needs P06, which failed.', 'It needs P06, which failed.'],
    );
    const ended = [...recorder.of('phase.completed'), ...recorder.of('phase.cancelled')];
    assert.deepEqual(ids(ended), ['P00', 'P01', 'P02', 'P03', 'P04', 'P05', 'P07']);
    const last = recorder.events.at(-1);
    const { message } = last?.['error'] as ReportedError;
    assert.equal(last?.type, 'job.failed');
    assert.equal(message, (recorder.of('phase.failed')[0]?.['error'] as ReportedError).message);
    assert.equal(recorder.of('job.completed').length, 0);
  });

  for (const [phase_id, name] of Object.entries(FILES)) {
    it(`can fail in ${phase_id} as well, with a frame in its file`, async () => {
      const { code } = await fail(phase_id);
      const failed = recorder.of('phase.failed');
      assert.equal(code, 1);
      assert.deepEqual(ids(failed), [phase_id]);
      const { stack } = failed[0]?.['error'] as ReportedError;
      assert.match(stack, new RegExp(`phases/${name}\\.mjs:\\d+:\\d+`));
    });
  }
});
