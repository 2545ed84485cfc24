import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Field,
  idFrom,
  placed,
  rawsOf,
  readField,
  readForm,
} from '../../../../webview/elements/alerts/form/field.ts';

const field = (rest: object): Field => ({ path: '/x', label: 'X', ...rest }) as Field;

describe('the fields of a form', () => {
  const FIELDS: readonly Field[] = [
    { as: 'text', path: '/name', label: 'Name' },
    { as: 'number', path: '/params/value', label: 'Value' },
    { as: 'duration', path: '/for_ms', label: 'For' },
    { as: 'duration', path: '/cooldown_ms', label: 'Pause', empty: 'null' },
    { as: 'check', path: '/enabled', label: 'On' },
    { as: 'checks', path: '/channels', label: 'Channels', options: [], all: 'all' },
    { as: 'lines', path: '/params/group_by', label: 'Group' },
    { as: 'labels', path: '/scope/labels', label: 'Labels' },
    { as: 'text', path: '/scope/phase', label: 'Phase', empty: 'absent' },
  ];

  it('read what they were filled with, whatever it was', () => {
    const name = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '');
    const line = fc.stringMatching(/^[a-z][a-z ]{0,8}[a-z]$/);
    const ms = fc.integer({ min: 0, max: 7 * 86_400_000 });
    const document = fc.record({
      name,
      enabled: fc.boolean(),
      for_ms: ms,
      cooldown_ms: fc.option(ms),
      channels: fc.option(fc.array(line)),
      params: fc.record({
        value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
        group_by: fc.array(line),
      }),
      scope: fc.record({ labels: fc.dictionary(line, line), phase: name }),
    });
    fc.assert(
      fc.property(document, (generated) => {
        const one = structuredClone(generated);
        const read = readForm(FIELDS, rawsOf(FIELDS, one), { kept: 1 });
        assert.deepEqual(read.problems, {});
        assert.deepEqual(read.document, { kept: 1, ...one });
      }),
    );
  });

  it('leave out, or empty, what is not written', () => {
    const raws = rawsOf(FIELDS, {});
    const { document, problems } = readForm(FIELDS, raws, { scope: { phase: 'P1' } });
    assert.equal(document.cooldown_ms, null);
    assert.deepEqual(document.scope, { labels: {} });
    assert.deepEqual(Object.keys(problems), ['/name', '/params/value', '/for_ms']);
  });

  it('take a decimal comma, and times in the unit that suits them', () => {
    assert.deepEqual(readField(field({ as: 'number' }), ' 1,5 '), { value: 1.5 });
    assert.deepEqual(readField(field({ as: 'duration' }), '0,1 1000'), { value: 100 });
    const times = rawsOf([field({ as: 'duration' })], { x: 5_400_000 });
    assert.deepEqual(times, { '/x': '90 60000' });
  });

  it('hand over what is no value as it was written, and say what would be right', () => {
    const number = readField(field({ as: 'number' }), 'many');
    assert.deepEqual(number, { value: 'many', problem: 'Write a number.' });
    const labels = readField(field({ as: 'labels' }), 'a=b\nc');
    assert.equal(labels.value, 'a=b\nc');
    assert.match(labels.problem ?? '', /"c" is not/);
  });

  it('show what the service says where it belongs, and what they have seen themselves only once', () => {
    const errors = [
      { path: '/params/value', message: 'Give a number.' },
      { path: '/channels/0', message: 'There is no channel x.' },
      { path: '/channels/1', message: 'There is no channel y.' },
      { path: '/paramsx', message: 'Elsewhere.' },
    ];
    assert.deepEqual(placed(FIELDS, { '/params/value': 'Write a number.' }, errors), {
      problems: { '/params/value': 'Write a number.', '/channels': 'There is no channel x.' },
      rest: ['Elsewhere.'],
    });
  });

  it('make an id of a name', () => {
    assert.equal(idFrom('  Größe über 80 %! '), 'gro-e-uber-80');
    assert.match(idFrom('x'.repeat(100)), /^x{64}$/);
  });
});
