import assert from 'node:assert/strict';
import { matchesPattern, matchesSilence } from '../../../../service/alerts/routing/matcher.ts';
import { isQuiet } from '../../../../service/alerts/routing/quietHours.ts';
import { parseSilence, silenceRecords } from '../../../../service/alerts/routing/silences.ts';
import { ProductError } from '../../../../service/protocol/errors.ts';
import type { QuietHours } from '../../../../service/protocol/alerting.ts';
import type { Matcher } from '../../../../service/protocol/silence.ts';
import { Post, T0 } from './desk.ts';

const parse = (value: unknown, base?: ReturnType<typeof parseSilence>) =>
  parseSilence(value, { now: T0, newId: () => 'new', base });
const all: Matcher[] = [{ field: 'title', op: '~', value: '*' }];

describe('a silence', () => {
  it('is read with times of both kinds, and begins now', () => {
    const silence = parse({ matchers: all, ends_at: '2026-03-02T11:00:00Z' });
    assert.deepStrictEqual(silence, {
      ...{ silence_id: 'new', matchers: all, starts_at: T0, ends_at: T0 + 3_600_000, comment: '' },
    });
    assert.equal(parse({ matchers: all, for_ms: 60_000 }).ends_at, T0 + 60_000);
    const changed = parse({ comment: 'longer', ends_at: T0 + 9_000_000 }, silence);
    assert.deepStrictEqual(changed, { ...silence, comment: 'longer', ends_at: T0 + 9_000_000 });
  });

  const bad: [string, unknown, string][] = [
    ['no object', 7, ''],
    ['no matchers', { for_ms: 1000 }, '/matchers'],
    ['an empty list of matchers', { matchers: [], for_ms: 1000 }, '/matchers'],
    [
      'a field of an unknown name',
      { matchers: [{ ...all[0], field: 'x' }], for_ms: 1000 },
      '/matchers/0/field',
    ],
    [
      'an operator of an unknown kind',
      { matchers: [{ ...all[0], op: '=~' }], for_ms: 1000 },
      '/matchers/0/op',
    ],
    ['no end', { matchers: all }, '/ends_at'],
    ['an end before its begin', { matchers: all, ends_at: T0 - 1 }, '/ends_at'],
    ['an end that is no time', { matchers: all, ends_at: 'tomorrow' }, '/ends_at'],
    ['an end in the year 20000', { matchers: all, ends_at: 569_000_000_000_000 }, '/ends_at'],
    ['an end in two years', { matchers: all, ends_at: T0 + 64e9 }, '/ends_at'],
    ['a field too many', { matchers: all, for_ms: 1000, end: 1 }, '/end'],
  ];
  for (const [what, value, path] of bad)
    it(`with ${what} is refused, and the field is named`, () => {
      assert.throws(
        () => parse(value),
        (error) =>
          error instanceof ProductError &&
          error.code === 'SILENCE_INVALID' &&
          error.errors.some((one) => one.path === path && one.message !== ''),
      );
    });

  it('matches by fields and tags, all of its matchers', () => {
    const post = new Post();
    const tags = { pipeline: 'etl', team: 'ops' };
    post.raise('pipescope:phase_failed:j/P1/1', { job_id: 'j', phase_id: 'P1', tags });
    post.raise('w', { component: 'worker', component_id: 'w1' });
    const [failed, worker] = [...post.model.alerts.values()];
    assert.ok(failed && worker);
    const matches = (...matchers: Matcher[]) =>
      [failed, worker].map((alert) => matchesSilence({ matchers }, alert));
    assert.deepStrictEqual(matches({ field: 'rule', op: '=', value: 'phase_failed' }), [
      true,
      false,
    ]);
    assert.deepStrictEqual(matches({ field: 'rule', op: '=', value: 'external' }), [false, true]);
    assert.deepStrictEqual(matches({ field: 'pipeline', op: '~', value: 'e*' }), [true, false]);
    assert.deepStrictEqual(matches({ field: 'tag.team', op: '=', value: 'ops' }), [true, false]);
    assert.deepStrictEqual(matches({ field: 'tag.constructor', op: '=', value: '' }), [true, true]);
    assert.deepStrictEqual(matches({ field: 'worker_id', op: '=', value: 'w1' }), [false, true]);
    assert.deepStrictEqual(matches({ field: 'severity', op: '!=', value: 'INFO' }), [true, true]);
    const both: Matcher[] = [
      { field: 'phase_id', op: '=', value: 'P1' },
      { field: 'job_id', op: '!~', value: '*j*' },
    ];
    assert.deepStrictEqual(matches(...both), [false, false]);
  });

  it('has patterns that are never slow', () => {
    assert.ok(matchesPattern('a*b*c', 'aXbYbc'));
    assert.ok(matchesPattern('*', ''));
    assert.ok(!matchesPattern('a*a', 'a'));
    assert.ok(!matchesPattern('ab*ba', 'aba'));
    assert.ok(!matchesPattern('a.c', 'abc'));
    const begun = performance.now();
    assert.ok(!matchesPattern(`${'*a'.repeat(120)}b`, 'a'.repeat(65_000)));
    assert.ok(performance.now() - begun < 50);
  });

  it('is shown with how many active alerts it matches, those in effect first', () => {
    const post = new Post();
    post.raise('a');
    post.raise('b');
    post.resolve('b');
    const silence = (starts: number, ends: number) => ({
      ...{ matchers: all, comment: '', starts_at: T0 + starts, ends_at: T0 + ends },
    });
    post.define('silence', 'over', silence(-9, -1));
    post.define('silence', 'later', silence(5, 9));
    post.define('silence', 'now', silence(-5, 5));
    post.define('silence', 'gone', null);
    const { definitions } = post.model.domain;
    const records = silenceRecords({ definitions, alerts: post.model.alerts, now: T0 });
    assert.deepStrictEqual(
      records.map(({ silence_id, state, matching }) => [silence_id, state, matching]),
      [
        ['now', 'ACTIVE', 1],
        ['later', 'PENDING', 1],
        ['over', 'EXPIRED', 1],
      ],
    );
  });
});

