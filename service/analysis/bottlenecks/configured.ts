/** Patterns of the configuration, checked beyond what their schema says. */
import type { BottleneckPattern } from '../../protocol/bottleneckPattern.ts';
import { ProductError } from '../../protocol/errors.ts';
import type { Condition, Pattern } from './patterns.ts';

const DEFAULT_SECONDS = 5;

/** Throws CONFIG_INVALID with a sentence that names the field and the fix. */
export function patternsOf(settings: readonly BottleneckPattern[]): Pattern[] {
  const names = new Set<string>();
  return settings.map((setting, n) => {
    const { name, kind = 'CUSTOM', title = name, for_seconds = DEFAULT_SECONDS } = setting;
    const path = `/bottleneck_patterns/${n}`;
    if (names.has(name))
      throw wrong(`${path}/name`, `"${name}" is there twice. Rename one of them.`);
    names.add(name);
    const [first, ...others] = setting.conditions.map((one, at) =>
      conditionOf(one, `${path}/conditions/${at}`),
    );
    if (first === undefined)
      throw wrong(`${path}/conditions`, 'there is no condition. Give it one at least.');
    const worst = worstOf(setting.worst, first, `${path}/worst`);
    return { name, kind, title, conditions: [first, ...others], for_ms: for_seconds * 1000, worst };
  });
}

type Setting = BottleneckPattern['conditions'][number];

function conditionOf({ metric, labels = {}, above, below }: Setting, path: string): Condition {
  if (above === undefined && below === undefined)
    throw wrong(path, `"${metric}" has no bound. Give it "above", "below" or both.`);
  if (above !== undefined && below !== undefined && above > below)
    throw wrong(path, `"above" is ${above} and "below" is ${below}: no value is both. Swap them.`);
  return { metric, labels, above: above ?? null, below: below ?? null };
}

function worstOf(
  worst: number | undefined,
  { above, below }: Condition,
  path: string,
): number | null {
  if (worst === undefined) return null;
  const isBeyond = above === null ? worst < (below ?? worst) : worst > above;
  if (isBeyond) return worst;
  const words = above === null ? `below ${below ?? 0}` : `above ${above}`;
  throw wrong(path, `it is ${worst}. Give a value ${words}, the bound of the first condition.`);
}

function wrong(path: string, what: string): ProductError {
  const name = path.slice(1).replaceAll('/', '.');
  const detail = `In "${name}": ${what}`;
  return new ProductError('CONFIG_INVALID', { detail, errors: [{ path, message: detail }] });
}
