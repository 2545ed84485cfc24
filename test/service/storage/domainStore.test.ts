import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { Table } from '../../../service/core/domain/table.ts';
import { DomainStore, type TableSet } from '../../../service/storage/domainStore.ts';
import { makeTempDir, removeTempDir } from '../../support/tempDir.ts';

interface Row {
  count: number;
  names: Map<string, number>;
}

function tableSet(): TableSet & { workers: Table<Row>; tasks: Table<Row> } {
  const make = () => ({ count: 0, names: new Map<string, number>() });
  const workers = new Table<Row>({ name: 'workers', limit: 10, pageRows: 3, make });
  const tasks = new Table<Row>({ name: 'tasks', limit: 1000, pageRows: 4, make });
  return { workers, tasks, tables: [workers, tasks] as Table<unknown>[], folded_seq: 0 };
}

const content = (set: TableSet) =>
  set.tables.map((table) => [table.name, new Map(table.rows), table.refused]);

describe('the store of tables', () => {
  let dir: string;
  const damage: string[] = [];
  const open = (set: TableSet) => DomainStore.open(dir, set, (sentence) => damage.push(sentence));
  const folder = () => join(dir, 'state', 'domain');
  beforeEach(() => {
    dir = makeTempDir('domain');
    damage.length = 0;
  });
  afterEach(() => removeTempDir(dir));

  async function save(store: DomainStore, seq: number): Promise<void> {
    const collected = await store.collect(seq);
    if (collected) await store.write(collected);
  }

  function count(table: Table<Row>, id: string): void {
    const row = table.change(id);
    if (!row) return;
    row.count++;
    row.names.set(id, row.count);
  }

  it('gives back what was written, with the entry up to which it goes', async () => {
    const set = tableSet();
    const store = await open(set);
    for (let i = 0; i < 9; i++) count(set.tasks, `t${i % 7}`);
    count(set.workers, 'a/ü');
    await save(store, 42);
    const again = tableSet();
    const reopened = await open(again);
    assert.deepStrictEqual(content(again), content(set));
    assert.equal(reopened.seq, 42);
    assert.equal(again.folded_seq, 42);
    assert.equal(reopened.isDirty, false);
  });

  it('writes only the pages that changed, and keeps one file a page', async () => {
    const set = tableSet();
    const store = await open(set);
    for (let i = 0; i < 40; i++) count(set.tasks, `t${i}`);
    await save(store, 1);
    const before = await readdir(folder());
    count(set.tasks, 't5');
    const collected = await store.collect(2);
    assert.deepEqual(
      collected?.pages.map(({ page }) => page),
      [2],
    );
    assert.ok(collected);
    await store.write(collected);
    const after = await readdir(folder());
    assert.equal(after.length, before.length);
    assert.equal(after.filter((name) => !before.includes(name)).length, 1);
  });

  it('stays at the entry of its manifest when a crash came before the next one', async () => {
    const set = tableSet();
    const store = await open(set);
    count(set.tasks, 'one');
    await save(store, 1);
    const manifest = await readFile(join(folder(), 'manifest.json'));
    const held = content(set).map(([name, rows]) => [name, [...(rows as Map<string, Row>).keys()]]);
    count(set.tasks, 'two');
    await save(store, 2);
    // The new page lies there, the manifest is the old one, and the old page was not removed yet.
    const page = (await readdir(folder())).find((name) => name.startsWith('tasks-1-'));
    await writeFile(
      join(folder(), 'tasks-1-1.json'),
      JSON.stringify([['one', { count: 1, names: { $map: [['one', 1]] } }]]),
    );
    await writeFile(join(folder(), 'manifest.json'), manifest);
    const again = tableSet();
    const reopened = await open(again);
    assert.equal(reopened.seq, 1);
    assert.deepStrictEqual(
      content(again).map(([name, rows]) => [name, [...(rows as Map<string, Row>).keys()]]),
      held,
    );
    assert.ok(!(await readdir(folder())).includes(page ?? ''), 'the page of nobody was removed');
  });

  it('counts as empty when a page is damaged, and says so', async () => {
    const set = tableSet();
    const store = await open(set);
    count(set.tasks, 'one');
    count(set.workers, 'w');
    await save(store, 7);
    await writeFile(join(folder(), 'workers-1-2.json'), '[["w"');
    const names = await readdir(folder());
    for (const name of names.filter((one) => one.startsWith('workers-')))
      await writeFile(join(folder(), name), '[["w"');
    const again = tableSet();
    const reopened = await open(again);
    assert.equal(reopened.seq, 0);
    assert.equal(again.tasks.rows.size + again.workers.rows.size, 0);
    assert.match(damage.join('\n'), /reading them again from the journal/);
    assert.equal((await readdir(join(dir, 'quarantine'))).length, 1);
  });

  it('has what could not be written in the next collection', async () => {
    const set = tableSet();
    const store = await open(set);
    count(set.tasks, 'one');
    const collected = await store.collect(1);
    assert.ok(collected);
    removeTempDir(dir);
    await assert.rejects(store.write(collected));
    assert.equal(store.isDirty, true);
    assert.equal((await store.collect(2))?.pages.length, 1);
  });

  it('counts the rows a full table refuses, over restarts', async () => {
    const set = tableSet();
    const store = await open(set);
    for (let i = 0; i < 13; i++) count(set.workers, `w${i}`);
    assert.equal(set.workers.rows.size, 10);
    await save(store, 1);
    const again = tableSet();
    await open(again);
    assert.equal(again.workers.refused, 3);
  });

  it('holds after any sequence of changes, removals and restarts what a plain map would', async () => {
    const step = fc.record({
      what: fc.constantFrom('change', 'delete', 'save', 'restart'),
      id: fc.nat(12).map((n) => `t${n}`),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        removeTempDir(dir);
        dir = makeTempDir('domain');
        let set = tableSet();
        let store = await open(set);
        let kept = new Map<string, number>();
        const now = new Map<string, number>();
        for (const { what, id } of steps) {
          if (what === 'change') {
            count(set.tasks, id);
            now.set(id, (now.get(id) ?? 0) + 1);
          } else if (what === 'delete') {
            set.tasks.delete(id);
            now.delete(id);
          } else if (what === 'save') {
            await save(store, 1);
            kept = new Map(now);
          } else {
            set = tableSet();
            store = await open(set);
            now.clear();
            for (const [key, value] of kept) now.set(key, value);
          }
          const held = new Map([...set.tasks.rows].map(([key, row]) => [key, row.count]));
          assert.deepStrictEqual(new Map([...held].sort()), new Map([...now].sort()));
        }
      }),
      { numRuns: 40 },
    );
  });
});