describe('quiet hours', () => {
  const quiet = (hours: Partial<QuietHours>, time: string) =>
    isQuiet(
      [{ days: [1], from: '22:00', to: '06:00', timezone: 'UTC', ...hours }],
      Date.parse(time),
      'ERROR',
    );

  it('reach over midnight from the day on which they begin', () => {
    assert.ok(!quiet({}, '2026-03-02T21:59:59Z'));
    assert.ok(quiet({}, '2026-03-02T22:00:00Z'));
    assert.ok(quiet({}, '2026-03-03T05:59:59Z'));
    assert.ok(!quiet({}, '2026-03-03T06:00:00Z'));
    assert.ok(!quiet({}, '2026-03-02T05:00:00Z'), 'Sunday has none');
    assert.ok(quiet({ days: [7] }, '2026-03-02T05:00:00Z'));
    assert.ok(!quiet({ from: '09:00', to: '17:00' }, '2026-03-02T17:00:00Z'));
    assert.ok(quiet({ from: '08:00', to: '08:00' }, '2026-03-03T07:59:00Z'), 'a whole day');
  });

  it('are those of their time zone, with its daylight saving', () => {
    const berlin = { days: [1, 2, 3, 4, 5, 6, 7], timezone: 'Europe/Berlin' };
    assert.ok(quiet(berlin, '2026-03-28T21:00:00Z'), '22:00 in winter');
    assert.ok(!quiet(berlin, '2026-03-28T20:30:00Z'));
    assert.ok(quiet(berlin, '2026-03-29T20:00:00Z'), '22:00 in summer');
    assert.ok(quiet(berlin, '2026-03-29T03:59:00Z'), '05:59 on the day of the change');
    assert.ok(!quiet(berlin, '2026-03-29T04:00:00Z'));
  });

  it('let what is bad enough through, and are none in an unknown time zone', () => {
    assert.ok(!quiet({ except: 'ERROR' }, '2026-03-02T23:00:00Z'));
    assert.ok(quiet({ except: 'CRITICAL' }, '2026-03-02T23:00:00Z'));
    assert.ok(!quiet({ timezone: 'Mars/Olympus' }, '2026-03-02T23:00:00Z'));
  });
});
