import assert from 'node:assert/strict';
import type { ComparisonPage } from '../../../../service/protocol/compare.ts';
import type { JobStatistics } from '../../../../service/protocol/jobStatistics.ts';
import type { AlertRecord, JobRecord } from '../../../../service/protocol/record.ts';
import { type Page, allPages, read, refusal } from '../../../support/rest.ts';
import { send, useSharedService } from '../../../support/service.ts';

const T0 = Date.parse('2026-03-01T10:00:00Z');
const HOUR = 3_600_000;

/** A run of `load`, `train` (of some seconds) and `report`; what fails has no report. */
function night(n: number, trainSeconds: number, { fails = false, more = [] as object[] } = {}) {
  const job_id = `night-${n}`;
  const at = (seconds: number) => ({ job_id, time: T0 + n * HOUR + seconds * 1000 });
  const end = 10 + trainSeconds;
  return [
    {
      ...{ type: 'job.started', ...at(0), name: `Night ${n}`, pipeline: 'nightly', kind: 'batch' },
      labels: { branch: n === 5 ? 'dev' : 'main', commit: `c${n}` },
    },
    { type: 'phase.started', phase_id: 'load', ...at(0) },
    { type: 'phase.completed', phase_id: 'load', items_done: 100, ...at(10) },
    { type: 'resource.sampled', cpu_percent: 10 * n, memory_mb: 100 * n, ...at(5) },
    { type: 'phase.started', phase_id: 'train', depends_on: ['load'], ...at(10) },
    ...more.map((event) => ({ ...at(11), ...event })),
    fails
      ? { type: 'phase.failed', phase_id: 'train', error: { message: 'no' }, ...at(end) }
      : { type: 'phase.completed', phase_id: 'train', ...at(end) },
    ...(fails ? [] : [{ type: 'phase.started', phase_id: 'report', ...at(end) }]),
    ...(fails ? [] : [{ type: 'phase.completed', phase_id: 'report', ...at(end + 1) }]),
    { type: fails ? 'job.failed' : 'job.completed', ...at(end + 2) },
  ];
}

const WITH = '/api/v1/jobs/:job_id/compare/:other';
const ids = ({ jobs }: { jobs: JobRecord[] }) => jobs.map(({ job_id }) => job_id);

