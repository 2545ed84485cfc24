import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { wfFormatToEvents } from '../../../service/ingest/wfformat.ts';
import { type WfTask, reconstructSchedule } from '../../../service/ingest/wfSchedule.ts';
import { ProductError } from '../../../service/protocol/errors.ts';
import { parseEvents } from '../../../service/protocol/parse.ts';
import { corpus, needsCorpus } from '../../support/corpus.ts';

const NOW = Date.UTC(2026, 10, 22);

function small(parents: Record<string, string[]>) {
  const ids = Object.keys(parents);
  return {
    name: 'small-run-001',
    schemaVersion: '1.5',
    workflow: {
      specification: {
        tasks: ids.map((id) => ({
          id: `${id}_ID1`,
          name: `${id}_ID1`,
          parents: (parents[id] ?? []).map((p) => `${p}_ID1`),
        })),
      },
      execution: {
        executedAt: '05-10-23T16:23:32Z',
        tasks: ids.map((id) => ({ id: `${id}_ID1`, runtimeInSeconds: 2, machines: ['m'] })),
        machines: [{ nodeName: 'm', cpu: { coreCount: 1 } }],
      },
    },
  };
}

describe('a WfFormat file', () => {
  it('becomes a job whose times are reconstructed, and says so', () => {
    const events = wfFormatToEvents(small({ split: [], work: ['split'], join: ['work'] }), NOW);
    const begin = Date.UTC(2023, 4, 10, 16, 23, 32);
    const started = events.find(({ type }) => type === 'job.started');
    assert.deepEqual(started?.['labels'], { schedule: 'reconstructed' });
    assert.equal(started?.time, begin);
    assert.deepEqual(
      events.filter(({ type }) => type === 'task.started').map(({ time }) => time - begin),
      [0, 2000, 4000],
    );
    assert.equal(events.at(-1)?.time, begin + 6000);
    assert.deepEqual(started?.['phases'], [
      { phase_id: 'split', name: 'split', depends_on: [] },
      { phase_id: 'work', name: 'work', depends_on: ['split'] },
      { phase_id: 'join', name: 'join', depends_on: ['work'] },
    ]);
  });

  it('gives the same events, ids included, each time', () => {
    const document = small({ a: [], b: ['a'] });
    assert.deepStrictEqual(wfFormatToEvents(document, NOW), wfFormatToEvents(document, NOW + 1));
  });

  it('of another run of the same name is another job, of the same pipeline', () => {
    const [one, other] = [small({ a: [] }), small({ a: [] })];
    other.workflow.execution.executedAt = '2023-05-11T00:00:00Z';
    one.name = other.name = 'Cycles-20200413T031424Z-0';
    const [a, b] = [one, other].map((document) => wfFormatToEvents(document, NOW));
    const ids = (events: typeof a) => new Set(events?.map(({ id }) => id));
    const shared = [...ids(a)].filter((id) => ids(b).has(id));
    assert.deepEqual(shared, []);
    const jobs = [a, b].map((events) => events?.find(({ type }) => type === 'job.started'));
    assert.equal(new Set(jobs.map((job) => job?.['job_id'])).size, 2);
    assert.deepEqual(
      jobs.map((job) => job?.['pipeline']),
      ['Cycles', 'Cycles'],
    );
  });

  it('is refused with the field that is wrong', () => {
    const refused = (value: unknown, message: RegExp) =>
      assert.throws(
        () => wfFormatToEvents(value, NOW),
        (error) =>
          error instanceof ProductError &&
          error.code === 'IMPORT_INVALID' &&
          message.test(error.message),
      );
    refused({}, /"name" is missing/);
    refused([], /not WfFormat/);
    refused(small({ a: ['a'] }), /Task "a_ID1" waits for itself/);
    refused(small({ a: ['b'], b: ['a'] }), /waits for itself/);
    refused(small({ a: ['z'] }), /"z_ID1", which is no task/);
    const lost = small({ a: [] });
    lost.workflow.execution.tasks = [];
    refused(lost, /"a_ID1" has no execution/);
  });
});

