import assert from 'node:assert/strict';
import { parseRule, preview } from '../../../service/alerts/ruleBook.ts';
import { recordPhase } from '../../../service/core/history.ts';
import { Model } from '../../../service/core/fold.ts';
import { SeriesStore } from '../../../service/series/store.ts';
import { Court } from '../../support/court.ts';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const HOUR = 3_600_000;
const MINUTE = 60_000;

function parts() {
  const model = new Model();
  const series = new SeriesStore({
    ...{ max_series: 1000, max_per_metric: 1000, system_hours: 48, series_days: 30 },
    clock: () => NOW,
  });
  return { model, series, now: NOW };
}

function ran(model: Model, ago: number, fields: { ms: number; status?: 'COMPLETED' | 'FAILED' }) {
  const ended_at = NOW - ago;
  const { ms, status = 'COMPLETED' } = fields;
  const about = { cpu_percent: null, memory_mb: null, items_done: null };
  const execution = { ...about, job_id: `j${ago}`, attempt: 1, status, started_at: ended_at - ms };
  recordPhase(
    model.domain,
    {
      ...{ pipeline: 'p', phase_id: 'P1', name: 'P1' },
      execution: { ...execution, ended_at, error_count: 0, warning_count: 0 },
    },
    100,
  );
}

describe('a preview', () => {
  it('counts failed and slow runs of the history, with what was usual by then', async () => {
    const { model, ...others } = parts();
    for (let i = 8; i > 2; i--) ran(model, i * HOUR, { ms: 10 * MINUTE });
    ran(model, 2 * HOUR, { ms: 40 * MINUTE });
    ran(model, HOUR, { ms: MINUTE, status: 'FAILED' });
    const failed = parseRule({ rule_id: 'f', kind: 'phase_failed', name: 'f' });
    const one = await preview(failed, 24, { model, ...others });
    assert.deepEqual(
      [one.count, one.sentence, one.occasions[0]?.job_id],
      [1, 'Would have fired once in the last 24 h.', `j${HOUR}`],
    );
    const params = { times_usual: 3, least_ms: 0 };
    const slow = parseRule({ rule_id: 's', kind: 'slow_phase', name: 's', params });
    const other = await preview(slow, 24, { model, ...others });
    assert.deepEqual(
      other.occasions.map(({ job_id, value }) => [job_id, value]),
      [[`j${2 * HOUR}`, 40 * MINUTE]],
    );
    assert.equal((await preview(slow, 1, { model, ...others })).count, 0);
  });

  it('counts the stretches in which a series was over its bound, and says how it looked', async () => {
    const { model, series, now } = parts();
    for (let at = NOW - 24 * HOUR; at <= NOW; at += MINUTE) {
      const hour = Math.floor((NOW - at) / HOUR);
      const value = hour === 5 || hour === 10 ? 95 : 50;
      const labels = { source: 'host' };
      series.append({ metric: 'cpu_percent', labels, time: at, value, kind: 'gauge' });
    }
    const params = {
      ...{ metric: 'cpu_percent', aggregation: 'avg', range_ms: 5 * MINUTE },
      ...{ direction: 'above', value: 90 },
    };
    const rule = { rule_id: 't', kind: 'threshold', name: 't', params };
    const found = await preview(parseRule(rule), 24, { model, series, now });
    assert.equal(found.sentence, 'Would have fired 2 times in the last 24 h.');
    assert.equal(found.limits, 'Looked every 5m 00s: what was shorter may be missed.');
    assert.ok(found.occasions.every(({ until }) => until !== null));
    const long = await preview(parseRule({ ...rule, for_ms: 2 * HOUR }), 24, {
      model,
      series,
      now,
    });
    assert.equal(long.count, 0);
  });

  it('counts the times at which a run was due', async () => {
    const all = parts();
    const rule = parseRule({
      ...{ rule_id: 'm', kind: 'missed_schedule', name: 'm', scope: { pipeline: 'p' } },
      params: { schedule: '0 */6 * * *', timezone: 'UTC', grace_ms: MINUTE },
    });
    assert.equal((await preview(rule, 24, all)).count, 3);
  });

  it('says what it cannot look at, and can be ended', async () => {
    const all = parts();
    const rule = parseRule({ rule_id: 'w', kind: 'worker_offline', name: 'w' });
    const { limits } = await preview(rule, 24, all);
    assert.match(limits ?? '', /^Nothing else is kept .*: the alerts that the rule/);
    const signal = AbortSignal.abort(new Error('ended'));
    await assert.rejects(preview(rule, 24, { ...all, signal }), /ended/);
  });
});

describe('a preview of what is known only now', () => {
  it('counts what the rule itself has raised', async () => {
    const court = new Court({ worker_offline_ms: 60_000 });
    court.hear({ type: 'worker.heartbeat', worker_id: 'w1' });
    await court.pass(65_000);
    court.hear({ type: 'worker.heartbeat', worker_id: 'w1' });
    const { model, series, now } = court;
    const rule = court.rules.rule('worker_offline');
    assert.ok(rule);
    const { count, occasions } = await preview(rule, 1, { model, series, now });
    assert.deepEqual(
      [count, occasions[0]?.subject, occasions[0]?.until === null],
      [1, 'w1', false],
    );
  });
});
