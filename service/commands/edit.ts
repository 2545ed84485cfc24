import { timeText } from '../core/view.ts';
import type { Monitor } from '../monitor.ts';
import type { FieldError } from '../protocol/errors.ts';
import type { Definition } from '../protocol/event.ts';

/** How a definition is changed: `create` wants none under its id, `change` wants one, `set` takes both. */
export interface Edit {
  mode: 'create' | 'change' | 'set';
  revision?: number | undefined;
  by?: string | undefined;
}

/** The errors with their paths below `start`. */
export function below(start: string, errors: readonly FieldError[]): FieldError[] {
  return errors.map(({ path, message }) => ({ path: `${start}${path}`, message }));
}

/** The first of them as the sentence of all. */
export function firstOf(errors: readonly FieldError[]): { detail?: string; errors: FieldError[] } {
  const [first] = errors;
  return { errors: [...errors], ...(first && { detail: first.message }) };
}

/** Who changed a definition when and to what, the newest first; each has the whole of it under the name of its sort. */
export function changesOf({ model }: Monitor, of: Definition, id: string): object[] {
  return [...model.domain.definitionChanges.rows.values()]
    .filter((change) => change.of === of && change.key === id)
    .sort((a, b) => b.revision - a.revision)
    .map(({ revision, time, by, value }) => ({ revision, time: timeText(time), by, [of]: value }));
}
