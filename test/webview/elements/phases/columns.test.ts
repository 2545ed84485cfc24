import assert from 'node:assert/strict';
import { COLUMNS, filterPhases, sortPhases } from '../../../../webview/elements/phases/columns.ts';
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
const ids = (list: readonly { phase_id: string }[]): string =>
  list.map(({ phase_id }) => phase_id).join(' ');

describe('the table of phases', () => {
  it('sorts with what is not known last, in both directions', () => {
    assert.equal(ids(sortPhases(phases, { column: 'time', descending: false }, 0)), 'P1 P0 P2');
    assert.equal(ids(sortPhases(phases, { column: 'time', descending: true }, 0)), 'P0 P1 P2');
  });

  it('puts the worst status first', () => {
    assert.equal(ids(sortPhases(phases, { column: 'status', descending: false }, 0)), 'P1 P2 P0');
  });

  it('is filtered by every word, also by those of an error, and by status', () => {
    assert.equal(ids(filterPhases(phases, 'sort FULL', 'all')), 'P1');
    assert.equal(ids(filterPhases(phases, '', 'PENDING')), 'P2');
    assert.equal(filterPhases(phases, ' ', 'all'), phases);
  });

  it('has one column for each that can be saved', () => {
    assert.deepEqual(
      COLUMNS.map(({ id }) => id),
      [...PHASE_COLUMNS],
    );
  });
});
