import assert from 'node:assert/strict';
import { setOutlook } from '../../../../service/core/outlook.ts';
import { Court, T0 } from '../../../support/court.ts';

const HOUR_MS = 3_600_000;

function courtOf(kind: string, params: object = {}, rule: object = {}): Court {
  const court = new Court();
  court.only();
  court.define({ rule_id: 'r', kind, params, ...rule });
  return court;
}

const job = (job_id: string, fields: object = {}) => ({
  ...{ type: 'job.started', job_id, name: 'Nightly', pipeline: 'nightly', labels: { team: 'a' } },
  ...fields,
});
const phase = (kind: string, job_id: string, fields: object = {}) => ({
  ...{ type: `phase.${kind}`, job_id, phase_id: 'P1', name: 'Load' },
  ...fields,
});
const boom = { error: { message: 'boom', type: 'Oops' } };
const of = { component: 'phase', component_id: 'P1', tags: { team: 'a', pipeline: 'nightly' } };
const none = { metric: null, value: null, threshold: null };

interface Example {
  kind: string;
  params: object;
  /** What makes it bad. */
  go: (court: Court, job_id: string) => void | Promise<void>;
  said: object;
}

const load = async (court: Court, job_id: string, fields: object) => {
  court.hear(job(job_id), phase('started', job_id));
  for (let i = 0; i < 3; i++) {
    await court.pass(1000);
    court.hear({ type: 'resource.sampled', job_id, phase_id: 'P1', ...fields });
  }
};

const EXAMPLES: Example[] = [
  {
    kind: 'phase_failed',
    params: {},
    go: (court, id) => court.hear(job(id), phase('started', id), phase('failed', id, boom)),
    said: {
      title: 'Phase P1 Load failed',
      description: 'Phase P1 Load of Nightly failed: Oops: boom',
      ...{ ...of, ...none },
    },
  },
  {
    kind: 'job_failed',
    params: {},
    go: (court, id) => court.hear(job(id), { type: 'job.failed', job_id: id, ...boom }),
    said: {
      title: 'Job Nightly failed',
      description: 'Job Nightly failed: Oops: boom',
      ...{ ...of, ...none, component: 'job', component_id: 'a' },
    },
  },
  {
    kind: 'slow_phase',
    params: { threshold_ms: 60_000 },
    go: async (court, id) => {
      court.hear(job(id), phase('started', id));
      await court.pass(62_000);
    },
    said: {
      title: 'P1 Load is slow',
      description: 'P1 Load of Nightly has been running for 1m 01s; the threshold is 1m 00s.',
      ...{ ...of, metric: 'execution_time_ms', value: 61_000, threshold: 60_000 },
    },
  },
  {
    kind: 'high_cpu',
    params: { threshold_percent: 90 },
    go: (court, id) => load(court, id, { cpu_percent: 95 }),
    said: {
      title: 'P1 Load uses much CPU',
      description: "P1 Load of Nightly uses 95 % of the machine's CPU; the threshold is 90 %.",
      ...{ ...of, metric: 'cpu_percent', value: 95, threshold: 90 },
    },
  },
  {
    kind: 'high_memory',
    params: { threshold_mb: 2048 },
    go: (court, id) => load(court, id, { memory_mb: 2049 }),
    said: {
      title: 'P1 Load uses much memory',
      description: 'P1 Load of Nightly uses just over 2.0 GB of memory; the threshold is 2.0 GB.',
      ...{ ...of, metric: 'memory_mb', value: 2049, threshold: 2048 },
    },
  },
  {
    kind: 'error_count',
    params: { threshold: 2 },
    go: (court, job_id) => {
      const line = { type: 'log.recorded', job_id, phase_id: 'P1', level: 'error', message: 'm' };
      court.hear(job(job_id), phase('started', job_id), line, line);
    },
    said: {
      title: 'P1 Load has many errors',
      description: 'P1 Load of Nightly reported 2 errors; the threshold is 2.',
      ...{ ...of, metric: 'error_count', value: 2, threshold: 2 },
    },
  },
  {
    kind: 'silent_job',
    params: {},
    go: async (court, id) => {
      court.hear(job(id), phase('started', id));
      await court.pass(court.config.stale_after_ms + 2000);
    },
    said: {
      title: 'Job Nightly is silent',
      description: `Nothing has been heard of job Nightly since ${new Date(T0).toISOString()}. See whether it still runs.`,
      ...{ ...of, ...none, component: 'job', component_id: 'a' },
    },
  },
];

