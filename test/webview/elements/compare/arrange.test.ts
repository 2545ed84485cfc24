import assert from 'node:assert/strict';
import type { ComparisonPage, PhaseComparison } from '../../../../service/protocol/compare.ts';
import { PHASE_MEASURES } from '../../../../service/protocol/compareMeasures.ts';
import { arrange, reach, type Wish } from '../../../../webview/elements/compare/arrange.ts';
import {
  differenceText,
  directionWord,
  statusText,
  tone,
} from '../../../../webview/elements/compare/words.ts';

const none = { job: null, other: null, delta: null, ratio: null };
const side = { status: 'COMPLETED' as const, attempt: 1, depends_on: [], error: null, runs: 1 };

function phase(phase_id: string, job: number, other: number): PhaseComparison {
  const measures = Object.fromEntries(PHASE_MEASURES.map((measure) => [measure, none])) as Record<
    (typeof PHASE_MEASURES)[number],
    typeof none
  >;
  const time_ms = { job, other, delta: job - other, ratio: other === 0 ? null : job / other };
  const differs = Math.abs(job - other) > 1000 ? (['time'] as const) : [];
  const both = { index: 0, name: phase_id, job: side, other: side };
  return { phase_id, ...both, ...measures, time_ms, differs: [...differs] };
}

const page = (...phases: PhaseComparison[]): ComparisonPage => ({ phases }) as ComparisonPage;
const wish: Wish = { measure: 'time_ms', sort: 'order', different: false };
const ids = (answers: (ComparisonPage | undefined)[], change: Partial<Wish> = {}): string[] =>
  arrange(answers, { ...wish, ...change }).rows.map(({ phase_id }) => phase_id);

describe('runs beside each other', () => {
  const first = page(phase('a', 1000, 1000), phase('b', 9000, 4000));
  const second = page(phase('a', 8000, 1000), phase('b', 4000, 4000), phase('c', 1, 1));

  it('have a row for each phase of any of them, in order or by their largest difference', () => {
    assert.deepEqual(ids([first, second]), ['a', 'b', 'c']);
    assert.deepEqual(ids([first, second], { sort: 'difference' }), ['a', 'b', 'c']);
    assert.deepEqual(ids([first], { sort: 'difference' }), ['b', 'a']);
    assert.deepEqual(ids([first, second], { different: true }), ['a', 'b']);
  });

  it('leave a cell free where a run is not here yet or lacks the phase', () => {
    const { rows, largest } = arrange([first, undefined, second], wish);
    assert.deepEqual(
      rows.map(({ cells }) => cells.map((cell) => cell !== null)),
      [
        [true, false, true],
        [true, false, true],
        [false, false, true],
      ],
    );
    assert.equal(largest, 7000);
    assert.deepEqual([rows[0]?.base, rows[1]?.base], [1000, 4000]);
  });

  it('have bars in proportion to the largest difference', () => {
    const of = (delta: number | null) => reach({ ...none, delta }, 7000);
    assert.deepEqual([of(7000), of(-3500), of(null)], [100, 50, 0]);
    assert.equal(reach({ ...none, delta: 0 }, 0), 0);
  });

  it('are compared in words and signs, not by colour alone', () => {
    const slower = { job: 15_000, other: 10_000, delta: 5000, ratio: 1.5 };
    const faster = { job: 500, other: 1000, delta: -500, ratio: 0.5 };
    const many = { job: 900, other: 1, delta: 899, ratio: 900 };
    assert.deepEqual(
      [
        differenceText('time_ms', slower),
        directionWord('time_ms', slower),
        tone('time_ms', slower),
      ],
      ['+5.0 s (+50 %)', 'slower', 'worse'],
    );
    assert.deepEqual(
      [differenceText('throughput', faster), directionWord('throughput', faster)],
      ['−500 items/s (−50 %)', 'slower'],
    );
    assert.equal(tone('throughput', faster), 'worse');
    assert.equal(differenceText('error_count', many), '+899, 900 times');
    assert.equal(differenceText('time_ms', none), '-');
    assert.equal(differenceText('time_ms', { ...slower, delta: 0 }), 'no change');
    assert.equal(tone('artifact_count', slower), '');
  });

  it('say that a phase ended otherwise', () => {
    const failed = { ...phase('a', 1, 1), job: { ...side, status: 'FAILED' as const } };
    assert.equal(statusText(failed), 'failed instead of completed');
    assert.equal(statusText(phase('a', 1, 1)), '');
  });
});
