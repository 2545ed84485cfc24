import assert from 'node:assert/strict';
import { foundAt } from '../../support/finding.ts';
import { eventually, getJson, send, useSharedService } from '../../support/service.ts';
import type { HealthScore } from '../../../service/protocol/targets.ts';

const target = { metric: 'open_findings', direction: 'at_most', target: 0, critical: 4 } as const;

describe('a target on what the analysis found', () => {
  const shared = useSharedService({
    targets: [
      { target_id: 'found', title: 'Findings', ...target },
      { target_id: 'slower', title: 'Changes', ...target, labels: { kind: 'change' } },
    ],
  });

  it('counts what is so now in the health score, and nothing that got better', async () => {
    const { findings } = shared().service.monitor.analyst;
    const now = Date.now();
    findings.set(foundAt(now));
    findings.set(foundAt(now, { finding_id: 'a', kind: 'change', class: 'slower', measure: 48 }));
    findings.set(foundAt(now, { finding_id: 'b', kind: 'change', class: 'faster', measure: -30 }));
    const { parts } = await getJson<HealthScore>(shared(), '/api/v1/health-score');
    const values = parts.map(({ target_id, value }) => [target_id, value]);
    const ours = values.filter(([id]) => id === 'found' || id === 'slower');
    assert.deepEqual(ours, [
      ['found', 2],
      ['slower', 1],
    ]);
  });

  it('is there by default: what is open now costs points, and says so', async () => {
    const { findings } = shared().service.monitor.analyst;
    const now = Date.now();
    const part = async (id: string) => {
      const { parts } = await getJson<HealthScore>(shared(), '/api/v1/health-score');
      return parts.find(({ target_id }) => target_id === id);
    };
    // Where nothing was heard, nothing can be found: then there is no value.
    await send(shared(), [{ type: 'metric.recorded', name: 'rows', value: 1 }]);
    await eventually(async () => (await part('predicted_limits'))?.value ?? null, 'A value');
    const before = await part('predicted_limits');
    assert.deepEqual([before?.value, before?.weight, before?.status], [0, 1, 'OK']);
    assert.equal(before?.points, before?.points_possible);
    findings.set(foundAt(now, { finding_id: 'p', kind: 'prediction', class: 'limit' }));
    const after = await part('predicted_limits');
    assert.equal(after?.value, 1);
    assert.ok(Math.abs((after?.points ?? 0) - 0.75 * (after?.points_possible ?? 0)) < 1e-3);
    assert.match(after?.sentence ?? '', /^Limits that will be reached is 1 open, between/);
    findings.end('p', new Date(now).toISOString(), 'It is over.');
    assert.equal((await part('predicted_limits'))?.value, 0);
  });
});
