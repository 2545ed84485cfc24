import assert from 'node:assert/strict';
import { pipelinePerformance } from '../../../../service/analysis/pipelinePerformance.ts';
import type { Execution } from '../../../../service/core/executions.ts';
import { newHistoryRow } from '../../../../service/core/historyRow.ts';
import type { PipelinePerformance } from '../../../../service/protocol/pipelinePerformance.ts';
import {
  gridChart,
  hoursChart,
  phasesChart,
  runsChart,
  spreadChart,
} from '../../../../webview/elements/performance/specs.ts';
import { pathOf } from '../../../../webview/elements/performance/question.ts';
import { successRows } from '../../../../webview/elements/performance/success.ts';
import {
  endsSentence,
  findings,
  phaseName,
  runLabels,
} from '../../../../webview/elements/performance/words.ts';
import { DEFAULT_PERFORMANCE, readPerformance } from '../../../../webview/performanceView.ts';
import { job } from '../../../fixtures/frames.ts';

const T0 = Date.parse('2026-03-01T10:00:00Z');
const HOUR = 3_600_000;
const FAILED = 3;

/** Seven runs of two phases: the fourth failed in `b`, in the last one `b` takes 9 s instead of 3. */
function answer(metric: PipelinePerformance['metric'] = 'execution_time'): PipelinePerformance {
  const jobs = Array.from({ length: 7 }, (_, n) =>
    job({
      ...{ job_id: `j${n}`, name: `Job ${n}`, pipeline: 'p', error_count: 0 },
      ...{ status: n === FAILED ? 'FAILED' : 'COMPLETED', duration_ms: n === 6 ? 10_000 : 4000 },
      started_at: new Date(T0 + n * HOUR).toISOString(),
    }),
  );
  const execution = (n: number, ms: number, after: number): Execution => ({
    ...{ job_id: `j${n}`, attempt: 1, started_at: T0 + n * HOUR + after },
    ended_at: T0 + n * HOUR + after + ms,
    status: n === FAILED && after > 0 ? 'FAILED' : 'COMPLETED',
    ...{ cpu_percent: null, memory_mb: null, items_done: null },
    ...{ error_count: after > 0 && n === 6 ? 2 : 0, warning_count: 0 },
  });
  const row = (phase_id: string, executions: Execution[]) => ({
    ...{ ...newHistoryRow('p', phase_id), name: `<b>${phase_id}</b>`, executions },
  });
  const rows = [
    row(
      'b',
      jobs.map((_, n) => execution(n, n === 6 ? 9000 : 3000, 1000)),
    ),
    row(
      'a',
      jobs.map((_, n) => execution(n, 1000, 0)),
    ),
  ];
  const query = { pipeline: 'p', metric, last: 30, limit: 20, days: 14, offset_ms: 0 };
  return pipelinePerformance({ jobs, rows }, { ...query, phase_id: null, job_id: 'j6' });
}

const bare = (text: string) => text.replace(/[\u2068\u2069]/g, '');

describe('what is said of the runs of a pipeline', () => {
  it('names the run and the phases that are worse than usual, with value, factor and usual', () => {
    assert.deepEqual(
      findings(answer()).map(({ text, bad, phaseId }) => [bare(text), bad, phaseId]),
      [
        ['This run takes 10.0 s, 2.5x its usual 4.0 s (median of 5 runs).', true, null],
        ['b <b>b</b> takes 9.0 s, 3.0x its usual 3.0 s (median of 5 runs).', true, 'b'],
      ],
    );
  });

  it('says a number where there is no factor, and that nothing is worse or nobody can tell', () => {
    const [first] = findings(answer('error_count'));
    assert.equal(
      bare(first?.text ?? ''),
      'b <b>b</b> has 2 errors instead of its usual 0 errors (median of 5 runs).',
    );
    const none = { ...answer(), worse: [], worse_total: 0, shown: null };
    assert.match(findings(none)[0]?.text ?? '', /^Nothing in this run .* 2 phases/);
    assert.match(findings({ ...none, judged: 0 })[0]?.text ?? '', /known after five/);
    const many = findings({ ...answer(), worse_total: 5, shown: null });
    assert.equal(many.at(-1)?.text, 'And 4 more phases are worse than usual.');
  });

  it('says how runs ended', () => {
    assert.equal(
      endsSentence(answer()),
      '86 % of the last 7 runs succeeded: 6 completed, 1 failed.',
    );
  });

  it('cuts names that are too long, and takes out what turns text around', () => {
    const name = phaseName({ phase_id: 'P', name: `\u202eabc${'x'.repeat(10_000)}` });
    assert.equal(name.length, 60);
    assert.ok(!name.includes('\u202e'));
  });

  it('dates runs only where they are of several days', () => {
    const two = ['2026-03-01T10:00:00Z', '2026-03-01T10:05:00Z'];
    assert.ok(runLabels(two, 'en-GB').every((label) => /^\d\d:\d\d$/.test(label)));
    const days = runLabels(['2026-03-01T10:00:00Z', '2026-03-04T10:00:00Z'], 'en-GB');
    assert.ok(
      days.every((label) => /^\d\d?\/\d\d? \d\d:\d\d$/.test(label)),
      days.join(),
    );
  });
});

