import assert from 'node:assert/strict';
import {
  hasRoom,
  lastRevision,
  retainDefinitions,
} from '../../../../service/core/domain/definitions.ts';
import { silenceRecords } from '../../../../service/alerts/routing/silences.ts';
import { Model } from '../../../../service/core/fold.ts';
import { Definitions } from '../../../../service/definitions.ts';
import type { Definition, Event } from '../../../../service/protocol/event.ts';
import { foldInto, restored, T0 } from './support.ts';

const DAY = 86_400_000;
const MONTH = { alert_days: 30 };

interface Change {
  of?: Definition;
  revision?: number;
  time?: number;
  by?: string;
  value?: Record<string, unknown> | null;
}

function changed(
  key: string,
  { of = 'rule', revision = 1, time = T0, value = {}, by }: Change,
): Event {
  const id = `pipescope:${of}:${key}:${revision}`;
  return {
    ...({ type: 'definition.changed', id, time, of, key, revision, value } as const),
    ...(by !== undefined && { by }),
  };
}

function silence(key: string, ends_at: number, change: Change = {}): Event {
  const matchers = [{ field: 'rule', op: '=', value: 'x' }];
  const value = { matchers, starts_at: T0, ends_at, comment: '' };
  return changed(key, { of: 'silence', value, ...change });
}

const keys = (model: Model) => [...model.domain.definitions.rows.keys()];

describe('definitions', () => {
  it('that nothing needs leave after the days that alerts are kept', () => {
    const model = new Model();
    foldInto(model, [
      silence('over', T0 + DAY),
      silence('lately', T0 + 20 * DAY),
      silence('on', T0 + 100 * DAY),
      changed('removed', { value: null }),
      changed('rule', {}),
      changed('slack', { of: 'channel' }),
    ]);
    const retain = (days: number) =>
      retainDefinitions(model.domain.definitions, MONTH, T0 + days * DAY);
    assert.deepEqual(retain(30), []);
    assert.deepEqual(retain(32), ['silence', 'rule']);
    assert.deepEqual(retain(32), []);
    assert.deepEqual(retain(90), ['silence']);
    assert.deepEqual(keys(model), ['silence/on', 'rule/rule', 'channel/slack']);
    assert.deepEqual(keys(restored(model)), keys(model));
  });

  it('that nothing needs make room when the table is full, the oldest first; those in effect never do', () => {
    const model = new Model();
    const { definitions } = model.domain;
    definitions.limit = 300;
    foldInto(
      model,
      Array.from({ length: 300 }, (_, n) =>
        n < 150 ? silence(`s${n}`, T0 + 1000 + n) : changed(`r${n}`, {}),
      ),
    );
    assert.equal(hasRoom(definitions, T0 + 500), false);
    assert.equal(hasRoom(definitions, T0 + 1000), true);
    foldInto(model, [changed('late', { time: T0 + 5000 })]);
    assert.equal(definitions.rows.size, 201);
    assert.deepEqual(keys(model)[0], 'silence/s100');
    const more = Array.from({ length: 500 }, (_, n) => changed(`n${n}`, { time: T0 + 6000 }));
    foldInto(model, more);
    assert.equal(definitions.rows.size, 300);
    assert.ok(definitions.get('rule/r299') && !definitions.get('silence/s149'));
    assert.equal(hasRoom(definitions, T0 + DAY), false);
  });

  it('of a name that has left go on with its revisions, under an id that was never used', async () => {
    const model = new Model();
    const ids: string[] = [];
    let now = T0;
    const append = (list: readonly Event[]) => {
      ids.push(...list.map(({ id }) => id));
      foldInto(model, list);
      return Promise.resolve({ accepted: list.length });
    };
    const definitions = new Definitions({ tables: model.domain, append, now: () => now });
    const make = (value: object | null) =>
      definitions.change({ of: 'rule', key: 'r', make: () => value });
    await make({ name: 'R' });
    await make(null);
    now += 40 * DAY;
    assert.deepEqual(retainDefinitions(model.domain.definitions, MONTH, now), ['rule']);
    assert.equal(definitions.revisionOf('rule', 'r'), 0);
    await make({ name: 'R again' });
    assert.equal(definitions.revisionOf('rule', 'r'), 3);
    assert.equal(lastRevision(model.domain, 'rule', 'r'), 3);
    assert.equal(new Set(ids).size, 3);
    assert.equal(model.domain.definitionChanges.rows.size, 3);
    model.domain.definitionChanges.delete('rule/r/3');
    model.domain.definitionChanges.delete('rule/r/2');
    model.domain.definitionChanges.delete('rule/r/1');
    model.domain.definitions.delete('rule/r');
    now++;
    await make({ name: 'R once more' });
    assert.equal(new Set(ids).size, 4);
  });
});

describe('a silence', () => {
  const madeBy = (...list: Event[]) => {
    const model = new Model();
    foldInto(model, list);
    const { domain, alerts } = restored(model);
    return silenceRecords({ definitions: domain.definitions, alerts, now: T0 }).map(
      ({ created_by, revision }) => [created_by, revision],
    );
  };

  it('was created by who made it, whoever changed it since', () => {
    const made = silence('s', T0 + DAY, { by: 'Ada' });
    const changes = [
      silence('s', T0 + DAY, { revision: 2, by: 'Bob' }),
      silence('s', T0 + DAY, { revision: 3 }),
    ];
    assert.deepEqual(madeBy(made, ...changes), [['Ada', 3]]);
    assert.deepEqual(madeBy(...changes, made), [['Ada', 3]]);
    assert.deepEqual(madeBy(silence('s', T0 + DAY), ...changes), [[null, 3]]);
  });
});
