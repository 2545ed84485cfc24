/** The text of an alert that a person wrote: `{{value}} of {{subject}}`. */
import type { FieldError } from '../protocol/errors.ts';
import { printable } from '../protocol/parse.ts';
import { MESSAGE_FIELDS } from '../protocol/rule.ts';

export type MessageField = (typeof MESSAGE_FIELDS)[number];

const PLACE = /\{\{([^{}]{0,200})\}\}/g;
const LABEL = 'label.';

/** What is wrong with it; null when all placeholders are known. */
export function messageFault(message: string): FieldError | null {
  const path = '/message';
  for (const [, inner = ''] of message.matchAll(PLACE)) {
    const name = inner.trim();
    if (isField(name) || (name.startsWith(LABEL) && name.length > LABEL.length)) continue;
    return {
      path,
      message: `There is no "{{${printable(name)}}}". Use ${MESSAGE_FIELDS.join(', ')} or label.NAME.`,
    };
  }
  const rest = message.replace(PLACE, '');
  if (!rest.includes('{{') && !rest.includes('}}')) return null;
  return { path, message: 'A placeholder is not closed: write it as {{value}}.' };
}

function isField(name: string): name is MessageField {
  return (MESSAGE_FIELDS as readonly string[]).includes(name);
}

export interface MessageValues {
  fields: Partial<Record<MessageField, string>>;
  labels: Readonly<Record<string, string>>;
}

/** Longer texts are cut: labels and errors are of any length. */
const MAX_TEXT = 8000;

/** What is not known of the subject leaves an empty place. */
export function fillMessage(message: string, { fields, labels }: MessageValues): string {
  const text = message.replace(PLACE, (_, inner: string) => {
    const name = inner.trim();
    if (!name.startsWith(LABEL)) return fields[name as MessageField] ?? '';
    const label = name.slice(LABEL.length);
    return Object.hasOwn(labels, label) ? (labels[label] ?? '') : '';
  });
  return text.slice(0, MAX_TEXT);
}
