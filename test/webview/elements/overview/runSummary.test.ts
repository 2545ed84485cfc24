import assert from 'node:assert/strict';
import type { RunSummary } from '../../../../service/protocol/summary.ts';
import { summaryEvidence, summaryWords } from '../../../../webview/elements/overview/runSummary.ts';

function summary(changes: Partial<RunSummary> = {}): RunSummary {
  return {
    ...{ job_id: 'j', state: 'known', running: false, sentence: 'As the service says it.' },
    ...{
      slower_percent: 22,
      usual: { median_ms: 50_000, low_ms: 48_000, high_ms: 52_000, runs: 20 },
    },
    explained_by: [
      { phase_id: 'P06', difference_ms: 10_000, share: 0.91, time_ms: 22_000, usual_ms: 12_000 },
    ],
    evidence: { time_ms: 61_000, decisive_phases: ['P06'], runs_before: 20, runs_needed: 3 },
    ...changes,
  };
}

describe('the summary of a run in the overview', () => {
  it('compares it with the runs before, and names what explains the difference', () => {
    assert.equal(
      summaryWords(summary()),
      'This run is 22 % slower than the median of the last 20; P06 explains 91 % of it.',
    );
    const running = summary({ running: true, slower_percent: -8, explained_by: [] });
    assert.equal(
      summaryWords(running),
      'So far this run is 8.0 % faster than the median of the last 20.',
    );
  });

  it('says of an equal run, and of a difference that is noise, that it is as usual', () => {
    const as_usual = (slower_percent: number, running = false) =>
      summaryWords(summary({ state: 'as_usual', slower_percent, explained_by: [], running }));
    const words = 'This run is as fast as usual: 1m 01s, the median of the last 20 is 50.0 s.';
    assert.deepEqual([as_usual(0), as_usual(3), as_usual(33)], [words, words, words]);
    assert.match(as_usual(0, true), /^So far this run is as fast as usual/);
  });

  it('says how long a run usually takes while nothing of it has ended', () => {
    const nothing = summary({ state: 'nothing_ended', slower_percent: null, explained_by: [] });
    assert.equal(
      summaryWords(nothing),
      'No phase of this run has ended yet; a run usually takes 50.0 s (median of 20).',
    );
  });

  it('says why nothing can be told, and leaves a failure to the words of the service', () => {
    const evidence = { ...summary().evidence, runs_before: 1 };
    const few = summary({ state: 'not_enough_data', slower_percent: null, usual: null, evidence });
    assert.match(summaryWords(few), /not enough data \(1 of 3 runs\)/);
    const unknown = summary({ state: 'not_enough_data', slower_percent: null, usual: null });
    assert.match(summaryWords(unknown), /nobody told when it began/);
    assert.equal(summaryWords(summary({ state: 'failed' })), 'As the service says it.');
  });

  it('has its evidence on hover', () => {
    assert.equal(
      summaryEvidence(summary()),
      'Took 1m 01s · median 50.0 s, the middle half 48.0 s to 52.0 s · P06: 22.0 s, usually 12.0 s',
    );
  });
});
