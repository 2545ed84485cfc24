import assert from 'node:assert/strict';
import fc from 'fast-check';
import { withHealth } from '../../../service/analysis/health.ts';
import { DEFAULT_TARGETS, type Target } from '../../../service/analysis/targets.ts';

const TIME = '2026-03-01T10:00:00.000Z';
const healthOf = (values: Record<string, number | null>, targets = DEFAULT_TARGETS) =>
  withHealth(targets, new Map(Object.entries(values)), TIME);

describe('the health score', () => {
  it('is not known when nothing is, and says what to do', () => {
    const { health, targets } = healthOf({});
    assert.deepEqual([health.score, health.status], [null, 'UNKNOWN']);
    assert.match(health.sentence, /not known.*Send metrics/);
    assert.ok(
      health.parts.every(
        ({ points, points_possible }) => points === null && points_possible === null,
      ),
    );
    assert.equal(targets.find((one) => one.target_id === 'system_health_score')?.status, 'UNKNOWN');
  });

  it('is the weighted mean of the known scores, and its parts add up to it', () => {
    const targets = DEFAULT_TARGETS.map((one) =>
      one.target_id === 'error_rate' ? { ...one, weight: 2 } : one,
    );
    // 1 of weight 1, 0.5 of weight 1, 0.25 of weight 2.
    const { health } = healthOf({ rust_memory: 12, cpu_utilization: 90, error_rate: 4 }, targets);
    assert.equal(health.score, 50);
    assert.equal(health.status, 'CRITICAL');
    const points = Object.fromEntries(
      health.parts.map((part) => [part.target_id, [part.points, part.points_possible]]),
    );
    assert.deepEqual(points, {
      document_processing_rate: [null, null],
      rust_memory: [25, 25],
      python_memory: [null, null],
      shared_memory: [null, null],
      ipc_latency_p99: [null, null],
      cpu_utilization: [12.5, 25],
      error_rate: [12.5, 50],
      open_bottlenecks: [null, null],
      predicted_limits: [null, null],
    });
    assert.equal(
      health.sentence,
      'The health score is 50 of 100. Points are lost by Error rate (37.5), CPU utilization (12.5); 3 of 9 targets have a value.',
    );
    const sentences = health.parts.map(({ sentence }) => sentence);
    assert.ok(
      sentences.includes(
        'CPU utilization is 90 %, between its target of at most 85 and the critical 95: 12.5 of 25 points.',
      ),
    );
    assert.ok(
      sentences.includes('Rust memory is 12 GB, within its target of at most 60: 25 of 25 points.'),
    );
    assert.ok(
      sentences.includes(
        'Python memory is not known: there is no value of "python_memory_gb" in the last 5 minutes. It is not counted.',
      ),
    );
  });

  it('stands among the targets with its own limits, and is not counted in itself', () => {
    const { targets, health } = healthOf({ error_rate: 2 });
    const own = targets.find((one) => one.target_id === 'system_health_score');
    assert.deepEqual([own?.value, own?.status, own?.score], [75, 'WARNING', 0.75]);
    assert.ok(health.parts.every((part) => part.target_id !== 'system_health_score'));
  });

  const many = fc.array(
    fc.record({
      value: fc.option(fc.double(), { nil: null }),
      weight: fc.double({ min: 0, max: 1000, noNaN: true }),
      at: fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      width: fc.double({ min: 0, max: 1e9, noNaN: true }),
    }),
    { maxLength: 12 },
  );
  const build = (rows: { value: number | null; weight: number; at: number; width: number }[]) => {
    const [like] = DEFAULT_TARGETS;
    assert.ok(like);
    const targets: Target[] = rows.map(({ weight, at, width }, i) => ({
      ...like,
      ...{ target_id: `t${i}`, direction: 'at_most', target: at, critical: at + width, weight },
    }));
    return healthOf(Object.fromEntries(rows.map(({ value }, i) => [`t${i}`, value])), targets)
      .health;
  };

  it('is from 0 to 100 and never NaN, whatever the values', () => {
    fc.assert(
      fc.property(many, (rows) => {
        const { score, parts } = build(rows);
        const known = rows.some(
          ({ value, weight }) => Number.isFinite(value) && value !== null && weight > 0,
        );
        assert.equal(score === null, !known);
        if (score === null) return;
        assert.ok(score >= 0 && score <= 100, String(score));
        const sum = parts.reduce((total, { points }) => total + (points ?? 0), 0);
        assert.ok(Math.abs(sum - score) < 1e-4, `${sum} ${score}`);
      }),
    );
  });

  it('never falls when one value gets better', () => {
    fc.assert(
      fc.property(
        many,
        fc.nat(),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (rows, pick, better) => {
          const row = rows[pick % Math.max(1, rows.length)];
          if (!row || row.value === null || !Number.isFinite(row.value)) return;
          const before = build(rows).score;
          const value = row.value - better;
          if (!Number.isFinite(value)) return;
          const after = build(rows.map((one) => (one === row ? { ...one, value } : one))).score;
          if (before === null || after === null) return;
          assert.ok(after >= before - 1e-5, `${before} ${after}`);
        },
      ),
    );
  });
});
