import { type ParsedError, parseError } from '../../../../src/stack/parse.ts';

/** An error as a line of a test: `language type: message @ file:line:column < cause`. */
export function told(text: string): string {
  const error = parseError(text);
  return error ? [error, ...error.causes].map(lineOf).join(' < ') : 'none';
}

function lineOf({ language, type, message, primary }: ParsedError): string {
  const place = primary
    ? ` @ ${[primary.file ?? '?', primary.line, primary.column].filter((part) => part !== null).join(':')}`
    : '';
  return `${language} ${type ?? '-'}: ${message ?? '-'}${place}`;
}
