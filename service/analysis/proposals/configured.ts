/** Strategies of the configuration, checked beyond what their schema says. */
import { ProductError } from '../../protocol/errors.ts';
import type { CustomStrategy } from '../../protocol/optimizer.ts';
import { MODULE_STRATEGY, ROLLBACK_STRATEGY } from './names.ts';
import { STRATEGIES } from './strategies/index.ts';

/** Throws CONFIG_INVALID with a sentence that names the field and the fix. */
export function checkStrategies(strategies: readonly CustomStrategy[]): void {
  const own = [...STRATEGIES.map(({ name }) => name), MODULE_STRATEGY, ROLLBACK_STRATEGY];
  const names = new Set<string>();
  for (const [n, { name, when, change }] of strategies.entries()) {
    const path = `/optimizer/strategies/${n}`;
    if (own.includes(name))
      throw wrong(
        `${path}/name`,
        `"${name}" is a strategy of Pipescope's own. Choose another name.`,
      );
    if (names.has(name))
      throw wrong(`${path}/name`, `"${name}" is there twice. Rename one of them.`);
    names.add(name);
    for (const [at, one] of when.entries()) checkCondition(one, `${path}/when/${at}`);
    checkChange(change, `${path}/change`);
  }
}

function checkCondition({ metric, above, below }: CustomStrategy['when'][number], path: string) {
  if (above === undefined && below === undefined)
    throw wrong(path, `"${metric}" has no bound. Give it "above", "below" or both.`);
  if (above !== undefined && below !== undefined && above >= below)
    throw wrong(
      path,
      `nothing is above ${above} and below ${below}. Give an "above" that is less than "below".`,
    );
}

function checkChange({ to, add, multiply }: CustomStrategy['change'], path: string): void {
  const isMoved = add !== undefined || multiply !== undefined;
  if (to === undefined && !isMoved)
    throw wrong(path, 'it changes nothing. Give it "to", "add" or "multiply".');
  if (to !== undefined && isMoved)
    throw wrong(path, '"to" is the new value itself. Leave "add" and "multiply" out, or "to".');
  if (to === undefined && (add ?? 0) === 0 && (multiply ?? 1) === 1)
    throw wrong(path, 'it leaves the value as it is. Give another "add" or "multiply".');
}

function wrong(path: string, what: string): ProductError {
  const name = path.slice(1).replaceAll('/', '.');
  const detail = `In "${name}": ${what}`;
  return new ProductError('CONFIG_INVALID', { detail, errors: [{ path, message: detail }] });
}
