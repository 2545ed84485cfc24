import assert from 'node:assert/strict';
import type { Event } from '../../../service/protocol/event.ts';
import type { Finding } from '../../../service/protocol/finding.ts';
import type { AlertRecord } from '../../../service/protocol/record.ts';
import { pipelineRun, wobble } from '../../support/pipelineRuns.ts';
import {
  type TestService,
  eventually,
  getJson,
  send,
  startService,
  useServices,
} from '../../support/service.ts';

const MINUTE_MS = 60_000;

/** The `number`th of runs that end a minute apart, the 20th just now. */
function run(pipeline: string, number: number, p06_ms: number) {
  const begin = Date.now() - (20 - number) * MINUTE_MS;
  return pipelineRun({ pipeline, number, begin, p06_ms: p06_ms * (1 + 0.02 * wobble(number)) });
}

async function findings(to: TestService, query = ''): Promise<Finding[]> {
  const { findings: all } = await getJson<{ findings: Finding[] }>(
    to,
    `/api/v1/findings?kind=change${query}`,
  );
  return all;
}

const ofPhase = (all: readonly Finding[]) =>
  all.filter(({ phase_id, metric }) => phase_id === 'P06' && metric === 'execution_time');

/** Asks until there are enough; fails after ten seconds. */
function some<T>(of: () => Promise<T[]>, what: string, least = 1): Promise<T[]> {
  return eventually(
    async () => {
      const all = await of();
      return all.length >= least ? all : null;
    },
    what,
    10_000,
  );
}

async function alerts(to: TestService): Promise<AlertRecord[]> {
  const { alerts: all } = await getJson<{ alerts: AlertRecord[] }>(to, '/api/v1/alerts?limit=500');
  return all.filter(({ component }) => component === 'change');
}

describe('changes over the runs of a pipeline', () => {
  const start = useServices();

  it('are one finding a series and one alert, and the same ones after a restart', async () => {
    const first = await start();
    await send(first, Array.from({ length: 10 }, (_, i) => run('nightly', i, 12_000)).flat());
    for (let i = 10; i < 18; i++) await send(first, run('nightly', i, 18_000));
    const open = async (of: TestService) => ofPhase(await findings(of, '&open=true'));
    const [found] = await some(() => open(first), 'the finding');
    assert.equal(found?.class, 'slower');
    assert.equal(found?.job_id, 'nightly-10');
    assert.match(
      found?.sentence ?? '',
      /^P06 is slower since run #11: 1[12]\.\d s -> 1[78]\.\d s, \+\d\d %\.$/,
    );
    assert.ok((found?.measure ?? 0) > 40 && (found?.measure ?? 0) < 60);
    const told = await some(() => alerts(first), 'the alerts of P06 and of whole runs', 2);
    assert.equal(told.filter(({ title }) => title === 'P06 is slower').length, 1);
    await first.stop();

    const second = await startService({ dataDir: first.dataDir });
    try {
      const again = await some(() => open(second), 'the finding after the restart');
      assert.deepEqual(
        again.map(({ finding_id, since }) => ({ finding_id, since })),
        [{ finding_id: found?.finding_id, since: found?.since }],
      );
      await send(second, run('nightly', 18, 18_000));
      await new Promise((resolve) => setTimeout(resolve, 2500));
      assert.deepEqual(
        (await alerts(second)).map(({ alert_id }) => alert_id).sort(),
        told.map(({ alert_id }) => alert_id).sort(),
      );
    } finally {
      await second.stop();
    }
  });

  it('stay one finding when jobs of older runs are removed', async () => {
    const service = await start();
    for (let i = 0; i < 20; i++) await send(service, run('kept', i, i < 12 ? 12_000 : 18_000));
    const whole = async () =>
      (await findings(service, '&open=true')).filter(
        ({ phase_id, metric }) => phase_id === null && metric === 'execution_time',
      );
    const [found] = await some(whole, 'the finding');
    assert.match(found?.sentence ?? '', /since run #13:/);
    const removed = Array.from({ length: 6 }, (_, i): Event => {
      const about = { id: `removal-${i}`, time: Date.now(), job_id: `kept-${i}` };
      return { type: 'job.removed', ...about };
    });
    await service.service.monitor.append(removed);
    await send(service, run('kept', 20, 18_000));
    const after = await eventually(
      async () => {
        const [one] = await whole();
        return one !== undefined && one.evidence['runs_after'] === 9 ? one : null;
      },
      'the next run in it',
      10_000,
    );
    assert.equal(after.finding_id, found?.finding_id);
    assert.match(after.sentence, /since run #13:/);
    const over = (await findings(service, '&open=false')).filter((one) => one.pipeline === 'kept');
    assert.deepEqual(over, []);
  });

  it('end when a later change undoes them, and nobody is alerted of what got better', async () => {
    const service = await start();
    const times = Array.from({ length: 19 }, (_, i) => (i >= 7 && i < 13 ? 20_000 : 10_000));
    for (const [i, ms] of times.entries()) {
      await send(service, run('back', i, ms));
      if (i === 12)
        await eventually(
          async () => ofPhase(await findings(service, '&open=true'))[0]?.class === 'slower',
          'the slower runs',
          10_000,
        );
    }
    const better = await eventually(
      async () =>
        ofPhase(await findings(service, '&open=true')).find((one) => one.class === 'faster'),
      'the faster runs',
      10_000,
    );
    assert.ok(better.measure < 0);
    const [ended] = ofPhase(await findings(service, '&open=false'));
    assert.equal(ended?.class, 'slower');
    assert.match(ended?.ended_why ?? '', /^Undone since run #14: P06 is faster/);
    const told = await eventually(
      async () => {
        const all = await alerts(service);
        return all.length > 0 && all.every((one) => one.resolved_at !== null) ? all : null;
      },
      'the end of the alerts',
      10_000,
    );
    for (const { title } of told) assert.match(title, /slower/);
  });
});
