import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LAST } from '../../../../webview/timeRange.ts';
import {
  betweenWords,
  fieldOf,
  partOfRun,
  rangeWords,
  spanOf,
} from '../../../../webview/elements/timePicker/words.ts';

const at = (text: string): number => Date.parse(text);
const NOW = at('2026-03-05T12:00:00');
const DAY = 86_400_000;

describe('the words for a range of time', () => {
  it('are those of the picker', () => {
    assert.equal(rangeWords({ kind: 'run' }, NOW), 'This run');
    assert.deepEqual(
      LAST.map((ms) => rangeWords({ kind: 'last', ms }, NOW)),
      [
        ...['Last 5 min', 'Last 15 min', 'Last 30 min', 'Last 1 h', 'Last 4 h', 'Last 12 h'],
        ...['Last 24 h', 'Last 7 days', 'Last 30 days'],
      ],
    );
    assert.equal(rangeWords({ kind: 'last', ms: 90_500 }, NOW), 'Last 1m 31s');
  });

  it('name the day where it is not today, and seconds where the ends are close', () => {
    const words = (from: string, to: string): string =>
      betweenWords({ from: at(from), to: at(to) }, NOW, 'en-GB');
    assert.match(words('2026-03-05T10:00:00', '2026-03-05T11:30:00'), /^10:00.11:30$/);
    assert.match(words('2026-03-05T10:00:05', '2026-03-05T10:00:35'), /^10:00:05.*10:00:35$/);
    assert.match(words('2026-03-04T23:00:00', '2026-03-05T01:00:00'), /4 Mar.*23:00.*5 Mar.*01:00/);
    assert.match(words('2026-03-01T10:00:00', '2026-03-01T12:00:00'), /1 Mar/);
  });

  it('say where less is shown than the run has', () => {
    const run = { from: NOW - 3_600_000, to: NOW };
    assert.equal(
      partOfRun({ from: NOW - 300_000, to: NOW }, run),
      'It shows 5m 00s of the 1h 00m of this run.',
    );
    assert.equal(
      partOfRun({ from: NOW - 2 * DAY, to: NOW - DAY }, run),
      'This run is outside of it.',
    );
    assert.equal(partOfRun({ from: NOW - DAY, to: NOW }, run), '');
    assert.equal(partOfRun(run, null), '');
  });
});

describe('a range of one’s own', () => {
  it('comes back from its fields, to the second, in local time', () => {
    fc.assert(
      fc.property(fc.integer({ min: NOW - 700 * DAY, max: NOW }), (time) => {
        const second = Math.floor(time / 1000) * 1000;
        // In the hour that a clock is put back two times have the same text.
        const back = Date.parse(fieldOf(second));
        assert.ok([0, 3_600_000].includes(Math.abs(back - second)));
      }),
    );
    const span = spanOf('2026-03-05T10:00:00', '2026-03-05T11:00', NOW);
    assert.deepEqual(span, { from: at('2026-03-05T10:00:00'), to: at('2026-03-05T11:00:00') });
  });

  it('says which field is wrong', () => {
    const wrong = (from: string, to: string): string => {
      const span = spanOf(from, to, NOW);
      return 'field' in span ? `${span.field}: ${span.message}` : 'nothing';
    };
    assert.equal(wrong('', '2026-03-05T11:00'), 'from: Give a date and a time.');
    assert.equal(wrong('2026-03-05T11:00', 'soon'), 'to: Give a date and a time.');
    assert.equal(wrong('2026-03-05T11:00', '2026-03-05T11:00'), 'to: Give a time after the begin.');
    assert.equal(wrong('2026-03-05T11:00', '2026-03-05T10:00'), 'to: Give a time after the begin.');
    assert.match(wrong('2020-01-01T00:00', '2026-03-05T10:00'), /^from: Nothing is kept/);
    assert.match(wrong('2026-03-05T11:00', '2027-01-01T00:00'), /^to: .*future/);
  });
});
