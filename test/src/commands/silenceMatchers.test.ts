import assert from 'node:assert/strict';
import { Value } from '@sinclair/typebox/value';
import { Matcher } from '../../../service/protocol/silence.ts';
import { silenceChoices } from '../../../src/commands/silenceMatchers.ts';
import { alert } from '../wire/records.ts';

describe('what can be silenced about an alert', () => {
  it('is the same subject in every run, its rule, and its pipeline', () => {
    const slow = alert({ alert_id: 'a', rule: 'slow_phase', job_id: 'run-7', phase_id: 'P02' });
    assert.deepEqual(
      silenceChoices(slow, 'nightly').map(({ label, detail }) => [label, detail]),
      [
        [
          'This alert, and when it comes again',
          'rule = slow_phase, component = phase, pipeline = nightly, phase_id = P02',
        ],
        ['Every alert of this rule', 'rule = slow_phase'],
        ['Every alert of this pipeline', 'pipeline = nightly'],
      ],
    );
  });

  it('is named by its title where no rule raised it, however long that is', () => {
    const title = 'x'.repeat(400);
    const [only, ...others] = silenceChoices(alert({ alert_id: 'a', title }), undefined);
    assert.deepEqual(others, []);
    assert.deepEqual(only?.matchers[0], {
      field: 'title',
      op: '~',
      value: `${'x'.repeat(255)}*`,
    });
    for (const matcher of only.matchers) assert.ok(Value.Check(Matcher, matcher));
  });
});