for (const { kind, params, go, said } of EXAMPLES) {
  describe(`${kind} rules`, () => {
    it('say what is wrong, and with what, in plain words; once, also over a restart', async () => {
      const court = courtOf(kind, params);
      await go(court, 'a');
      assert.deepEqual(court.said('r'), said);
      court.restart();
      await court.pass(3000);
      assert.equal(court.alerts('r').length, 1);
    });

    it('look at their scope only', async () => {
      const isPhase = kind !== 'job_failed' && kind !== 'silent_job';
      const fits = [{ pipeline: 'night*' }, { labels: { team: '*' } }];
      const not = [{ pipeline: 'daily' }, { labels: { team: 'b' } }, { labels: { room: '*' } }];
      for (const scope of [...fits, ...(isPhase ? [{ phase: 'P*' }] : [])]) {
        const court = courtOf(kind, params, { scope });
        await go(court, 'a');
        assert.equal(court.alerts('r').length, 1, JSON.stringify(scope));
      }
      for (const scope of [...not, ...(isPhase ? [{ phase: 'P2' }] : [])]) {
        const court = courtOf(kind, params, { scope });
        await go(court, 'a');
        assert.deepEqual(court.alerts('r'), [], JSON.stringify(scope));
      }
    });

    it('say what a person wrote', async () => {
      const message = '{{rule}}: {{subject}} of {{job}} in {{pipeline}}, {{label.team}}: {{title}}';
      const court = courtOf(kind, params, { message, name: 'Mine' });
      await go(court, 'a');
      const { description, title } = court.said('r') ?? {};
      assert.match(description ?? '', /^Mine: (P1 Load|Nightly) of Nightly in nightly, a: /);
      assert.ok(description?.endsWith(`: ${title}`), description);
    });

    it('wait until it has lasted, and not at all for what ended before', async () => {
      const court = courtOf(kind, params, { for_ms: 20_000 });
      await go(court, 'a');
      assert.deepEqual(court.alerts('r'), []);
      const hold = async (ms: number) => {
        for (let at = 0; at < ms; at += 1000) {
          if (kind.startsWith('high_'))
            court.hear({
              ...{ type: 'resource.sampled', job_id: 'a', phase_id: 'P1' },
              ...{ cpu_percent: 99, memory_mb: 4096 },
            });
          await court.pass(1000);
        }
      };
      await hold(17_000);
      assert.deepEqual(court.alerts('r'), []);
      await hold(5000);
      assert.equal(court.alerts('r').length, 1);
    });

    it('say nothing while they are off', async () => {
      const court = courtOf(kind, params, { enabled: false });
      await go(court, 'a');
      await court.pass(2000);
      assert.deepEqual(court.alerts('r'), []);
    });
  });
}

