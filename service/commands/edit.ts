import type { FieldError } from '../protocol/errors.ts';

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
