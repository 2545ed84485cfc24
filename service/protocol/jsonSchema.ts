/**
 * Whether a value fits a JSON Schema that a stranger sent (draft 2020-12, the keywords that say what to give). Nothing of
 * the schema is run: `pattern`, `format`, `$ref` and all other keywords are left to who sent it. As deep as the schema.
 */
import type { FieldError } from './errors.ts';
import { printable } from './parse.ts';

type Fields = Record<string, unknown>;
type Rule = (value: unknown, schema: Fields) => string | null;

const MOST_CHOICES = 20;

/** The first fault, with its path from the value and what to give instead; null where it fits. */
export function schemaFault(value: unknown, schema: unknown, path = ''): FieldError | null {
  if (schema === false) return { path, message: 'It is not taken here: leave it out.' };
  if (!isObject(schema)) return null;
  for (const rule of RULES) {
    const message = rule(value, schema);
    if (message !== null) return { path, message };
  }
  return Array.isArray(value)
    ? faultOfItems(value, schema, path)
    : isObject(value)
      ? faultOfFields(value, schema, path)
      : null;
}

const RULES: readonly Rule[] = [ofType, ofChoices, ofNumber, ofLength];

function ofType(value: unknown, { type }: Fields): string | null {
  const types = (Array.isArray(type) ? type : [type]).filter((one) => typeof one === 'string');
  if (types.length === 0 || types.some((one) => isOf(value, one))) return null;
  return `Give ${types.map((one) => WORDS[one] ?? `a ${printable(one)}`).join(' or ')}.`;
}

const WORDS: Readonly<Record<string, string>> = {
  ...{ object: 'a JSON object', array: 'a list', string: 'a text', number: 'a number' },
  ...{ integer: 'a whole number', boolean: 'true or false', null: 'null' },
};

function isOf(value: unknown, type: string): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type;
  }
}

function ofChoices(value: unknown, schema: Fields): string | null {
  const given = JSON.stringify(value);
  const isSame = (one: unknown) => JSON.stringify(one) === given;
  if ('const' in schema && !isSame(schema['const'])) return `Give ${word(schema['const'])}.`;
  const choices = schema['enum'];
  if (!Array.isArray(choices) || choices.some(isSame)) return null;
  return `Choose from ${choices.slice(0, MOST_CHOICES).map(word).join(', ')}.`;
}

function word(value: unknown): string {
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}

function ofNumber(value: unknown, schema: Fields): string | null {
  if (typeof value !== 'number') return null;
  const bound = (name: string) => {
    const found = schema[name];
    return typeof found === 'number' ? found : null;
  };
  const [least, most] = [bound('minimum'), bound('maximum')];
  const [above, below] = [bound('exclusiveMinimum'), bound('exclusiveMaximum')];
  if (least !== null && value < least) return `Give ${least} or more.`;
  if (most !== null && value > most) return `Give ${most} or less.`;
  if (above !== null && value <= above) return `Give more than ${above}.`;
  if (below !== null && value >= below) return `Give less than ${below}.`;
  const step = bound('multipleOf');
  if (step === null || step <= 0) return null;
  const steps = value / step;
  // 0.3 is a multiple of 0.1, whatever the last digit says.
  return Math.abs(steps - Math.round(steps)) < 1e-9 ? null : `Give a multiple of ${step}.`;
}

function ofLength(value: unknown, schema: Fields): string | null {
  const [length, least, most, unit] =
    typeof value === 'string'
      ? [Array.from(value).length, schema['minLength'], schema['maxLength'], 'letter']
      : Array.isArray(value)
        ? [value.length, schema['minItems'], schema['maxItems'], 'item']
        : [0, undefined, undefined, ''];
  if (typeof least === 'number' && length < least)
    return `Give at least ${least} ${unit}${least === 1 ? '' : 's'}.`;
  if (typeof most === 'number' && length > most)
    return `Give at most ${most} ${unit}${most === 1 ? '' : 's'}.`;
  return null;
}

function faultOfItems(values: readonly unknown[], { items }: Fields, path: string) {
  for (const [at, value] of values.entries()) {
    const fault = schemaFault(value, items, `${path}/${at}`);
    if (fault !== null) return fault;
  }
  return null;
}

function faultOfFields(value: Fields, schema: Fields, path: string): FieldError | null {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  for (const name of required)
    if (typeof name === 'string' && !Object.hasOwn(value, name))
      return { path: `${path}/${printable(name)}`, message: 'It is missing: give it.' };
  for (const [name, inner] of Object.entries(value)) {
    const isKnown = Object.hasOwn(properties, name);
    const of = isKnown ? properties[name] : schema['additionalProperties'];
    const fault = schemaFault(inner, of, `${path}/${printable(name)}`);
    if (fault !== null) return isKnown ? fault : withKnown(fault, of, properties);
  }
  return null;
}

/** A name that is not known may be a slip of the pen: say which are. */
function withKnown(fault: FieldError, of: unknown, properties: Fields): FieldError {
  const names = Object.keys(properties).slice(0, MOST_CHOICES).map(printable).join(', ');
  if (of !== false || names === '') return fault;
  return { ...fault, message: `There is no such field. Use ${names}.` };
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
