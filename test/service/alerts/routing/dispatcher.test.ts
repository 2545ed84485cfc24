import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MAX_WAITING } from '../../../../service/alerts/routing/desk.ts';
import { alertRecord } from '../../../../service/core/alertView.ts';
import type { Channel } from '../../../../service/protocol/channel.ts';
import type { Rule } from '../../../../service/protocol/rule.ts';
import { Post, T0, channel } from './desk.ts';

const failed = (job: string, run = 1) => `pipescope:phase_failed:${job}/P1/${run}`;
const ofJob = (job_id: string, more: object = {}) => ({
  ...{ job_id, phase_id: 'P1', tags: { pipeline: job_id }, ...more },
});
const MINUTE = 60_000;

describe('the dispatcher', () => {
  const open: Post[] = [];
  const make = (...args: ConstructorParameters<typeof Post>) => {
    const post = new Post(...args);
    open.push(post);
    return post;
  };
  afterEach(async () => {
    for (const post of open.splice(0)) await post.close();
  });

  it('tells an alert and its end once each, and says so in the record', async () => {
    const post = make();
    post.raise('a');
    await post.look();
    assert.deepStrictEqual(post.told(), ['raised: a is bad']);
    const [{ notification_id } = { notification_id: '' }] = post.notifications;
    const alert = post.model.alerts.get('a');
    assert.deepStrictEqual(alert && alertRecord(alert)?.routed, [
      { channel_id: 'ops', outcome: 'queued', notification_id, due_at: '2026-03-02T10:00:00.000Z' },
    ]);
    await post.pass(10_000);
    post.resolve('a');
    await post.look();
    await post.pass(10_000);
    assert.deepStrictEqual(post.told(), ['raised: a is bad', 'resolved: Resolved: a is bad']);
  });

  it('tells the alerts of one job together, each as it is by then', async () => {
    const post = make();
    post.raise(failed('j'), ofJob('j'));
    await post.look();
    post.raise('pipescope:job_failed:j/1', { job_id: 'j', component: 'job', severity: 'CRITICAL' });
    post.resolve(failed('j'));
    await post.look();
    await post.pass(3000);
    const [one, ...more] = post.notifications;
    assert.deepStrictEqual(more, []);
    assert.deepStrictEqual(
      one?.content.alerts.map(({ alert_id, state }) => [alert_id, state]),
      [
        ['pipescope:job_failed:j/1', 'active'],
        [failed('j'), 'resolved'],
      ],
    );
    assert.equal(one?.content.severity, 'CRITICAL');
    assert.equal(one?.content.more_count, 0);
  });

  it('sends at most two notifications and one digest for 1,000 flips in 60 s', async () => {
    for (const id of ['flips', failed('j')]) {
      const post = make([channel('ops'), channel('vscode', { kind: 'vscode' })]);
      post.raise(id, id === 'flips' ? {} : ofJob('j'));
      await post.look();
      for (let n = 1; n < 1000; n++) {
        post.now = T0 + n * 60;
        if (n % 2) post.resolve(id);
        else post.reopen(id);
        await post.look();
        if (n % 17 === 0) await post.pass(0);
      }
      assert.equal(post.of('alert.routed').length, 1000);
      const alert = post.model.alerts.get(id);
      assert.equal(alert && alertRecord(alert)?.flapping, true);
      await post.pass(30 * MINUTE);
      const kinds = post.notifications.map(({ content }) => content.kind);
      const digests = kinds.filter((kind) => kind === 'digest').length;
      assert.ok(kinds.length - digests <= 2, kinds.join());
      assert.equal(digests, 1, kinds.join());
      const windows = post
        .of('alert.routed')
        .flatMap(({ outcomes }) => outcomes)
        .filter(({ channel_id, outcome }) => channel_id === 'vscode' && outcome === 'queued');
      assert.ok(windows.length <= 3, String(windows.length));
      const calm = post.model.alerts.get(id);
      assert.equal(calm && alertRecord(calm)?.flapping, false);
      const told = post.notifications.reduce(
        (sum, { content }) => sum + content.alerts.length + content.more_count,
        0,
      );
      assert.ok(told > 900, String(told));
    }
  });

  it('tells the same subject once in its cool-down, the rest in a digest', async () => {
    const post = make();
    for (let run = 1; run <= 4; run++) {
      post.raise(failed('j', run), ofJob(`j${run}`, { tags: { pipeline: 'etl' } }));
      await post.look();
      await post.pass(10_000);
    }
    assert.equal(post.notifications.length, 1);
    assert.deepStrictEqual(post.outcome(failed('j', 4))?.reason, 'cooldown');
    await post.pass(5 * MINUTE);
    const [, digest] = post.notifications;
    assert.equal(digest?.content.kind, 'digest');
    assert.equal(digest?.content.alerts.length, 3);
    assert.equal(post.notifications.length, 2);
  });

  it('has a cool-down of the rule, which may be none', async () => {
    const post = make([channel('ops')]);
    const rule = { rule_id: 'phase_failed', kind: 'phase_failed', name: 'Failures' };
    post.rules.set('phase_failed', { ...rule, cooldown_ms: 0, channels: null } as unknown as Rule);
    for (let run = 1; run <= 3; run++) {
      post.raise(failed('j', run), { tags: { pipeline: 'etl' } });
      await post.look();
      await post.pass(5000);
    }
    assert.equal(post.notifications.length, 3);
    assert.equal(post.notifications[0]?.content.alerts[0]?.rule_name, 'Failures');
  });

  it('sends ten a minute and channel, and counts the others by rule in one digest', async () => {
    const post = make();
    for (let n = 0; n < 47; n++)
      post.raise(`pipescope:${n % 2 ? 'queue_size' : 'worker_offline'}:q${n}`, {
        component: 'queue',
        component_id: `q${n}`,
      });
    await post.look();
    assert.equal(post.notifications.length, 10);
    await post.pass(2 * MINUTE);
    const digest = post.notifications.at(-1)?.content;
    assert.equal(post.notifications.length, 11);
    assert.equal(digest?.alerts.length, 20);
    assert.equal(digest?.more_count, 17);
    const by = digest?.more.map(({ rule }) => rule).sort();
    assert.deepStrictEqual(
      by?.filter((rule) => rule !== 'queue_size'),
      ['worker_offline'],
    );
    assert.match(digest?.summary ?? '', /and 36 more$/);
  });

  it('keeps silent while a failure of the job says already what is wrong, and tells it after that', async () => {
    const post = make();
    const slow = 'pipescope:slow_phase:j/P1/1';
    post.raise(failed('j'), ofJob('j'));
    post.raise(slow, ofJob('j', { severity: 'WARNING' }));
    await post.look();
    assert.deepStrictEqual(post.outcome(slow), {
      channel_id: 'ops',
      outcome: 'inhibited',
      reason: failed('j'),
    });
    await post.pass(10_000);
    post.resolve(failed('j'));
    await post.look();
    await post.pass(5000);
    assert.equal(post.outcome(slow)?.outcome, 'queued');
    assert.match(post.told().at(-1) ?? '', /^raised: pipescope:slow_phase:j\/P1\/1 is bad/);
  });

  it('keeps silent under a silence, and tells what still holds when it ends or is taken away', async () => {
    const post = make();
    post.define('silence', 's1', silence([{ field: 'title', op: '~', value: '*is bad' }]));
    post.raise('a');
    post.raise('b');
    await post.look();
    assert.deepStrictEqual(post.outcome('a')?.reason, 's1');
    assert.deepStrictEqual(post.told(), []);
    post.resolve('b');
    await post.look();
    assert.deepStrictEqual(post.outcome('b')?.reason, 'not_told');
    await post.pass(9 * MINUTE);
    assert.deepStrictEqual(post.told(), []);
    await post.pass(2 * MINUTE);
    assert.deepStrictEqual(post.told(), ['raised: a is bad']);
    post.define(
      'silence',
      's2',
      silence([{ field: 'rule', op: '=', value: 'external' }], post.now),
    );
    post.raise('c');
    await post.look();
    post.define('silence', 's2', null);
    await post.look();
    assert.deepStrictEqual(post.told().at(-1), 'raised: c is bad');
  });

  it('keeps silent in quiet hours but for what is worse, and tells what still holds after them', async () => {
    const quiet = [
      { days: [1], from: '09:30', to: '10:05', timezone: 'UTC', except: 'CRITICAL' as const },
    ];
    const post = make([channel('ops')], { quiet_hours: quiet });
    post.raise('a');
    post.raise('b', { severity: 'CRITICAL' });
    await post.look();
    assert.equal(post.outcome('a')?.outcome, 'quiet_hours');
    assert.deepStrictEqual(post.told(), ['raised: b is bad']);
    await post.pass(6 * MINUTE);
    assert.deepStrictEqual(post.told(), ['raised: b is bad', 'raised: a is bad']);
  });

  it('says why a channel does not take a change', async () => {
    const all = [
      channel('off', { enabled: false }),
      channel('severe', { min_severity: 'CRITICAL' }),
      channel('ruled', { rules: ['queue_size'] }),
      channel('external', { rules: ['external'] }),
      channel('begins', { send_resolved: false }),
    ];
    const post = make(all);
    post.raise('a');
    await post.look();
    const reasons = () =>
      all.map(({ channel_id }) => post.outcome('a', channel_id)?.reason ?? 'told');
    assert.deepStrictEqual(reasons(), ['off', 'severity', 'rule', 'told', 'told']);
    post.resolve('a');
    await post.look();
    assert.deepStrictEqual(reasons(), ['off', 'severity', 'rule', 'told', 'resolved']);
  });

  it('tells only the channels that a rule names', async () => {
    const post = make([channel('ops'), channel('dev')]);
    const rule = { rule_id: 'phase_failed', kind: 'phase_failed', name: 'F', cooldown_ms: null };
    post.rules.set('phase_failed', { ...rule, channels: ['dev'] } as unknown as Rule);
    post.raise(failed('j'));
    await post.look();
    assert.equal(post.outcome(failed('j'))?.reason, 'rule_channels');
    assert.equal(post.told('dev').length, 1);
  });

  it('tells nobody again of what somebody takes care of, until the time of that is over', async () => {
    const post = make();
    post.raise('a');
    await post.look();
    post.say({ type: 'alert.acknowledged', alert_id: 'a', by: 'Ada', until: T0 + 10 * MINUTE });
    post.resolve('a');
    await post.look();
    post.reopen('a');
    await post.look();
    assert.equal(post.outcome('a')?.reason, 'acknowledged');
    const before = post.notifications.length;
    await post.pass(11 * MINUTE);
    const [over, ...more] = post.of('alert.unacknowledged');
    assert.ok(over);
    assert.deepStrictEqual(more, []);
    assert.equal(post.notifications.length, before + 1);
    assert.equal(post.outcome('a')?.outcome, 'queued');
    await post.restart();
    await post.pass(2 * MINUTE);
    assert.equal(post.of('alert.unacknowledged').length, 1);
    assert.equal(post.notifications.length, before + 1);
  });

  it('tells nobody of the past or of an import', async () => {
    const post = make();
    post.raise('old', { time: T0 - 25 * 60 * MINUTE });
    const raised = { type: 'alert.raised', id: 'imp', time: T0, title: 'x', severity: 'ERROR' };
    post.say({ type: 'alert.imported', alert_id: 'imp', events: [{ ...raised, component: 'x' }] });
    await post.look();
    assert.deepStrictEqual(post.of('alert.routed'), []);
  });

  it('gives a dead channel no more than it can ever send: the rest is counted until it works again', async () => {
    const post = make([channel('ops')], { rate_per_minute: 1000, cooldown_ms: 0 });
    for (let n = 0; n < 200; n++) {
      post.raise(`a${n}`);
      await post.look();
    }
    assert.equal(post.notifications.length, MAX_WAITING);
    await post.pass(10 * MINUTE);
    assert.equal(post.notifications.length, MAX_WAITING);
    for (const { notification_id } of post.notifications)
      post.say({ type: 'notification.tried', notification_id, attempt: 1, ok: true });
    await post.pass(2000);
    const digest = post.notifications.at(-1)?.content;
    assert.equal((digest?.alerts.length ?? 0) + (digest?.more_count ?? 0), 150);
  });

  it('decides again what the storage refused', async () => {
    const post = make();
    post.refuse = true;
    post.raise('a');
    await post.look();
    assert.deepStrictEqual(post.of('alert.routed'), []);
    post.refuse = false;
    await post.pass(1000);
    assert.deepStrictEqual(post.told(), ['raised: a is bad']);
  });

  it('tells everything once when the clock jumps a day, or the machine slept', async () => {
    const post = make([channel('ops')], { rate_per_minute: 2 });
    post.define('silence', 's1', silence([{ field: 'title', op: '~', value: 'held*' }]));
    for (let n = 0; n < 30; n++) post.raise(`a${n}`);
    post.raise('held');
    await post.look();
    post.now += 23 * 60 * MINUTE;
    await post.pass(5000);
    const kinds = post.notifications.map(({ content }) => content.kind);
    assert.deepStrictEqual(kinds.sort(), ['digest', 'raised', 'raised', 'raised']);
    await post.pass(10 * MINUTE);
    assert.equal(post.notifications.length, 4);
  });

  it('gathers for mails that are sent every so often', async () => {
    const settings = { digest_minutes: 30 };
    const post = make([channel('mail', { kind: 'email', settings } as Partial<Channel>)]);
    post.raise('a');
    await post.look();
    await post.pass(20 * MINUTE);
    post.raise('b');
    await post.look();
    assert.deepStrictEqual(post.told('mail'), []);
    await post.pass(11 * MINUTE);
    assert.deepStrictEqual(post.told('mail'), ['raised: a is bad and 1 more']);
  });

  it('leaves no change without an outcome, and its counts add up, whatever happens and whenever it dies', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 60 }), async (steps) => {
        const post = make(
          [channel('ops'), channel('picky', { min_severity: 'ERROR', send_resolved: false })],
          { rate_per_minute: 3, cooldown_ms: 20_000, reopen_ms: 30_000 },
        );
        for (const step of steps) await run(post, step);
        await post.restart();
        await post.pass(20 * MINUTE);
        checkLaws(post);
        const before = post.events.length;
        await post.restart();
        await post.pass(MINUTE);
        assert.equal(post.events.length, before, 'said something twice');
        await post.close();
      }),
      { numRuns: 60 },
    );
  });
});

