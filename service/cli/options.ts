/** Options of the command line: one sentence for what is wrong, exit code 2. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ProductError, messageOf } from '../protocol/errors.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Parses; throws OPTION_INVALID with a sentence that names the option. */
export function parseOptions<T extends Options>(
  args: readonly string[],
  options: T,
  allowPositionals = false,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals, strict: true });
  } catch (error) {
    throw invalidOption(messageOf(error).split('. ')[0] ?? '');
  }
}

export function invalidOption(detail: string): ProductError {
  return new ProductError('OPTION_INVALID', {
    detail: /[.!?]$/.test(detail) ? detail : `${detail}.`,
  });
}

export function integerOption(
  name: string,
  text: string | undefined,
  range: [number, number],
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= range[0] && value <= range[1])) {
    throw invalidOption(`--${name} takes a number from ${range[0]} to ${range[1]}, not "${text}"`);
  }
  return value;
}

export function choiceOption<T extends string>(
  name: string,
  text: string | undefined,
  choices: readonly T[],
): T | undefined {
  if (text === undefined) return undefined;
  const choice = choices.find((one) => one === text);
  if (choice === undefined)
    throw invalidOption(`--${name} takes ${choices.join(' or ')}, not "${text}"`);
  return choice;
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A timer that should wait for longer ends at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** `10m`, `30s`, `500ms`, `2h`, `0` -> milliseconds. */
export function durationOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+)(ms|s|m|h)?$/.exec(text);
  const unit = UNITS[match?.[2] ?? 'ms'];
  if (!match || unit === undefined)
    throw invalidOption(`--${name} takes a time such as 10m, 30s or 0, not "${text}"`);
  const ms = Number(match[1]) * unit;
  if (ms > MAX_TIMER_MS) throw invalidOption(`--${name} takes 596h at most, not "${text}"`);
  return ms;
}
