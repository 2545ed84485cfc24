import assert from 'node:assert/strict';
import {
  COLUMNS,
  filterPhases,
  sortPhases,
  timesUsual,
} from '../../../../webview/elements/phases/columns.ts';
import { PHASE_COLUMNS } from '../../../../webview/view.ts';
import { phase } from '../../../fixtures/frames.ts';

const phases = [
  phase({ phase_id: 'P0', index: 0, name: 'Reading', status: 'COMPLETED', execution_time_ms: 30 }),
  phase({
    phase_id: 'P1',
    index: 1,
    name: 'Sorting',
    status: 'FAILED',
    execution_time_ms: 10,
    error: { message: 'disk full', type: 'IOError' },
  }),
  phase({ phase_id: 'P2', index: 2, name: 'Writing' }),
];
const AROUND = { now: 0, waited: () => null };
const ids = (list: readonly { phase_id: string }[]): string =>
  list.map(({ phase_id }) => phase_id).join(' ');

describe('the table of phases', () => {
  it('sorts with what is not known last, in both directions', () => {
    assert.equal(
      ids(sortPhases(phases, { column: 'time', descending: false }, AROUND)),
      'P1 P0 P2',
    );
    assert.equal(ids(sortPhases(phases, { column: 'time', descending: true }, AROUND)), 'P0 P1 P2');
  });

  it('puts the worst status first', () => {
    assert.equal(
      ids(sortPhases(phases, { column: 'status', descending: false }, AROUND)),
      'P1 P2 P0',
    );
  });

  it('is filtered by every word, also by those of an error, and by status', () => {
    assert.equal(ids(filterPhases(phases, 'sort FULL', 'all')), 'P1');
    assert.equal(ids(filterPhases(phases, '', 'PENDING')), 'P2');
    assert.equal(filterPhases(phases, ' ', 'all'), phases);
  });

  it('says how many times the usual time a phase takes, once it is known', () => {
    const slow = { ...phases[0]!, expected_ms: 20, ended_at: new Date(0).toISOString() };
    assert.equal(timesUsual(slow, 0), 1.5);
    assert.equal(timesUsual({ ...slow, ended_at: null, expected_ms: 60 }, 0), null);
    assert.equal(timesUsual({ ...slow, expected_ms: 0 }, 0), null);
    const usual = COLUMNS.find(({ id }) => id === 'usual');
    assert.equal(usual?.text(slow, AROUND), '1.5x of 20 ms');
    assert.equal(usual?.text(phases[2]!, AROUND), '-');
  });

  it('has one column for each that can be saved', () => {
    assert.deepEqual(
      COLUMNS.map(({ id }) => id),
      [...PHASE_COLUMNS],
    );
  });
});