describe('the charts of the runs of a pipeline', () => {
  it('mark runs that failed, that were off the usual, and the shown one', () => {
    const { runs } = runsChart(answer(), 'j6');
    assert.deepEqual(
      runs.map(({ status }) => status),
      ['ok', 'ok', 'ok', 'failed', 'ok', 'ok', 'outlier'],
    );
    assert.deepEqual(runs.map(({ shown }) => shown).lastIndexOf(true), 6);
    assert.deepEqual([runs[6]?.median, runs[6]?.jobId, runs[0]?.median], [4000, 'j6', null]);
    assert.equal(runs[6]?.detail, 'Job 6 · completed · 2.5x the usual');
  });

  it('hold the run against the usual, phase by phase', () => {
    const { categories, bars } = phasesChart(answer());
    assert.deepEqual(categories, ['b <b>b</b>', 'a <b>a</b>']);
    assert.deepEqual(
      bars.map(({ values }) => values),
      [
        [9000, 1000],
        [3000, 1000],
      ],
    );
  });

  it('spread only what completed', () => {
    const { groups } = spreadChart(answer(), 'violin');
    assert.deepEqual(
      groups.map(({ values }) => values.length),
      [6, 7],
    );
  });

  it('stand phases in the order in which they begin, cross what failed, and lead to both', () => {
    const { rows, cells, crossed, jobIds, phaseIds } = gridChart(answer());
    assert.deepEqual([rows[0], phaseIds], ['a <b>a</b>', ['a', 'b']]);
    assert.deepEqual(cells[1]?.slice(2), [3000, 3000, 3000, 3000, 9000]);
    assert.deepEqual(crossed?.[1]?.map(Number), [0, 0, 0, 1, 0, 0, 0]);
    assert.equal(jobIds?.[1]?.[3], 'j3');
  });

  it('fill the hours in which runs began', () => {
    const { rows, cells, crossed, details } = hoursChart(answer());
    assert.deepEqual([rows.length, cells[0]?.length], [1, 24]);
    assert.deepEqual(cells[0]?.slice(9, 17), [null, 4000, 4000, 4000, null, 4000, 4000, 10_000]);
    assert.deepEqual([crossed?.[0]?.[13], details?.[0]?.[13]], [true, '1 run, 1 failed']);
  });
});

describe('the success of phases', () => {
  it('is listed below that of the runs, the worst first', () => {
    assert.deepEqual(
      successRows(answer()).map(({ name, completed, failed, phaseId }) => [
        name,
        completed,
        failed,
        phaseId,
      ]),
      [
        ['Whole run', 6, 1, null],
        ['b <b>b</b>', 6, 1, 'b'],
        ['a <b>a</b>', 7, 0, 'a'],
      ],
    );
  });
});

describe('what is asked of the performance of a pipeline', () => {
  it('is of one pipeline, whatever its name, and in the hours of this computer', () => {
    const question = { pipeline: 'a&b=c', metric: 'cpu_usage', last: 10 } as const;
    const path = pathOf({ ...question, jobId: 'j', phaseId: null });
    const query = new URL(path, 'http://x').searchParams;
    assert.deepEqual(
      [query.get('pipeline'), query.get('job_id'), query.has('phase_id')],
      ['a&b=c', 'j', false],
    );
    assert.equal(new Date().getTimezoneOffset() + Number(query.get('offset_minutes')), 0);
  });

  it('is kept over reloads, as far as it can be read', () => {
    const kept = { tab: 'grid', metric: 'memory_usage', last: 100, spread: 'violin' } as const;
    assert.deepEqual(readPerformance(kept), kept);
    assert.deepEqual(readPerformance({ tab: 'x', metric: 1, last: 7 }), DEFAULT_PERFORMANCE);
    assert.deepEqual(readPerformance(null), DEFAULT_PERFORMANCE);
  });
});
