import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  type ProcessInfo,
  listProcesses,
  parseStat,
  treeOf,
} from '../../../service/sampler/processTree.ts';
import { TreeMeter } from '../../../service/sampler/treeMeter.ts';
import { startProcess } from '../../support/processes.ts';

interface Facts {
  pid: number;
  parent: number;
  name: string;
  user: number;
  system: number;
  childUser: number;
  childSystem: number;
  started: number;
  pages: number;
}

/** A line of /proc/<pid>/stat with 52 fields, as proc(5) numbers them. */
function statLine(facts: Facts): string {
  const fields = Array.from({ length: 53 }, () => '0');
  fields[3] = 'S';
  const { parent, user, system, childUser, childSystem, started, pages } = facts;
  Object.assign(fields, { 4: parent, 14: user, 15: system, 16: childUser, 17: childSystem });
  Object.assign(fields, { 22: started, 24: pages });
  return `${facts.pid} (${facts.name}) ${fields.slice(3).join(' ')}\n`;
}

const count = fc.nat({ max: 1_000_000 });
const facts = fc.record<Facts>({
  pid: fc.integer({ min: 1, max: 4_194_304 }),
  parent: fc.nat({ max: 4_194_304 }),
  name: fc.string({ maxLength: 15 }).map((text) => text.replace(/\n/g, ')')),
  user: count,
  system: count,
  childUser: count,
  childSystem: count,
  started: count,
  pages: count,
});

const info = (pid: number, fields: Partial<ProcessInfo> = {}): ProcessInfo => ({
  pid,
  parent: 1,
  cpu_ms: 0,
  waited_ms: 0,
  memory_mb: 1,
  started: 's',
  ...fields,
});

describe('/proc/<pid>/stat', () => {
  it('is read right whatever the name of the command holds', () => {
    fc.assert(
      fc.property(facts, (given) => {
        assert.deepEqual(parseStat(statLine(given)), {
          pid: given.pid,
          parent: given.parent,
          cpu_ms: (given.user + given.system) * 10,
          waited_ms: (given.childUser + given.childSystem) * 10,
          memory_mb: (given.pages * 4) / 1024,
          started: String(given.started),
        });
      }),
    );
  });

  it('cut or damaged gives nothing, or numbers: never a failure', () => {
    fc.assert(
      fc.property(facts, fc.nat({ max: 120 }), fc.string(), (given, cut, noise) => {
        for (const text of [statLine(given).slice(0, cut), noise, noise + statLine(given)]) {
          const parsed = parseStat(text);
          if (parsed === null) continue;
          const { started, ...numbers } = parsed;
          assert.equal(typeof started, 'string');
          assert.ok(Object.values(numbers).every(Number.isFinite));
        }
      }),
    );
  });

  it('of this process is this process', function () {
    if (process.platform !== 'linux') this.skip();
    const own = parseStat(readFileSync('/proc/self/stat', 'latin1'));
    assert.deepEqual([own?.pid, own?.parent], [process.pid, process.ppid]);
    const rss = process.memoryUsage().rss / 1024 / 1024;
    assert.ok(Math.abs((own?.memory_mb ?? 0) - rss) < rss * 0.2);
  });
});

describe('a process tree', () => {
  it('holds each descendant once, in any snapshot, circles included', () => {
    const processes = fc.uniqueArray(
      fc.record({ pid: fc.integer({ min: 1, max: 30 }), parent: fc.integer({ min: 0, max: 30 }) }),
      { selector: ({ pid }) => pid },
    );
    fc.assert(
      fc.property(processes, fc.integer({ min: 1, max: 30 }), (given, root) => {
        const all = given.map(({ pid, parent }) => info(pid, { parent }));
        const pids = treeOf(all, root).map(({ pid }) => pid);
        assert.equal(new Set(pids).size, pids.length);
        const parents = new Map(given.map(({ pid, parent }) => [pid, parent]));
        for (const { pid } of given) {
          let at: number | undefined = pid;
          for (let steps = 0; steps < 40 && at !== undefined && at !== root; steps++)
            at = parents.get(at);
          assert.equal(pids.includes(pid), at === root && parents.has(root), `${pid} of ${root}`);
        }
      }),
    );
  });
});

describe('the meter', () => {
  it('counts CPU between looks as percent of all cores', () => {
    const meter = new TreeMeter(5, 2);
    assert.equal(meter.isWarm, false);
    assert.equal(meter.look([info(5, { cpu_ms: 1000 })], 0)?.cpu_percent, 0);
    assert.equal(meter.isWarm, true);
    const child = info(6, { parent: 5, cpu_ms: 500, memory_mb: 2 });
    assert.deepEqual(meter.look([info(5, { cpu_ms: 1500 }), child], 1000), {
      cpu_percent: 50,
      memory_mb: 3,
      processes: 2,
    });
  });

  it('counts children that came and went between two looks, and none twice', () => {
    const meter = new TreeMeter(5, 1);
    meter.look([info(5)], 0);
    assert.equal(meter.look([info(5, { waited_ms: 700 })], 1000)?.cpu_percent, 70);
    const child = info(6, { parent: 5, cpu_ms: 400 });
    assert.equal(meter.look([info(5, { waited_ms: 700 }), child], 2000)?.cpu_percent, 40);
    assert.equal(meter.look([info(5, { waited_ms: 1200 })], 3000)?.cpu_percent, 10);
  });

  it('says nothing of another process with the same pid', () => {
    const meter = new TreeMeter(5, 1);
    meter.look([info(5, { started: '100' })], 0);
    assert.equal(meter.look([info(5, { started: '200', cpu_ms: 50 })], 1000), null);
    assert.equal(meter.look([], 2000), null);
  });

  it('says nothing right after a look: ticks of 10 ms would be noise', () => {
    const meter = new TreeMeter(5, 1);
    meter.look([info(5)], 0);
    assert.equal(meter.look([info(5, { cpu_ms: 10 })], 5), null);
    assert.equal(meter.look([info(5, { cpu_ms: 10 })], 100)?.cpu_percent, 10);
  });

  it('sees a real tree at work @alone', async () => {
    const work = 'const end = Date.now() + 4000; while (Date.now() < end);';
    const child = startProcess(process.execPath, [
      '-e',
      `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(work)}]); setTimeout(() => process.exit(), 4000)`,
    ]);
    try {
      await new Promise((resolve) => setTimeout(resolve, 300));
      const meter = new TreeMeter(child.pid, 1);
      meter.look(await listProcesses(), performance.now());
      await new Promise((resolve) => setTimeout(resolve, 700));
      const usage = meter.look(await listProcesses(), performance.now());
      assert.ok(usage);
      // Other tests may share the cores: half a core is enough to be told from idling.
      assert.ok(usage.cpu_percent > 30, `${usage.cpu_percent} %`);
      assert.equal(usage.processes, 2);
      assert.ok(usage.memory_mb > 50 && usage.memory_mb < 400, `${usage.memory_mb} MB`);
    } finally {
      await child.stop();
    }
  });
});