function silence(matchers: object[], starts_at = T0) {
  return { matchers, starts_at, ends_at: starts_at + 10 * MINUTE, comment: '' };
}

const anyStep = fc.record({
  what: fc.constantFrom(
    ...(['raise', 'raise', 'resolve', 'reopen', 'ack', 'silence', 'pass', 'crash'] as const),
  ),
  n: fc.integer({ min: 0, max: 7 }),
  wait: fc.constantFrom(0, 10, 500, 3000, 15_000),
});

async function run(post: Post, { what, n, wait }: { what: string; n: number; wait: number }) {
  const id = n < 4 ? failed('j', n) : `ext${n}`;
  const alert = post.model.alerts.get(id);
  if (what === 'raise' && !alert)
    post.raise(id, n < 4 ? ofJob('j', { severity: n % 2 ? 'ERROR' : 'WARNING' }) : {});
  if (what === 'resolve' && alert && !alert.resolved) post.resolve(id);
  if (what === 'reopen' && alert?.resolved) post.reopen(id);
  if (what === 'ack' && alert)
    post.say({ type: 'alert.acknowledged', alert_id: id, until: post.now + 20_000 });
  if (what === 'silence')
    post.define('silence', 's', {
      ...silence([{ field: 'title', op: '~', value: `*${n}*` }], post.now),
      ends_at: post.now + 5000,
    });
  if (what === 'crash') post.keep = n % 4;
  await post.look();
  if (post.crashed) await post.restart();
  post.keep = Infinity;
  post.now += 1;
  await post.pass(wait);
}

