import assert from 'node:assert/strict';
import type { Finding } from '../../../../service/protocol/finding.ts';
import { foundAt } from '../../../support/finding.ts';
import { call, getJson, useSharedService } from '../../../support/service.ts';

interface Page {
  findings: Finding[];
  total: number;
}

describe('GET /api/v1/findings', () => {
  const shared = useSharedService({ sampling: { host_interval_ms: 0 } });
  const asked = async (query: string): Promise<string[]> => {
    const { findings } = await getJson<Page>(shared(), `/api/v1/findings?${query}`);
    return findings.map(({ finding_id }) => finding_id);
  };

  before(() => {
    const { findings } = shared().service.monitor.analyst;
    const now = Date.now();
    const put = (finding_id: string, changes: Partial<Finding>) =>
      findings.set(foundAt(now, { finding_id, job_id: null, ...changes }));
    for (let i = 0; i < 60; i++) put(`better ${i}`, { kind: 'change', measure: -10 });
    put('slower', { kind: 'change', measure: 10 });
    const anomaly = { kind: 'anomaly', class: 'spike' } as const;
    put('host', { ...anomaly, labels: { source: 'host' } });
    put('worker', { ...anomaly, labels: { source: 'worker', worker_id: 'w-1' } });
    put('wait', { ...anomaly, metric: 'queue_pending', labels: { queue: 'gpu' } });
    put('limit', { kind: 'prediction', metric: 'disk_percent', labels: { source: 'host' } });
    findings.end('worker', new Date(now).toISOString(), 'It is over.');
  });

  it('has what is urgent first, whatever was found before it, without what became better', async () => {
    assert.deepEqual(await asked('urgent=true&limit=3'), ['limit', 'host', 'wait']);
    const { total } = await getJson<Page>(shared(), '/api/v1/findings?urgent=true&limit=3');
    assert.equal(total, 4);
    assert.deepEqual(await asked('urgent=true&open=false'), []);
  });

  it('has those of a place: by metric and by labels', async () => {
    const of = (query: string) => asked(`kind=anomaly,prediction&${query}`);
    assert.deepEqual(await of('label.source=host'), ['host', 'limit']);
    assert.deepEqual(await of('label.source=worker&label.worker_id=w-1'), ['worker']);
    assert.deepEqual(await of('metric=queue_pending,disk_percent'), ['wait', 'limit']);
    assert.deepEqual(await of('metric=cpu_percent&label.source=nobody'), []);
  });

  it('refuses what nobody reads, with what is meant', async () => {
    const refused = async (query: string): Promise<string> => {
      const answer = await call(shared(), `/api/v1/findings?${query}`);
      assert.equal(answer.status, 400);
      return ((await answer.json()) as { detail: string }).detail;
    };
    assert.match(await refused('sort=urgent'), /no query parameter "sort".*urgent.*label\.<name>/);
    assert.match(await refused('metric=a,,b'), /"metric".*commas/);
    assert.match(await refused('urgent=perhaps'), /urgent/);
  });
});
