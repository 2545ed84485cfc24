/** Which alerts a silence matches. */
import { ruleOf, severityOf } from '../../core/alertView.ts';
import type { AlertState } from '../../core/model.ts';
import type { Matcher, Silence } from '../../protocol/silence.ts';

/** True where all matchers of the silence match; an absent field is an empty text. */
export function matchesSilence(silence: Pick<Silence, 'matchers'>, alert: AlertState): boolean {
  return silence.matchers.length > 0 && silence.matchers.every((one) => matches(one, alert));
}

function matches({ field, op, value }: Matcher, alert: AlertState): boolean {
  const held = fieldOf(field, alert);
  switch (op) {
    case '=':
      return held === value;
    case '!=':
      return held !== value;
    case '~':
      return matchesPattern(value, held);
    case '!~':
      return !matchesPattern(value, held);
  }
}

function fieldOf(field: string, alert: AlertState): string {
  const { raised } = alert;
  if (raised === null) return '';
  if (field === 'rule') return ruleOf(raised.id) ?? 'external';
  if (field === 'severity') return severityOf(alert) ?? '';
  const { tags, labels } = raised;
  if (field === 'pipeline') return tags?.['pipeline'] ?? '';
  if (field.startsWith('tag.')) {
    const name = field.slice('tag.'.length);
    return (Object.hasOwn(tags ?? {}, name) ? tags?.[name] : labels?.[name]) ?? '';
  }
  const value = (raised as object as Record<string, unknown>)[field];
  if (typeof value === 'string') return value;
  const isWorker = field === 'worker_id' && raised.component === 'worker';
  return isWorker ? (raised.component_id ?? '') : '';
}

/** True where the text fits the pattern, in which `*` stands for any text. Never goes back over the text. */
export function matchesPattern(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return first === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
