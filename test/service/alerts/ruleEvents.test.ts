import assert from 'node:assert/strict';
import { parseRule } from '../../../service/alerts/ruleBook.ts';
import { ruleRecord } from '../../../service/alerts/ruleRecords.ts';
import { alertRecord } from '../../../service/core/alertView.ts';
import type { AlertRecord } from '../../../service/protocol/record.ts';
import { type TestService, eventually, send, useServices } from '../../support/service.ts';

async function define(
  to: TestService,
  rule: { rule_id: string; [field: string]: unknown },
): Promise<void> {
  await to.service.monitor.alerting.definitions.change({
    of: 'rule',
    key: rule.rule_id,
    make: () => parseRule(rule),
  });
}

function alerts(to: TestService, rule_id: string): AlertRecord[] {
  return [...to.service.monitor.model.alerts.values()]
    .flatMap((alert) => alertRecord(alert) ?? [])
    .filter(({ rule }) => rule === rule_id);
}

const high = {
  rule_id: 'hot',
  kind: 'threshold',
  name: 'Hot',
  severity: 'ERROR',
  message: '{{rule}}: {{subject}} is {{value}} in {{label.room}}, not {{threshold}}',
  params: {
    metric: 'temperature',
    group_by: ['room'],
    aggregation: 'last',
    range_ms: 60_000,
    direction: 'above',
    value: 30,
  },
};
const measured = (room: string, value: number, more: object = {}) => ({
  type: 'metric.recorded',
  name: 'temperature',
  unit: '°C',
  value,
  labels: { room },
  ...more,
});

describe('rules on series', () => {
  const start = useServices();

  it('raise one alert for each subject, say it in the words of the rule, and end it below the band', async () => {
    const to = await start();
    await define(to, high);
    await send(to, [measured('a', 31), measured('b', 29)]);
    await eventually(() => alerts(to, 'hot').length > 0, 'The alert');
    const [alert, ...more] = alerts(to, 'hot');
    assert.deepEqual(more, []);
    assert.deepEqual(
      [alert?.severity, alert?.metric, alert?.value, alert?.threshold, alert?.tags],
      ['ERROR', 'temperature', 31, 30, { room: 'a' }],
    );
    assert.equal(alert?.description, 'Hot: temperature{room=a} is 31 °C in a, not 30 °C');
    // Inside the band it stays as it is; a late point about the past changes nothing.
    await send(to, [measured('a', 28), measured('b', 99, { time: Date.now() - 3_600_000 })]);
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.deepEqual(
      alerts(to, 'hot').map(({ active }) => active),
      [true],
    );
    await send(to, measured('a', 27));
    await eventually(() => alerts(to, 'hot')[0]?.active === false, 'The end');
    assert.equal(alerts(to, 'hot')[0]?.resolve_reason, 'It is 27 °C now.');
  });

  it('open the same alert again when the cause comes back soon', async () => {
    const to = await start();
    await define(to, high);
    for (let round = 0; round < 3; round++) {
      await send(to, measured('a', 40 + round));
      await eventually(() => alerts(to, 'hot')[0]?.active === true, 'The alert');
      await send(to, measured('a', 20));
      await eventually(() => alerts(to, 'hot')[0]?.active === false, 'The end');
    }
    const found = alerts(to, 'hot');
    assert.deepEqual([found.length, found[0]?.reopened_count], [1, 2]);
  });

  it('see what was measured before they were made, and are known to wait', async () => {
    const to = await start();
    await send(to, measured('a', 50));
    await define(to, { ...high, for_ms: 60_000 });
    const { model, alerting } = to.service.monitor;
    const record = () => {
      const rule = alerting.rules.rule('hot');
      return rule && ruleRecord(rule, { ...alerting, model });
    };
    await eventually(() => record()?.pending === 1, 'The subject that waits');
    await define(to, high);
    await eventually(() => alerts(to, 'hot').length === 1, 'The alert');
    assert.deepEqual([record()?.pending, record()?.firing], [0, 1]);
  });

  it('end their alerts when they are switched off, removed, or about something else', async () => {
    const to = await start();
    await define(to, high);
    const reasons: (string | null | undefined)[] = [];
    for (const change of [{ enabled: false }, { scope: { labels: { room: 'b*' } } }]) {
      await send(to, measured('a', 40));
      await eventually(() => alerts(to, 'hot')[0]?.active === true, 'The alert');
      await define(to, { ...high, ...change });
      await eventually(() => alerts(to, 'hot')[0]?.active === false, 'The end');
      reasons.push(alerts(to, 'hot')[0]?.resolve_reason);
      await define(to, high);
    }
    assert.deepEqual(reasons, [
      'The rule was switched off.',
      'The rule was changed: it is not about this any more.',
    ]);
  });
});

describe('a restart', () => {
  const start = useServices();

  it('fires nothing again, keeps alerts open, and still ends them', async () => {
    const first = await start();
    await define(first, high);
    await send(first, [
      measured('a', 40),
      { type: 'queue.sampled', queue: 'q', pending: 1000 },
      { type: 'job.started', job_id: 'j', pipeline: 'p' },
      { type: 'phase.failed', job_id: 'j', phase_id: 'P1', error: { message: 'x' } },
    ]);
    await define(first, {
      rule_id: 'queue_size',
      kind: 'queue_size',
      name: 'q',
      params: { threshold: 5 },
    });
    await eventually(() => first.service.monitor.model.alerts.size === 3, 'The alerts');
    await first.stop();
    const to = await start({ dataDir: first.dataDir });
    const { model } = to.service.monitor;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.deepEqual(
      [...model.alerts.values()].map(({ resolved, reopened_count }) => [resolved, reopened_count]),
      [
        [null, 0],
        [null, 0],
        [null, 0],
      ],
    );
    await send(to, [
      measured('a', 10),
      { type: 'queue.sampled', queue: 'q', pending: 0 },
      { type: 'phase.started', job_id: 'j', phase_id: 'P1' },
      { type: 'phase.completed', job_id: 'j', phase_id: 'P1' },
    ]);
    await eventually(
      () => [...model.alerts.values()].every(({ resolved }) => resolved !== null),
      'The ends',
    );
  });
});