describe('the routes of past runs', () => {
  const shared = useSharedService();
  const compare = (path: string) => read<ComparisonPage>(shared(), `/api/v1/jobs/${path}`, WITH);
  const jobs = (query: string) =>
    read<{ jobs: JobRecord[] } & Page>(shared(), `/api/v1/jobs?${query}`, '/api/v1/jobs');

  before(async () => {
    const log = { type: 'log.recorded', level: 'error', message: 'bad row', phase_id: 'train' };
    const events = [
      ...[night(1, 20), night(2, 30), night(3, 40), night(4, 10, { fails: true })],
      night(5, 90, { more: [log] }),
    ].flat();
    await send(shared(), [
      ...events,
      { type: 'job.started', job_id: 'lonely', pipeline: 'once', time: T0 + 9 * HOUR },
    ]);
  });

  it('compares two runs: phases, totals, parameters, and where they first went apart', async () => {
    const answer = await compare('night-5/compare/night-1');
    const train = answer.phases.find(({ phase_id }) => phase_id === 'train');
    assert.deepEqual(train?.time_ms, { job: 90_000, other: 20_000, delta: 70_000, ratio: 4.5 });
    assert.deepEqual(train?.error_count.delta, 1);
    assert.deepEqual(answer.totals.time_ms.delta, 70_000);
    assert.deepEqual(answer.totals.memory_mb, { job: 500, other: 100, delta: 400, ratio: 5 });
    assert.equal(answer.first_divergence?.phase_id, 'train');
    assert.deepEqual(
      answer.parameters.map(({ name, job, other }) => [name, job, other]),
      [
        ['label.branch', 'dev', 'main'],
        ['label.commit', 'c5', 'c1'],
        ['name', 'Night 5', 'Night 1'],
      ],
    );
    assert.equal(answer.other.kind === 'job' && answer.other.job.job_id, 'night-1');
  });

  it('compares with the median of the completed runs before: failed ones, later ones and itself are none', async () => {
    const answer = await compare('night-5/compare/median');
    assert.ok(answer.other.kind === 'median');
    const runs = (one: ComparisonPage) =>
      one.other.kind === 'median' ? one.other.runs.map(({ job_id }) => job_id) : [];
    assert.deepEqual(runs(answer), ['night-3', 'night-2', 'night-1']);
    assert.equal(answer.totals.time_ms.other, 42_000);
    assert.deepEqual(
      answer.parameters.map(({ name }) => name),
      ['label.branch'],
    );
    assert.equal(answer.artifacts, null);
    assert.deepEqual(runs(await compare('night-5/compare/median?last=1')), ['night-3']);
    assert.deepEqual(runs(await compare('night-2/compare/median')), ['night-1']);
  });

  it('names what a failed run lacks', async () => {
    const { removed, added, first_divergence } = await compare('night-4/compare/night-1');
    assert.deepEqual([removed, added], [['report'], []]);
    assert.deepEqual(first_divergence?.differs, ['status', 'time', 'errors']);
  });

  it('filters phases before the limit', async () => {
    const page = await compare('night-5/compare/night-1?different=true&limit=1');
    assert.deepEqual([page.total, page.truncated], [page.different_total, true]);
    const rest = await compare(
      `night-5/compare/night-1?different=true&limit=1&cursor=${page.next_cursor}`,
    );
    assert.deepEqual(
      [...page.phases, ...rest.phases].map(({ phase_id }) => phase_id),
      ['load', 'train'],
    );
  });

  it('refuses by name what is not there', async () => {
    const from = shared();
    const code = async (path: string) => {
      const problem = await refusal(from, `/api/v1/jobs/${path}`);
      return [problem.status, problem.code, problem.detail];
    };
    const unknown = (id: string) => `There is no job "${id}". GET /api/v1/jobs lists them.`;
    assert.deepEqual(await code('gone/compare/night-1'), [404, 'JOB_UNKNOWN', unknown('gone')]);
    assert.deepEqual(await code('night-1/compare/lost'), [404, 'JOB_UNKNOWN', unknown('lost')]);
    assert.deepEqual((await code('night-1/compare/night-1')).slice(0, 2), [
      422,
      'COMPARE_SAME_JOB',
    ]);
    assert.deepEqual(await code('lonely/compare/median'), [
      ...[404, 'COMPARE_NO_RUNS'],
      'No completed run of "once" started before job "lonely". Compare it with another job by its id.',
    ]);
    assert.equal(
      (await refusal(from, '/api/v1/jobs/night-2/compare/night-1?last=3')).field,
      '/last',
    );
  });

  it('picks jobs by label, duration and order', async () => {
    assert.deepEqual(ids(await jobs('label.branch=dev')), ['night-5']);
    assert.deepEqual(ids(await jobs('label.branch=main&label.commit=c2')), ['night-2']);
    assert.deepEqual((await jobs('has_label=branch,commit')).total, 5);
    assert.deepEqual(ids(await jobs('has_label=branch&order=longest&limit=2')), [
      ...['night-5', 'night-3'],
    ]);
    const between = await jobs('min_duration_ms=32000&max_duration_ms=42000&order=oldest');
    assert.deepEqual(ids(between), ['night-1', 'night-2']);
    assert.deepEqual(ids(await jobs('order=errors&limit=1')), ['night-5']);
    const all = ids(await jobs('order=newest'));
    assert.deepEqual(all, ['lonely', 'night-5', 'night-4', 'night-3', 'night-2', 'night-1']);
  });

  it('refuses filters that nobody reads', async () => {
    const field = async (query: string) => (await refusal(shared(), `/api/v1/jobs?${query}`)).field;
    assert.equal(await field('lable.branch=main'), '/lable.branch');
    assert.equal(await field('label.=main'), '/label.');
    assert.equal(await field('label.a=1&label.a=2'), '/label.a');
    assert.equal(await field('has_label='), '/has_label');
    assert.equal(await field('order=fastest'), '/order');
    assert.equal(await field('min_duration_ms=2&max_duration_ms=1'), '/min_duration_ms');
    const { field: of } = await refusal(shared(), '/api/v1/statistics/jobs?limit=3');
    assert.equal(of, '/limit');
  });

  it('counts the jobs that the same filters let through', async () => {
    const path = '/api/v1/statistics/jobs';
    const of = (query: string) => read<JobStatistics>(shared(), `${path}?${query}`, path);
    const all = await of('pipeline=nightly');
    assert.deepEqual(
      [all.executions_total, all.success_rate_percent, all.p50_duration_ms],
      [5, 80, 42_000],
    );
    assert.deepEqual(
      all.runs.map(({ job_id }) => job_id),
      ['night-1', 'night-2', 'night-3', 'night-4', 'night-5'],
    );
    assert.equal((await of('label.branch=dev')).executions_total, 1);
    const choices = await read<{ labels: { name: string }[] }>(shared(), `${path}/choices`);
    assert.deepEqual(
      choices.labels.map(({ name }) => name),
      ['branch', 'commit'],
    );
  });

  it('finds past alerts by text, time and severity, the newest first', async () => {
    const raised = (n: number, severity: string, title: string) => ({
      ...{ type: 'alert.raised', id: `al-${n}`, title, severity, component: 'job' },
      time: T0 + n * 1000,
    });
    await send(shared(), [
      raised(1, 'INFO', 'Disk is filling'),
      raised(2, 'CRITICAL', 'Disk is full'),
      raised(3, 'WARNING', 'Queue is long'),
    ]);
    const alerts = async (query: string) => {
      const path = `/api/v1/alerts?${query}`;
      const page = await read<{ alerts: AlertRecord[] }>(shared(), path, '/api/v1/alerts');
      return page.alerts.map(({ alert_id }) => alert_id).filter((id) => id.startsWith('al-'));
    };
    assert.deepEqual(await alerts('order=newest'), ['al-3', 'al-2', 'al-1']);
    assert.deepEqual(await alerts('text=DISK'), ['al-2', 'al-1']);
    assert.deepEqual(await alerts(`from=${T0 + 2000}&to=${T0 + 3000}`), ['al-2', 'al-3']);
    assert.deepEqual(await alerts('severity=info,critical&order=newest'), ['al-2', 'al-1']);
  });

  it('pages through orders without leaving any out', async () => {
    const all = await allPages<JobRecord>(shared(), '/api/v1/jobs?order=name', {
      ...{ name: 'jobs', limit: 2, pattern: '/api/v1/jobs' },
    });
    assert.deepEqual(all.length, 6);
    assert.equal(new Set(all.map(({ job_id }) => job_id)).size, 6);
  });
});
