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
    const bars = [...page().matchAll(/<rect class="([A-Z]+)" x="([\d.]+)".*? width="([\d.]+)"/g)];
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
    const heights = points.split(' ').map((point) => Number(point.split(',')[1]));
    assert.ok(
      Math.min(...heights) < 20 && Math.max(...heights) > 100,
      'from the top to the bottom',
    );
  });

  it('leaves out the time in which nothing was measured', () => {
    const [sample] = job.resource_usage;
    assert.ok(sample);
    const at = (second: number) => ({
      ...{ ...sample, phase_id: null, memory_mb: 1, cpu_percent: 50 },
      time: new Date(T0 + second * 1000).toISOString(),
    });
    const seconds = [0, 1, 2, 3, 20, 21, 22, 40];
    const html = page({ resource_usage: seconds.map(at) });
    const [cpu = ''] = html.split('<h3>Memory');
    const lines = [...cpu.matchAll(/points="([^"]+)"/g)].map(([, points = '']) =>
      points.split(' '),
    );
    assert.deepEqual(
      lines.map((line) => line.length),
      [4, 3, 2],
      'the last one, alone, is a point',
    );
    const ends = lines.map((line) => Number(line.at(-1)?.split(',')[0]));
    assert.ok((ends[0] ?? 0) < 100 && (ends[1] ?? 0) > 500, ends.join());
  });

  it('shows behind each line which phase ran', () => {
    const bands = [...page().matchAll(/<rect class="band\d" x="([\d.]+)".*? width="([\d.]+)"/g)];
    assert.equal(bands.length, 6, 'three phases behind two lines');
    const [begin, end] = bands.slice(1, 3).map(([, x, width]) => [Number(x), Number(width)]);
    // P1 from the 1st to the 4th of 8 seconds, P2 from then on.
    assert.deepEqual(
      [begin, end],
      [
        [125, 375],
        [500, 500],
      ],
    );
    assert.match(page(), /<title>P1<\/title>/);
    assert.match(page(), /<text x="128\.0" y="10">P1<\/text>/);
    const many = Array.from({ length: 101 }, () => job.phases[0]).flatMap((phase) => phase ?? []);
    assert.doesNotMatch(page({ phases: many }), /<rect class="band/);
  });

  it('says times as people do, in UTC, which it names', () => {
    const html = jobPage(job, '2026-03-04T11:30:00.000Z');
    assert.match(html, /<th scope="row">Started \(UTC\)<\/th><td><bdi>2026-03-04 10:00:00<\/bdi>/);
    assert.match(html, /<th scope="col">Time \(UTC\)<\/th>/);
    assert.match(html, /at 2026-03-04 11:30:00 UTC/);
    assert.doesNotMatch(html, /\dT\d\d:/);
    assert.match(html, /^<!doctype html>\n<html lang="en">/);
  });

  it('shows hostile names as text, and reaches for nothing', () => {
    assert.doesNotMatch(page(), /<b>|<x|<script|https?:|@import|url\(/);
    assert.match(page(), /&quot;&gt;&lt;x onload=1&gt;/);
    const name = 'a\u0000b\u202e\ud800';
    assert.match(page({ name }), /<h1><bdi>a\ufffdb\u202e\ufffd: running<\/bdi><\/h1>/);
  });

  it('is whole without phases and without samples', () => {
    const bare = page({ phases: [], resource_usage: [] });
    assert.doesNotMatch(bare, /<svg|NaN|undefined/);
    assert.match(bare, /This job has no phases/);
  });
});
