import assert from 'node:assert/strict';
import { jobPage } from '../../../service/core/html.ts';
import type { JobContents } from '../../../service/protocol/record.ts';
import { call, send, useSharedService } from '../../support/service.ts';

const T0 = Date.parse('2026-03-04T10:00:00Z');

describe('a job as a page for paper and for later', () => {
  const shared = useSharedService();
  let job: JobContents;
  before(async () => {
    const of = { job_id: 'report-1' };
    await send(shared(), [
      { ...of, type: 'job.started', name: '<b>Nightly</b>', time: T0 },
      { ...of, type: 'phase.started', phase_id: 'P0', name: '"><x onload=1>', time: T0 },
      { ...of, type: 'phase.completed', phase_id: 'P0', time: T0 + 1000 },
      { ...of, type: 'phase.started', phase_id: 'P1', time: T0 + 1000 },
      { ...of, type: 'phase.failed', phase_id: 'P1', time: T0 + 4000, error: { message: 'no' } },
      { ...of, type: 'phase.started', phase_id: 'P2', time: T0 + 4000 },
      ...[10, 90, 20].map((cpu_percent, n) => ({
        ...{ ...of, type: 'resource.sampled', cpu_percent, memory_mb: 512 },
        time: T0 + n * 1000,
      })),
    ]);
    const snapshot = await call(shared(), '/api/v1/monitoring/export/report-1?format=json');
    job = (await snapshot.json()) as JobContents;
  });

  const last_seen_at = new Date(T0 + 8000).toISOString();
  const page = (change: Partial<JobContents> = {}) =>
    jobPage({ ...job, last_seen_at, ...change }, 'now');

  it('draws each phase that started in its state, to the scale of time', () => {
    const bars = [...page().matchAll(/<rect class="(\w+)" x="([\d.]+)".*? width="([\d.]+)"/g)];
    assert.deepEqual(
      bars.map(([, status]) => status),
      ['COMPLETED', 'FAILED', 'RUNNING'],
    );
    const widths = bars.map(([, , , width]) => Number(width));
    assert.ok(Math.abs((widths[1] ?? 0) / (widths[0] ?? 1) - 3) < 0.05, widths.join());
  });

  it('draws CPU and memory with their average and highest value', () => {
    assert.match(page(), /<h3>CPU: average 40 %, highest 90 %<\/h3>/);
    assert.match(page(), /<h3>Memory: average 512 MB, highest 512 MB<\/h3>/);
    assert.equal(page().match(/<polyline/g)?.length, 2);
  });

  it('keeps the peak of a line of many samples, in few points', () => {
    const [sample] = job.resource_usage;
    assert.ok(sample);
    const resource_usage = Array.from({ length: 20_000 }, (_, n) => ({
      ...{ ...sample, phase_id: null, memory_mb: 1 },
      ...{ time: new Date(T0 + n * 1000).toISOString(), cpu_percent: n === 7777 ? 100 : 1 },
    }));
    const [, points = ''] = /points="([^"]+)"/.exec(page({ resource_usage })) ?? [];
    assert.ok(points.split(' ').length <= 400);
    assert.ok(points.split(' ').some((point) => Number(point.split(',')[1]) < 3));
  });

  it('shows hostile names as text, and reaches for nothing', () => {
    assert.doesNotMatch(page(), /<b>|<x|<script|https?:|@import|url\(/);
    assert.match(page(), /&quot;&gt;&lt;x onload=1&gt;/);
  });

  it('is whole without phases and without samples', () => {
    const bare = page({ phases: [], resource_usage: [] });
    assert.doesNotMatch(bare, /<svg|NaN|undefined/);
    assert.match(bare, /This job has no phases/);
  });
});