function checkLaws(post: Post): void {
  const routed = post.of('alert.routed');
  const first = new Map(routed.map((one) => [one.of, one]));
  for (const alert of post.model.alerts.values())
    for (const mark of [alert.raised, ...alert.life])
      assert.ok(mark && first.has(mark.id), `${mark?.id} has no outcome`);
  const promised = new Map<string, { count: number; alerts: Set<string>; digest: boolean }>();
  for (const { alert_id, outcomes } of routed)
    for (const { notification_id: id, outcome, channel_id, reason } of outcomes) {
      assert.ok(
        outcome === 'queued' || outcome === 'quiet_hours' || reason,
        `${channel_id} no reason`,
      );
      if (id === undefined) continue;
      const held = promised.get(id) ?? {
        count: 0,
        alerts: new Set(),
        digest: outcome === 'digest',
      };
      held.count++;
      held.alerts.add(alert_id);
      promised.set(id, held);
    }
  assert.deepStrictEqual(post.gatherings, []);
  const made = post.notifications;
  assert.deepStrictEqual(
    made.map((one) => one.notification_id).sort(),
    [...promised.keys()].sort(),
  );
  for (const { notification_id, content } of made) {
    const { count = 0, alerts, digest } = promised.get(notification_id) ?? {};
    assert.equal(content.alerts.length + content.more_count, digest ? count : alerts?.size);
    assert.equal(
      content.more.reduce((sum, one) => sum + one.count, 0),
      content.more_count,
    );
  }
}
