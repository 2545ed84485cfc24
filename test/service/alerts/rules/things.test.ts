import assert from 'node:assert/strict';
import { Court } from '../../../support/court.ts';

const HOUR_MS = 3_600_000;

function courtOf(rule: Record<string, unknown>, config: object = {}): Court {
  const court = new Court(config);
  court.only();
  court.define({ rule_id: 'r', ...rule });
  return court;
}

describe('worker_offline rules', () => {
  const beat = (worker_id = 'w1') => ({
    ...{ type: 'worker.heartbeat', worker_id, labels: { room: 'lab' } },
  });
  const LIMIT_MS = 60_000;
  const limits = { worker_offline_ms: LIMIT_MS };

  it('fire once the limit is over, not before, say who is missing, and end when it is back', async () => {
    const court = courtOf({ kind: 'worker_offline' }, limits);
    court.hear(beat(), beat('w2'));
    await court.pass(30_000);
    court.hear(beat('w2'));
    await court.pass(29_000);
    assert.deepEqual(court.alerts('r'), []);
    await court.pass(3000);
    assert.deepEqual(court.said('r'), {
      title: 'Worker w1 is offline',
      description: 'Nothing has been heard of worker w1 for 1m 00s. Check its machine and network.',
      ...{ component: 'worker', component_id: 'w1', metric: 'silent_ms' },
      ...{ value: 60_000, threshold: null, tags: { room: 'lab', worker: 'w1' } },
    });
    court.hear(beat());
    assert.deepEqual(court.states('r'), [['w1', false]]);
    assert.equal(court.alerts('r')[0]?.resolve_reason, 'The worker is back.');
  });

  it('say nothing of one that was stopped, and of none while they are off', async () => {
    for (const enabled of [true, false]) {
      const court = courtOf({ kind: 'worker_offline', enabled }, limits);
      court.hear(beat('gone'), ...(enabled ? [{ type: 'worker.stopped', worker_id: 'gone' }] : []));
      await court.pass(LIMIT_MS * 2);
      assert.deepEqual(court.alerts('r'), []);
    }
  });

  it('look at their scope only, wait until it has lasted, and say what a person wrote', async () => {
    for (const [scope, fits] of [
      [{ worker: 'w*' }, true],
      [{ labels: { room: 'l*' } }, true],
      [{ worker: 'x*' }, false],
      [{ labels: { room: 'hall' } }, false],
    ] as const) {
      const message = '{{subject}} {{worker}} in {{label.room}} for {{value}}: {{title}}';
      const court = courtOf({ kind: 'worker_offline', scope, for_ms: 30_000, message }, limits);
      court.hear(beat());
      await court.pass(LIMIT_MS + 28_000);
      assert.deepEqual(court.alerts('r'), []);
      await court.pass(5000);
      assert.equal(
        court.said('r')?.description,
        fits ? 'w1 w1 in lab for 1m 30s: Worker w1 is offline' : undefined,
      );
    }
  });

  it('miss nobody for a jump of the clock or a sleep, and find who is really gone after it', async () => {
    const court = courtOf({ kind: 'worker_offline' }, limits);
    court.hear(beat(), beat('gone'));
    court.jump(8 * HOUR_MS);
    await court.pass(5000);
    assert.deepEqual(court.alerts('r'), []);
    court.hear(beat());
    await court.pass(LIMIT_MS - 10_000);
    court.hear(beat());
    await court.pass(15_000);
    assert.deepEqual(court.states('r'), [['gone', true]]);
  });

  it('are the same alert again, and raise nothing over a restart', async () => {
    const court = courtOf({ kind: 'worker_offline' }, limits);
    court.hear(beat());
    await court.pass(LIMIT_MS + 2000);
    court.restart();
    await court.pass(LIMIT_MS * 2);
    court.hear(beat());
    await court.pass(LIMIT_MS + 2000);
    assert.deepEqual(
      court.alerts('r').map(({ active, reopened_count }) => [active, reopened_count]),
      [[true, 1]],
    );
  });
});

describe('target_breached rules', () => {
  const targets = [
    {
      ...{ target_id: 'speed', title: 'Speed', metric: 'docs', unit: 'docs/hour' },
      ...{ direction: 'at_least', target: 20, critical: 10 },
    },
  ];
  const docs = (value: number, ago = 0, now = 0) => ({
    ...{ type: 'metric.recorded', name: 'docs', value, unit: 'docs/hour' },
    ...(ago > 0 && { time: now - ago }),
  });
  const rule = (level: string, more: object = {}) => ({
    ...{ kind: 'target_breached', params: { level, target_id: 'speed' }, ...more },
  });
  const bring = async (court: Court, value: number) => {
    court.hear(docs(value));
    await court.pass(12_000);
  };

  it('fire below the target, or below its critical value, and end when it is met', async () => {
    for (const [level, at, over, inside, good, said] of [
      ['WARNING', 20, 19, 19, 21, 'Speed is 19 docs/hour; the target is at least 20 docs/hour.'],
      ['CRITICAL', 10, 9, 15, 21, 'Speed is 9 docs/hour; it is critical below 10 docs/hour.'],
    ] as const) {
      const court = courtOf(rule(level), { targets });
      await bring(court, at);
      assert.deepEqual(court.alerts('r'), [], `${level} at ${at}`);
      await bring(court, over);
      assert.deepEqual(court.said('r'), {
        title: 'Speed misses its target',
        description: said,
        ...{ component: 'target', component_id: 'speed', metric: 'docs', tags: {} },
        ...{ value: over, threshold: level === 'WARNING' ? 20 : 10 },
      });
      await bring(court, inside);
      assert.deepEqual(court.states('r'), [['speed', true]]);
      await bring(court, good);
      assert.deepEqual(court.states('r'), [['speed', false]]);
    }
  });

  it('wait until it has lasted, say what a person wrote, and nothing while they are off', async () => {
    const message = '{{rule}}: {{subject}} {{value}} {{threshold}}';
    const court = courtOf(rule('WARNING', { for_ms: 60_000, message }), { targets });
    for (let i = 0; i < 4; i++) await bring(court, 5);
    assert.deepEqual(court.alerts('r'), []);
    for (let i = 0; i < 2; i++) await bring(court, 5);
    assert.equal(court.said('r')?.description, 'r: Speed 5 docs/hour 20 docs/hour');
    const off = courtOf(rule('WARNING', { enabled: false }), { targets });
    await bring(off, 5);
    assert.deepEqual(off.alerts('r'), []);
  });

  it('look at the target they name, or at all, and not at values of an hour ago', async () => {
    const other = courtOf(rule('WARNING', { params: { level: 'WARNING', target_id: 'other' } }), {
      targets,
    });
    await bring(other, 5);
    assert.deepEqual(other.alerts('r'), []);
    const all = courtOf(rule('WARNING', { params: { level: 'WARNING', target_id: null } }), {
      targets,
    });
    await bring(all, 5);
    const named = all.states('r').map(([id]) => id);
    assert.ok(named.includes('speed'), named.join());
    const late = courtOf(rule('WARNING'), { targets });
    await bring(late, 25);
    late.hear(docs(5, HOUR_MS, late.now));
    await late.pass(12_000);
    assert.deepEqual(late.alerts('r'), []);
  });
});
