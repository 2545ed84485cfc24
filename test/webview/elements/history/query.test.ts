import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EVERY_RUN, readHistory } from '../../../../webview/historyView.ts';
import { COLUMNS, nextOrder, runsTable } from '../../../../webview/elements/history/columns.ts';
import {
  isEveryRun,
  listPath,
  newerPath,
  queryOf,
  timesOf,
} from '../../../../webview/elements/history/query.ts';
import { job } from '../../../fixtures/frames.ts';

const NOW = Date.parse('2026-11-22T08:30:30Z');
const DAY = 86_400_000;
const asked = (query: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(query));

describe('the filter of past runs', () => {
  it('asks for what is set, and for nothing else', () => {
    assert.deepEqual(asked(queryOf(EVERY_RUN, NOW)), { to: new Date(NOW).toISOString() });
    const filter = {
      ...EVERY_RUN,
      ...{ text: ' a&b ', statuses: ['FAILED', 'STALE'] as const, pipeline: 'p=1', kind: 'k' },
      labels: 'branch=main, gpu ,=x, note=a=b',
    };
    assert.deepEqual(asked(queryOf(filter, NOW)), {
      ...{ text: 'a&b', status: 'FAILED,STALE', pipeline: 'p=1', kind: 'k', has_label: 'gpu' },
      ...{ 'label.branch': 'main', 'label.note': 'a=b', to: new Date(NOW).toISOString() },
    });
  });

  it('means whole local days by dates, and full minutes by the last days', () => {
    const { from, to } = timesOf({ ...EVERY_RUN, from: '2026-11-20', to: '2026-11-20' }, NOW);
    assert.equal(from, new Date(2026, 10, 20).getTime());
    assert.equal(to, new Date(2026, 10, 21).getTime() - 1);
    const last = timesOf({ ...EVERY_RUN, days: 7 }, NOW);
    assert.deepEqual(last, { from: NOW - 30_000 - 7 * DAY, to: NOW });
    assert.deepEqual(timesOf({ ...EVERY_RUN, from: 'x', to: '2026-13-99' }, NOW).from, null);
  });

  it('counts newer runs that match, unless the filter ends before them', () => {
    const path = newerPath({ ...EVERY_RUN, text: 'n', days: 7 }, NOW) ?? '';
    const query = asked(path.split('?')[1] ?? '');
    assert.deepEqual(query, { text: 'n', from: new Date(NOW + 1).toISOString(), limit: '1' });
    assert.equal(newerPath({ ...EVERY_RUN, to: '2026-11-20' }, NOW), null);
  });

  it('goes through the orders of a column, and stays with those of others', () => {
    const [, , started] = COLUMNS;
    assert.ok(started);
    assert.deepEqual(
      (['newest', 'oldest', 'name'] as const).map((order) => nextOrder(started, order)),
      ['oldest', 'newest', 'newest'],
    );
    assert.ok(listPath(EVERY_RUN, 'longest', NOW).endsWith('&order=longest'));
  });

  it('reads back what was saved, and makes a whole filter of anything', () => {
    const view = {
      filter: { ...EVERY_RUN, text: 'x', days: 7 },
      order: 'longest' as const,
    };
    assert.deepEqual(readHistory(JSON.parse(JSON.stringify(view))), view);
    fc.assert(
      fc.property(fc.anything(), (filter) => {
        const read = readHistory({ filter, order: filter });
        assert.deepEqual(readHistory(read), read);
      }),
    );
    assert.ok(isEveryRun(readHistory(undefined).filter));
  });

  it('writes a run as a line of a file, a cell for each column', () => {
    const table = runsTable([job({ job_id: 'a', labels: { branch: 'main' } })]);
    const row = table.row(0);
    assert.equal(row.length, table.columns.length);
    assert.deepEqual([row[1], row.at(-1)], ['a', 'branch=main']);
    assert.deepEqual(table.row(1), []);
  });
});
