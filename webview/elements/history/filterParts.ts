import type { TemplateResult } from 'lit';
import { choice } from '../shared/choice.ts';

interface Known {
  value: string;
  jobs: number;
}

/** Values are told apart from "all" by this before them. */
const IS = '=';

/** A list of values to pick one of, or none. One that is set stays in it, though no run has it any more. */
export function choices(
  { label, every, known }: { label: string; every: string; known: readonly Known[] },
  picked: string | null,
  pick: (value: string | null) => void,
): TemplateResult {
  const values = known.map(({ value }) => value);
  if (picked !== null && !values.includes(picked)) values.unshift(picked);
  return choice({
    label,
    value: picked === null ? '' : `${IS}${picked}`,
    options: [['', every], ...values.map((value) => [`${IS}${value}`, cut(value)] as const)],
    pick: (value) => pick(value.startsWith(IS) ? value.slice(IS.length) : null),
  });
}

function cut(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
