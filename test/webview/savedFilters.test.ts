import assert from 'node:assert/strict';
import fc from 'fast-check';
import { STATUSES } from '../../service/protocol/states.ts';
import { EVERY_RUN, LAST_DAYS, readHistory, type RunFilter } from '../../webview/historyView.ts';
import { Fields, LayoutError } from '../../webview/layoutFields.ts';
import {
  putFilter,
  readFilters,
  type SavedFilter,
  withFilters,
} from '../../webview/savedFilters.ts';

const read = (value: unknown): SavedFilter[] =>
  readFilters(new Fields({ history_filters: value }, ''), 'history_filters');
const one = (name: string, filter: object = {}): object => ({ name, filter });
const named = (name: string, text = ''): SavedFilter => ({ name, filter: { ...EVERY_RUN, text } });
const many = (count: number): SavedFilter[] =>
  Array.from({ length: count }, (_, n) => named(`f${n}`));

const day = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const when = fc.oneof(
  fc.record({ days: fc.constantFrom(...LAST_DAYS), from: fc.constant(''), to: fc.constant('') }),
  fc.record({
    days: fc.constant(null),
    from: fc.option(day, { nil: '' }),
    to: fc.option(day, { nil: '' }),
  }),
);
const word = fc.string({ minLength: 1, maxLength: 60 }).filter((text) => text.trim() !== '');
const filters: fc.Arbitrary<RunFilter> = fc
  .record({
    text: fc.string({ maxLength: 256 }),
    statuses: fc.subarray([...STATUSES]),
    pipeline: fc.option(word),
    kind: fc.option(word),
    labels: fc.string({ maxLength: 256 }),
    when,
  })
  .map(({ when: { days, from, to }, ...rest }) => ({ ...rest, days, from, to }));

/** What an earlier page may have kept. */
const kept = fc.record({
  text: fc.string({ maxLength: 600 }),
  statuses: fc.array(fc.oneof(fc.constantFrom(...STATUSES), fc.anything())),
  pipeline: fc.string(),
  days: fc.oneof(fc.integer(), fc.constantFrom(...LAST_DAYS)),
  from: fc.oneof(day, fc.string()),
});

describe('the saved filters of History', () => {
  it('come back from a file as they were', () => {
    const saved = fc.uniqueArray(
      fc.record({ name: word.map((name) => name.trim()), filter: filters }),
      {
        maxLength: 50,
        selector: ({ name }) => name,
      },
    );
    fc.assert(
      fc.property(saved, (all) => {
        const file: unknown = JSON.parse(JSON.stringify(all));
        assert.deepEqual(read(file), file);
      }),
    );
  });

  it('are any filter that the page can have set', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), kept), (filter) => {
        const set = readHistory({ filter }).filter;
        if (set.days !== null && set.from + set.to !== '') return; // The page sets one of them.
        assert.deepEqual(read([one('a', set)]), [{ name: 'a', filter: set }]);
      }),
      { examples: [[{ pipeline: ' ', kind: '\t' }]] },
    );
  });

  it('say no more than they have to, in any order', () => {
    assert.deepEqual(read([one(' nightly ', { statuses: ['FAILED', 'RUNNING', 'FAILED'] })]), [
      { name: 'nightly', filter: { ...EVERY_RUN, statuses: ['RUNNING', 'FAILED'] } },
    ]);
    assert.deepEqual(readFilters(new Fields({}, ''), 'history_filters'), []);
  });

  it('of a bad file are refused, with the field that is wrong', () => {
    const bad: [string, unknown][] = [
      ['history_filters', {}],
      ['history_filters', many(51)],
      ['history_filters[0]', ['a']],
      ['history_filters[0].filters', [{ name: 'a', filters: {} }]],
      ['history_filters[0].name', [one('')]],
      ['history_filters[0].name', [one('x'.repeat(61))]],
      ['history_filters[1].name', [one('a'), one(' a')]],
      ['history_filters[0].filter', [{ name: 'a' }]],
      ['history_filters[0].filter.state', [one('a', { state: 'FAILED' })]],
      ['history_filters[0].filter.text', [one('a', { text: 'x'.repeat(257) })]],
      ['history_filters[0].filter.labels', [one('a', { labels: null })]],
      ['history_filters[0].filter.statuses', [one('a', { statuses: 'FAILED' })]],
      ['history_filters[0].filter.statuses[1]', [one('a', { statuses: ['FAILED', 'failed'] })]],
      ['history_filters[0].filter.pipeline', [one('a', { pipeline: '' })]],
      ['history_filters[0].filter.kind', [one('a', { kind: 7 })]],
      ['history_filters[0].filter.days', [one('a', { days: 3 })]],
      ['history_filters[0].filter.days', [one('a', { days: 7, from: '2026-11-22' })]],
      ['history_filters[0].filter.from', [one('a', { from: '22.11.2026' })]],
      ['history_filters[0].filter.to', [one('a', { to: '2026-02-30' })]],
    ];
    for (const [path, value] of bad)
      assert.throws(
        () => read(value),
        (error) =>
          error instanceof LayoutError && error.path === path && error.message.startsWith(path),
        `${path} of ${JSON.stringify(value).slice(0, 80)}`,
      );
  });

  it('have one of each name: another takes its place', () => {
    const all = [named('a'), named('b'), named('c')];
    assert.deepEqual(putFilter(all, named('b', 'x')), [named('a'), named('b', 'x'), named('c')]);
    assert.deepEqual(putFilter(all, named('d')), [...all, named('d')]);
    assert.deepEqual(withFilters(all, [named('e'), named('a', 'x')]), [
      ...[named('a', 'x'), named('b'), named('c'), named('e')],
    ]);
    assert.throws(
      () => withFilters(many(50), [named('more')]),
      /^LayoutError: history_filters: With yours they are 51/,
    );
    assert.equal(withFilters(many(50), [named('f7', 'x')]).length, 50);
  });
});
