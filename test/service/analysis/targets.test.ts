import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  DEFAULT_TARGETS,
  type Target,
  scoreOf,
  targetRecord,
  targetsOf,
} from '../../../service/analysis/targets.ts';
import { root } from '../../support/paths.ts';
import { ProductError } from '../../../service/protocol/errors.ts';
import type { TargetSetting } from '../../../service/protocol/targets.ts';

const byId = (id: string): Target => {
  const target = DEFAULT_TARGETS.find(({ target_id }) => target_id === id);
  assert.ok(target, id);
  return target;
};

describe('targets', () => {
  it('are by default those of the reference document, and what the analysis sees', () => {
    const table = DEFAULT_TARGETS.map((one) => [
      one.target_id,
      one.direction,
      one.target,
      one.critical,
      one.unit,
    ]);
    assert.deepEqual(table, [
      ['document_processing_rate', 'at_least', 20, 10, 'docs/hour'],
      ['rust_memory', 'at_most', 60, 70, 'GB'],
      ['python_memory', 'at_most', 45, 55, 'GB'],
      ['shared_memory', 'at_most', 15, 20, 'GB'],
      ['ipc_latency_p99', 'at_most', 10, 50, 'ms'],
      ['cpu_utilization', 'at_most', 85, 95, 'percent'],
      ['error_rate', 'at_most', 1, 5, 'percent'],
      ['open_bottlenecks', 'at_most', 0, 4, 'open'],
      ['predicted_limits', 'at_most', 0, 4, 'open'],
      ['system_health_score', 'at_least', 80, 60, 'of 100'],
    ]);
  });

  it('stand in the docs as they are', () => {
    const docs = readFileSync(join(root, 'docs', 'targets.md'), 'utf8');
    const cells = [...docs.matchAll(/^\| `(\w+)` .*\|$/gm)].map(([row]) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    assert.deepEqual(
      cells,
      DEFAULT_TARGETS.map((one) => [
        `\`${one.target_id}\``,
        `\`${one.metric}\``,
        `\`${one.read}\`, last ${one.window_ms / 60_000} minutes`,
        `${one.direction} ${one.target} ${one.unit}`,
        String(one.critical),
      ]),
    );
  });

  it('judge a value by both limits, in both directions', () => {
    const seen = (id: string, values: number[]) =>
      values.map((value) => {
        const { status, score } = targetRecord(byId(id), value);
        return [value, status, score];
      });
    assert.deepEqual(seen('cpu_utilization', [0, 85, 90, 95, 95.1, 100]), [
      [0, 'OK', 1],
      [85, 'OK', 1],
      [90, 'WARNING', 0.5],
      [95, 'WARNING', 0],
      [95.1, 'CRITICAL', 0],
      [100, 'CRITICAL', 0],
    ]);
    assert.deepEqual(seen('document_processing_rate', [35, 20, 15, 10, 9, 0]), [
      [35, 'OK', 1],
      [20, 'OK', 1],
      [15, 'WARNING', 0.5],
      [10, 'WARNING', 0],
      [9, 'CRITICAL', 0],
      [0, 'CRITICAL', 0],
    ]);
  });

  it('do not know what is missing or no number', () => {
    for (const value of [null, Number.NaN, Infinity, -Infinity]) {
      const record = targetRecord(byId('error_rate'), value);
      assert.deepEqual([record.value, record.status, record.score], [null, 'UNKNOWN', null]);
    }
  });

  const limit = fc.double({ min: -1e15, max: 1e15, noNaN: true });
  const limits = fc
    .tuple(fc.constantFrom('at_least' as const, 'at_most' as const), limit, limit)
    .map(([direction, a, b]) => {
      const [low, high] = a <= b ? [a, b] : [b, a];
      return direction === 'at_least'
        ? { direction, target: high, critical: low }
        : { direction, target: low, critical: high };
    });
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    limit,
    fc.double({ min: -1, max: 1, noNaN: true }),
  );

  it('score every value from 0 to 1, never NaN', () => {
    fc.assert(
      fc.property(limits, value, (held, one) => {
        const score = scoreOf(held, one);
        assert.ok(score >= 0 && score <= 1, String(score));
      }),
    );
  });

  it('never score a better value lower', () => {
    fc.assert(
      fc.property(limits, value, value, (held, a, b) => {
        const [worse, better] = (held.direction === 'at_least') === a <= b ? [a, b] : [b, a];
        assert.ok(scoreOf(held, worse) <= scoreOf(held, better));
      }),
    );
  });

  it('are critical, a warning or met just as the score says', () => {
    fc.assert(
      fc.property(limits, value, (held, one) => {
        const { status, score } = targetRecord({ ...byId('error_rate'), ...held }, one);
        assert.ok(score !== null);
        if (status === 'OK') assert.equal(score, 1);
        if (status === 'CRITICAL') assert.equal(score, 0);
        if (score > 0 && score < 1) assert.equal(status, 'WARNING');
      }),
    );
  });

  describe('of the configuration', () => {
    const complaint = (...settings: TargetSetting[]) => {
      try {
        targetsOf(settings);
      } catch (error) {
        assert.ok(error instanceof ProductError && error.code === 'CONFIG_INVALID', String(error));
        return error.message;
      }
      throw new Error('It was taken.');
    };

    it('change only what they name', () => {
      const targets = targetsOf([{ target_id: 'error_rate', target: 2, weight: 3 }]);
      assert.deepEqual(
        targets,
        DEFAULT_TARGETS.map((one) =>
          one.target_id === 'error_rate' ? { ...one, target: 2, weight: 3 } : one,
        ),
      );
    });

    it('are added behind the others', () => {
      const added = {
        target_id: 'queue',
        metric: 'queue_pending',
        direction: 'at_most' as const,
        target: 50,
        critical: 100,
      };
      const targets = targetsOf([added]);
      assert.equal(targets.length, DEFAULT_TARGETS.length + 1);
      assert.deepEqual(targets.at(-1), {
        ...added,
        labels: {},
        unit: '',
        title: 'queue',
        weight: 1,
        read: 'latest',
        window_ms: 300_000,
      });
    });

    it('are refused with the name of the target and the fix', () => {
      assert.equal(
        complaint({ target_id: 'new', metric: 'x' }),
        'The target "new" is new: give it "metric", "direction", "target" and "critical".',
      );
      assert.equal(
        complaint({ target_id: 'error_rate', target: 9 }),
        'The target "error_rate" must be "at_most": give it a "critical" at or above its "target".',
      );
      assert.match(
        complaint({ target_id: 'document_processing_rate', critical: 21 }),
        /at or below/,
      );
      assert.match(complaint({ target_id: 'error_rate' }, { target_id: 'error_rate' }), /twice/);
    });
  });
});
