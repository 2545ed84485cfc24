import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type {
  OptimizationRecord,
  ParameterRecord,
} from '../../../../service/protocol/optimization.ts';
import { root } from '../../../support/paths.ts';
import { eventually, getJson, send, useSharedService } from '../../../support/service.ts';

/** The shortest window that there is: 8 samples of a second before a change, and 8 after it. */
const QUICK = { auto: true, window_ms: 2000, cooldown_ms: 0, min_gain: 0.05 };
/** Nothing else on a busy machine is to speak against a change. */
const CALM = { sampling: { host_interval_ms: 0 } };
const MORE = {
  ...{ name: 'more', parameter: 'workers', expected_gain: 0.5, costs: true },
  when: [{ metric: 'pressure', above: 1 }],
  change: { multiply: 2 },
};

/** Three pipelines side by side, because each of them needs its windows of throughput. */
describe('proposals, with real pipelines that listen', function () {
  this.timeout(90_000);
  const children: ChildProcess[] = [];
  const config = { ...CALM, optimizer: { ...QUICK, strategies: [MORE] } };
  const service = useSharedService(config);
  let pressing: NodeJS.Timeout;

  function listener(job: string, ...args: string[]): void {
    const file = join(root, 'test', 'service', 'http', 'routes', 'listener.ts');
    const { url, tokens } = service();
    const all = ['--import', 'tsx', file, url, tokens.ingest, job, ...args];
    children.push(spawn(process.execPath, all, { cwd: root, stdio: 'ignore' }));
  }

  before(() => {
    const press = () => send(service(), { type: 'metric.recorded', name: 'pressure', value: 5 });
    pressing = setInterval(() => void press().catch(() => undefined), 1000);
    listener('by-poll', 'poll', '2', '8');
    listener('by-ws', 'ws', '2', '8');
    listener('harmed', 'poll', '4', '4');
  });

  after(() => {
    clearInterval(pressing);
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  const all = async (query: string) =>
    (
      await getJson<{ optimizations: OptimizationRecord[] }>(
        service(),
        `/api/v1/optimizations${query}`,
      )
    ).optimizations;
  const firstOf = (query: string) =>
    eventually(async () => (await all(query)).at(-1), `One of ${query}`, 60_000);

  for (const transport of ['poll', 'ws']) {
    it(`are sent by ${transport}, applied, measured, and kept where they help`, async () => {
      const job_id = `by-${transport}`;
      const kept = await firstOf(`?state=kept&job_id=${job_id}`);
      assert.deepEqual([kept.parameter, kept.from, kept.to], ['workers', 2, 4]);
      assert.deepEqual(
        [kept.outcome, kept.decided_by, kept.measured_by],
        ['applied', 'auto', 'items'],
      );
      assert.ok((kept.measured_gain ?? 0) > 0.7 && (kept.measured_gain ?? 0) < 1.4);
      assert.ok((kept.before?.samples ?? 0) >= 8 && (kept.after?.samples ?? 0) >= 8);
      const { parameters } = await getJson<{ parameters: ParameterRecord[] }>(
        service(),
        `/api/v1/parameters?job_id=${job_id}`,
      );
      assert.ok([4, 8].includes(Number(parameters[0]?.value)));
    });
  }

  it('are taken back where they harm', async () => {
    const back = await firstOf('?state=rolled_back&job_id=harmed');
    assert.deepEqual([back.from, back.to], [4, 8]);
    assert.ok((back.measured_gain ?? 0) < -0.3);
    const rollback = (await all('?job_id=harmed')).find(
      (one) => one.rollback_of === back.optimization_id,
    );
    assert.deepEqual([rollback?.to, rollback?.outcome], [4, 'applied']);
  });
});