describe('rules on runs', () => {
  it('end with their cause: the next pass of the phase, of the job, or a sign of life', async () => {
    for (const { kind, params, go } of EXAMPLES) {
      const court = courtOf(kind, params);
      await go(court, 'a');
      await court.pass(1000);
      court.hear({ type: 'job.failed', job_id: 'a', error: { message: 'x' } });
      await court.pass(1000);
      court.hear(job('b'), phase('started', 'b'));
      await court.pass(1000);
      court.hear(phase('completed', 'b'), { type: 'job.completed', job_id: 'b' });
      assert.deepEqual(
        court.alerts('r').map(({ active }) => active),
        [false],
        kind,
      );
    }
  });

  it('judge what ended long ago when it is heard of, and not again where its alert has been forgotten', async () => {
    const DAY_MS = 24 * HOUR_MS;
    const court = courtOf('phase_failed');
    court.define({ rule_id: 'slow', kind: 'slow_phase', params: { threshold_ms: 1000 } });
    const at = (ago: number) => ({ time: court.now - ago });
    const run = (id: string, ago: number) => [
      ...[job(id, at(ago + 60_000)), phase('started', id, at(ago + 60_000))],
      phase('failed', id, { ...boom, ...at(ago) }),
    ];
    court.hear(...run('a', DAY_MS + 60_000));
    assert.deepEqual(
      court.alerts().map(({ job_id }) => job_id),
      ['a', 'a'],
    );
    for (const { alert_id } of court.alerts()) court.forget(alert_id);
    await court.pass(DAY_MS + 60_000);
    court.hear(phase('progress', 'a', { message: 'late', ...at(DAY_MS * 2) }));
    await court.pass(2000);
    assert.deepEqual(court.alerts(), []);
  });

  it('are over at once for an earlier run that is heard of after a later one went well', async () => {
    for (const kind of ['phase_failed', 'job_failed']) {
      const court = courtOf(kind);
      const time = court.now - HOUR_MS;
      court.hear(job('b'), phase('started', 'b'), phase('completed', 'b'));
      court.hear({ type: 'job.completed', job_id: 'b' });
      court.hear(job('a', { time }), phase('started', 'a', { time }));
      if (kind === 'phase_failed') court.hear(phase('failed', 'a', { ...boom, time: time + 1000 }));
      else court.hear({ type: 'job.failed', job_id: 'a', ...boom, time: time + 1000 });
      const states = () => court.alerts('r').map(({ job_id, active }) => [job_id, active]);
      assert.deepEqual(states(), [['a', false]], kind);
      assert.equal(court.alerts('r')[0]?.resolve_reason, 'A later run went well already.');
      await court.pass(5000);
      court.hear(job('c'), phase('started', 'c'), phase('failed', 'c', boom));
      court.hear({ type: 'job.failed', job_id: 'c', ...boom });
      await court.pass(5000);
      const last = kind === 'phase_failed' ? [['c', true]] : [];
      assert.deepEqual(states().slice(1), last, kind);
    }
  });

  it('find what becomes slow after a restart without an event, when who reports had time to', async () => {
    const begun = (): Court => {
      const court = courtOf('slow_phase', { threshold_ms: 600_000 });
      court.hear(job('a'), phase('started', 'a'));
      return court;
    };
    const early = begun();
    await early.pass(300_000);
    early.restart();
    await early.pass(299_000);
    assert.deepEqual(early.alerts('r'), []);
    await early.pass(5000);
    assert.deepEqual(early.states('r'), [['P1', true]]);
    early.restart();
    await early.pass(120_000);
    assert.equal(early.alerts('r').length, 1);
    for (const ended of [true, false]) {
      const court = begun();
      await court.pass(300_000);
      court.away(600_000);
      await court.pass(30_000);
      if (ended) court.hear(phase('completed', 'a', { time: court.now - 500_000 }));
      await court.pass(60_000);
      assert.equal(court.alerts('r').length, ended ? 0 : 1);
    }
  });

  it('call a job without phases by its name', async () => {
    const court = courtOf('high_cpu', { threshold_percent: 90 });
    court.define({ rule_id: 'slow', kind: 'slow_phase', params: { threshold_ms: 1000 } });
    court.define({ rule_id: 'errors', kind: 'error_count', params: { threshold: 1 } });
    court.hear(job('a'), { type: 'log.recorded', job_id: 'a', level: 'error', message: 'm' });
    for (let i = 0; i < 3; i++) {
      await court.pass(1000);
      court.hear({ type: 'resource.sampled', job_id: 'a', cpu_percent: 95 });
    }
    assert.deepEqual(
      ['r', 'slow', 'errors'].map((id) => court.said(id)?.description),
      [
        "Nightly uses 95 % of the machine's CPU; the threshold is 90 %.",
        'Nightly has been running for 2.0 s; the threshold is 1.0 s.',
        'Nightly reported 1 error; the threshold is 1.',
      ],
    );
  });

  it('leave to the phases of a job what they can say themselves, also when the job fails without them', async () => {
    const court = courtOf('job_failed');
    court.define({ rule_id: 'slow', kind: 'slow_phase', params: { threshold_ms: 60_000 } });
    court.hear(job('a'));
    for (const phase_id of ['P1', 'P2', 'P3']) {
      court.hear(phase('started', 'a', { phase_id }));
      await court.pass(30_000);
      court.hear(phase('completed', 'a', { phase_id }));
    }
    court.hear({ type: 'job.failed', job_id: 'a', ...boom });
    assert.deepEqual(court.states('r'), [['a', true]]);
    assert.deepEqual(court.alerts('slow'), [], 'no phase was slow');
  });

  it('fire nothing for samples, starts and signs of life that come an hour late', async () => {
    const court = courtOf('high_cpu', { threshold_percent: 90 });
    court.define({ rule_id: 'slow', kind: 'slow_phase', params: { threshold_ms: 60_000 } });
    court.hear(job('a'), phase('started', 'a'));
    await court.pass(5000);
    const time = court.now - HOUR_MS;
    for (let i = 0; i < 5; i++)
      court.hear({ type: 'resource.sampled', job_id: 'a', phase_id: 'P1', cpu_percent: 99, time });
    await court.pass(5000);
    assert.deepEqual(court.alerts(), []);
  });

  it('know what is usual: three times as long, of five runs at least, and beyond the least', async () => {
    const params = { threshold_ms: null, times_usual: 3, least_ms: 5000 };
    for (const runs of [4, 5]) {
      const court = courtOf('slow_phase', params);
      for (let n = 0; n < runs; n++) {
        court.hear(job(`b${n}`), phase('started', `b${n}`));
        await court.pass(10_000);
        court.hear(phase('completed', `b${n}`), { type: 'job.completed', job_id: `b${n}` });
      }
      court.hear(job('a'), phase('started', 'a'));
      await court.pass(30_000);
      assert.deepEqual(court.alerts('r'), []);
      await court.pass(3000);
      assert.equal(court.alerts('r').length, runs === 5 ? 1 : 0, `${runs} runs`);
      if (runs === 5)
        assert.equal(
          court.said('r')?.description,
          'P1 Load of Nightly has been running for 31.0 s; usual is 10.0 s (median of 5 runs), and slow from 30.0 s on.',
        );
    }
  });

  it('know what is usual for whole runs, and leave it to a phase that is the reason', async () => {
    const params = { threshold_ms: 5000, times_usual: 3, least_ms: 5000 };
    const expected = { ms: 10_000, low: 8000, high: 12_000, runs: 5 };
    const none = { eta: null, times: null };
    const said = async (runs: number, phaseEnds = true) => {
      const court = courtOf('slow_phase', params);
      court.hear(job('a'), phase('started', 'a'));
      const state = court.model.jobs.get('a');
      assert.ok(state);
      setOutlook(state, { expected: { ...expected, runs }, ...none, phases: new Map(), seq: 1 });
      await court.pass(4000);
      if (phaseEnds) court.hear(phase('completed', 'a'));
      await court.pass(24_000);
      // The threshold is for phases: it says nothing of the whole run.
      assert.equal(court.alerts('r').length, phaseEnds ? 0 : 1);
      await court.pass(5000);
      return court.alerts('r').map(({ component, description }) => [component, description]);
    };
    const words =
      'Nightly has been running for 31.0 s; usual is 10.0 s (median of 5 runs), and slow from 30.0 s on.';
    assert.deepEqual(await said(5), [['job', words]]);
    assert.deepEqual(await said(4), []);
    const ofPhase = await said(5, false);
    assert.deepEqual(
      ofPhase.map(([component]) => component),
      ['phase'],
    );
  });

  it('take a silent job back with its next sign of life, and say it again when it is silent again', async () => {
    const court = courtOf('silent_job');
    const { stale_after_ms } = court.config;
    court.hear(job('a'));
    await court.pass(stale_after_ms - 2000);
    assert.deepEqual(court.alerts('r'), []);
    await court.pass(4000);
    assert.deepEqual(court.states('r'), [['a', true]]);
    court.hear({ type: 'log.recorded', job_id: 'a', level: 'info', message: 'here' });
    await court.pass(1000);
    assert.deepEqual(court.states('r'), [['a', false]]);
    assert.equal(court.alerts('r')[0]?.resolve_reason, 'It has been heard of again.');
    await court.pass(stale_after_ms + 2000);
    assert.equal(court.alerts('r').filter(({ active }) => active).length, 1);
  });
});
