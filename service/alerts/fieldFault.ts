import { ValueErrorType } from '@sinclair/typebox/compiler';
import type { FieldError } from '../protocol/errors.ts';
import { describeValueError, printable } from '../protocol/parse.ts';

/** What is wrong at a field of a rule or a channel: the schema's description says what would be right, in words of people. */
export function fieldFault(error: Parameters<typeof describeValueError>[0]): FieldError {
  const { path, schema, type } = error;
  const name = printable(path.split('/').at(-1) ?? '');
  if (error.message === 'Unexpected property')
    return { path, message: `There is no field "${name}" here. Remove it.` };
  const fault = describeValueError(error);
  if (type === ValueErrorType.ObjectRequiredProperty || fault.message.includes('Choose from'))
    return fault;
  return typeof schema.description === 'string'
    ? { path, message: `"${name}" is not valid. It is: ${schema.description}.` }
    : fault;
}
