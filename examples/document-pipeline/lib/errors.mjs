// @ts-check
import { fileURLToPath } from 'node:url';

/** An error as it crosses from a worker to the main process. @typedef {{ name: string, message: string, stack: string }} PlainError */

/** Work that was stopped because another phase failed or the run was stopped. */
export class Cancelled extends Error {}

/**
 * @param {unknown} error
 * @returns {PlainError}
 */
export function toPlain(error) {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: '' };
  return { name: error.name, message: error.message, stack: error.stack ?? '' };
}

/**
 * The worker's error with the worker's stack: the line that matters is there, not here.
 * @param {PlainError} plain
 */
export function fromPlain({ name, message, stack }) {
  const error = new Error(message);
  error.name = name;
  error.stack = stack;
  return error;
}

/**
 * The `error` field of phase.failed and job.failed.
 * @param {unknown} error
 */
export function describeError(error) {
  const { name, message, stack } = toPlain(error);
  return { message, type: name, stack: stack.slice(0, 16_000), ...innermostFrame(stack) };
}

/**
 * File, line and column of the innermost frame that is not Node's own.
 * @param {string} stack
 */
function innermostFrame(stack) {
  for (const text of stack.split('\n')) {
    const [, place, line, column] =
      /^\s+at .*?\(?((?:file:|\/|[A-Za-z]:\\)[^()]*):(\d+):(\d+)\)?$/.exec(text) ?? [];
    if (place === undefined) continue;
    const file = place.startsWith('file:') ? fileURLToPath(place) : place;
    return { file, line: Number(line), column: Number(column) };
  }
  return {};
}
