import assert from 'node:assert/strict';
import { type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { describeValueError } from '../../../service/protocol/parse.ts';

describe('what is wrong with a field', () => {
  const said = (schema: TSchema, value: unknown) =>
    describeValueError(Value.Errors(schema, value).First() ?? assert.fail('It is valid')).message;
  const field = (schema: TSchema, value: unknown) => said(Type.Object({ x: schema }), { x: value });

  it('is said with what to give instead', () => {
    const colours = Type.Union([Type.Literal('red'), Type.Literal('blue')]);
    assert.equal(field(colours, 'green'), '"x" is not valid. Choose from red, blue.');
    assert.equal(field(Type.Boolean(), 'yes'), '"x" is not valid. Give true or false.');
    assert.equal(field(Type.Number(), Infinity), '"x" is not valid. Give a finite number.');
    assert.equal(field(Type.Object({}), []), '"x" is not valid. Give a JSON object.');
    assert.equal(said(Type.Object({}), []), 'Give a JSON object.');
  });

  it('is said in the words of the schema where it is anything else', () => {
    const mixed = Type.Union([Type.Literal('red'), Type.Integer()], { description: 'a colour' });
    assert.match(field(mixed, 'green'), /^"x" is not valid: .* \(a colour\)\.$/);
  });
});
