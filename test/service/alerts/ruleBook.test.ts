import assert from 'node:assert/strict';
import { RuleBook } from '../../../service/alerts/ruleBook.ts';
import { loadConfig } from '../../../service/config.ts';
import { definitionsTable, foldDefinition } from '../../../service/core/domain/definitions.ts';
import { definitionChangesTable } from '../../../service/core/domain/definitions.ts';

describe('the rules in effect', () => {
  const bookOf = () => {
    const tables = { definitions: definitionsTable(), definitionChanges: definitionChangesTable() };
    const config = loadConfig({ flags: { data_dir: '.' }, env: {} });
    const book = new RuleBook({ definitions: tables.definitions, config: () => config });
    const define = (key: string, revision: number, value: Record<string, unknown> | null) => {
      const id = `${key}-${revision}`;
      const type = 'definition.changed';
      foldDefinition(tables, { type, id, time: revision, of: 'rule', key, revision, value });
      book.refresh();
    };
    return { book, define, config };
  };
  const silent = (after_ms: number) => ({
    ...{ kind: 'high_cpu', name: 'Busy', enabled: true, severity: 'WARNING', scope: {} },
    ...{ for_ms: 0, recovery: null, cooldown_ms: null, channels: null, message: null },
    params: { threshold_percent: after_ms },
  });

  it('are read once a revision: a change of one leaves all others as they are', () => {
    const { book, define } = bookOf();
    for (let n = 0; n < 50; n++) define(`r${n}`, 1, silent(n + 1));
    const before = new Map(book.rules.map((rule) => [rule.rule_id, rule]));
    assert.ok(before.has('r7') && before.size > 50, book.problem('r7') ?? '');
    define('r7', 2, silent(99));
    for (const rule of book.rules)
      assert.equal(rule === before.get(rule.rule_id), rule.rule_id !== 'r7', rule.rule_id);
    assert.deepEqual(book.rule('r7')?.params, { threshold_percent: 99 });
  });

  it('have another version where one changed, came or went, and the same where none did', () => {
    const { book, define, config } = bookOf();
    const versions = [book.version];
    const note = () => versions.push(book.version);
    define('a', 1, silent(5));
    note();
    book.refresh();
    note();
    define('a', 2, null);
    note();
    config.thresholds.error_count += 1;
    book.refresh();
    note();
    assert.deepEqual(versions, [1, 2, 2, 3, 4]);
  });

  it('say why one is none, for as long as it is stored so', () => {
    const { book, define } = bookOf();
    define('a', 1, { kind: 'nothing' });
    define('b', 1, silent(5));
    assert.match(book.problem('a') ?? '', /not valid/);
    define('a', 2, silent(5));
    assert.equal(book.problem('a'), null);
    assert.ok(book.rule('a'));
  });
});
