import assert from 'node:assert/strict';
import type { SubPhaseRecord } from '../../../../service/protocol/record.ts';
import { type Row, rowsOf } from '../../../../webview/elements/timeline/bars.ts';
import { foldingOf, placeOf, toggled } from '../../../../webview/elements/timeline/folds.ts';
import { DEFAULT_VIEW, type View } from '../../../../webview/view.ts';
import { phase } from '../../../fixtures/frames.ts';

const sub = (phaseId: string, name: string): SubPhaseRecord => ({
  job_id: 'a',
  phase_id: phaseId,
  name,
  status: 'COMPLETED',
  started_at: null,
  duration_ms: 1,
  metrics: {},
  recorded_at: new Date(9000).toISOString(),
  seq: 1,
});

/** A job of phases with two sub-phases each; the last one has none. */
function rows(phases: number, folds: View['subPhases'] = DEFAULT_VIEW.subPhases): Row[] {
  const all = Array.from({ length: phases }, (_, n) => phase({ phase_id: `P${n}` }));
  const last = `P${phases - 1}`;
  return rowsOf(all, (id) => (id === last ? [] : [sub(id, 'x'), sub(id, 'y')]), folds);
}
const ids = (list: readonly Row[]): string[] => list.map(({ id }) => id.replace('\n', '/'));

describe('the sub-phases on the timeline', () => {
  it('are all there while every row is in sight', () => {
    const six = rows(6);
    assert.equal(six.length, 16);
    assert.equal(foldingOf(six), null);
  });

  it('are folded away when they would push phases out of sight', () => {
    const seven = rows(7);
    assert.deepEqual(ids(seven), ['P0', 'P1', 'P2', 'P3', 'P4', 'P5', 'P6']);
    assert.equal(foldingOf(seven), 'show');
  });

  it('open and close phase by phase, and all together', () => {
    const one = toggled(DEFAULT_VIEW.subPhases, 'P1');
    assert.deepEqual(ids(rows(7, one)).slice(0, 5), ['P0', 'P1', 'P1/x', 'P1/y', 'P2']);
    assert.equal(foldingOf(rows(7, one)), 'show');
    assert.deepEqual(toggled(one, 'P1'), DEFAULT_VIEW.subPhases);
    const all = rows(7, { shown: true, except: [] });
    assert.equal(all.length, 19);
    assert.equal(foldingOf(all), 'hide');
  });

  it('give the keyboard back to their phase when they are folded away', () => {
    const open = rows(7, { shown: true, except: [] });
    const folded = rows(7);
    assert.equal(placeOf(open[4], folded), 1);
    assert.equal(placeOf(open[3], folded), 1);
    assert.equal(placeOf(folded[6], open), 18);
    assert.equal(placeOf(undefined, open), 0);
  });
});
