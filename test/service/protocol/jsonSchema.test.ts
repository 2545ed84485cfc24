import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { schemaFault } from '../../../service/protocol/jsonSchema.ts';

const value = fc.jsonValue({ maxDepth: 3 });
const number = fc.integer({ min: -3, max: 3 });
const part = fc.oneof(
  fc.record({ type: fc.constantFrom('object', 'array', 'string', 'number', 'integer', 'boolean') }),
  fc.record({ minimum: number }),
  fc.record({ maximum: number, exclusiveMinimum: number }),
  fc.record({ minLength: fc.nat(3) }),
  fc.record({ maxLength: fc.nat(3) }),
  fc.record({ maxItems: fc.nat(2), minItems: fc.nat(1) }),
  fc.record({ enum: fc.array(fc.oneof(number, fc.boolean()), { minLength: 1 }) }),
  fc.boolean(),
);
const schema = fc.record(
  {
    ...{ type: fc.constant('object'), properties: fc.record({ a: part, b: part }) },
    items: part,
    required: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
    additionalProperties: part,
  },
  { requiredKeys: [] },
);
const object = fc.record({ a: value, b: value, c: value }, { requiredKeys: [] });

describe('a value and the JSON Schema of a stranger', () => {
  it('fit where another checker says so, and only there', () => {
    const ajv = new Ajv2020({ strict: false, logger: false });
    fc.assert(
      fc.property(schema, fc.oneof(object, value), (of, given) => {
        const fits = ajv.compile(of)(given);
        assert.equal(schemaFault(given, of) === null, fits, JSON.stringify([of, given]));
      }),
      { numRuns: 150 },
    );
  });

  it('fit where the schema says nothing, or nothing that is a schema', () => {
    for (const of of [undefined, null, {}, true, 7, 'text', [], { properties: 5, required: 'a' }])
      assert.equal(schemaFault({ a: 1 }, of), null);
    assert.equal(schemaFault({ a: 1 }, { type: 5, enum: 'x', minimum: 'y' }), null);
    // Nothing of it is run, nor followed.
    assert.equal(schemaFault('aaaaaaaaaaaaaaaaaaaaaaaaaa!', { pattern: '(a+)+$' }), null);
    assert.equal(schemaFault(1, { $ref: '#' }), null);
  });

  it('that do not fit are told by field and fix', () => {
    const of = {
      type: 'object',
      properties: { list: { type: 'array', items: { type: 'number', multipleOf: 0.1 } } },
    };
    assert.deepEqual(schemaFault({ list: [0.3, '1'] }, of), {
      path: '/list/1',
      message: 'Give a number.',
    });
    assert.equal(schemaFault({ list: [0.35] }, of)?.message, 'Give a multiple of 0.1.');
    assert.equal(schemaFault([], of)?.message, 'Give a JSON object.');
    assert.equal(schemaFault('', { minLength: 1 })?.message, 'Give at least 1 letter.');
    assert.equal(schemaFault('\u{1f600}', { maxLength: 1 }), null);
  });
});