describe('a reconstructed schedule', () => {
  const graph = fc.array(
    fc.record({
      runtime_ms: fc.nat(100),
      cores: fc.integer({ min: 1, max: 3 }),
      machine: fc.constantFrom('a', 'b'),
      parents: fc.array(fc.nat(20), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 20 },
  );

  it('starts nothing before its parents end, and never uses more cores than there are', () => {
    fc.assert(
      fc.property(graph, fc.integer({ min: 1, max: 4 }), (shapes, cores) => {
        const tasks: WfTask[] = shapes.map((shape, index) => ({
          ...shape,
          id: String(index),
          parents: shape.parents.filter((parent) => parent < index).map(String),
        }));
        const slots = reconstructSchedule(
          tasks,
          new Map([
            ['a', cores],
            ['b', cores],
          ]),
        );
        assert.equal(slots.size, tasks.length);
        for (const { id, parents, runtime_ms } of tasks) {
          const slot = slots.get(id);
          assert.ok(slot);
          assert.equal(slot.end - slot.start, runtime_ms);
          assert.ok(slot.start >= slot.ready);
          for (const parent of parents)
            assert.ok((slots.get(parent)?.end ?? Infinity) <= slot.start);
        }
        for (const machine of ['a', 'b']) {
          const ours = tasks.filter((task) => task.machine === machine);
          for (const { id } of ours) {
            const at = slots.get(id)?.start ?? 0;
            const used = ours
              .filter((other) => {
                const slot = slots.get(other.id);
                return slot !== undefined && slot.start <= at && at < slot.end;
              })
              .reduce((sum, other) => sum + Math.min(other.cores, cores), 0);
            assert.ok(used <= cores, `${used} of ${cores} cores`);
          }
        }
      }),
    );
  });
});

describe('every recorded workflow', () => {
  needsCorpus('wfcommons');
  interface Raw {
    workflow: {
      specification: { tasks: { id: string; parents: string[] }[] };
      execution: { tasks: { id: string; runtimeInSeconds: number; readBytes?: number }[] };
    };
  }
  const files = () =>
    readdirSync(corpus('wfcommons'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.json'),
    );

  it('is there', () => assert.ok(files().length >= 17));

  it('becomes valid events that keep every task, runtime, byte and dependency', () => {
    for (const name of files()) {
      const raw = JSON.parse(readFileSync(corpus('wfcommons', name), 'utf8')) as Raw;
      const events = wfFormatToEvents(raw, NOW);
      for (let at = 0; at < events.length; at += 1000) {
        const batch = structuredClone(events.slice(at, at + 1000));
        assert.deepStrictEqual(
          parseEvents(batch, { now: NOW, newId: () => 'x' }).rejected,
          [],
          name,
        );
      }
      assert.equal(new Set(events.map(({ id }) => id)).size, events.length);
      const of = (type: string) =>
        new Map(
          events
            .filter((event) => event.type === type)
            .map((event) => [String(event['task_id']).split('/').at(-1), event]),
        );
      const [started, completed] = [of('task.started'), of('task.completed')];
      const { specification, execution } = raw.workflow;
      assert.equal(completed.size, specification.tasks.length, name);
      for (const { id, runtimeInSeconds } of execution.tasks) {
        const ran = (completed.get(id)?.time ?? 0) - (started.get(id)?.time ?? 0);
        assert.ok(Math.abs(ran - runtimeInSeconds * 1000) < 1, `${name} ${id}`);
      }
      for (const { id, parents } of specification.tasks)
        for (const parent of parents)
          assert.ok(
            (completed.get(parent)?.time ?? Infinity) <= (started.get(id)?.time ?? 0) + 0.001,
          );
      const read = events
        .filter(({ type }) => type === 'task.submitted')
        .reduce((sum, event) => sum + Number(event['input_bytes']), 0);
      if (execution.tasks.every(({ readBytes }) => readBytes !== undefined))
        assert.equal(
          read,
          execution.tasks.reduce((sum, task) => sum + (task.readBytes ?? 0), 0),
          name,
        );
    }
  }).timeout(60_000);
});
