/** The fields of a silence's form. Pure. */
import { t } from '@vscode/l10n';
import type { Matcher } from '../../../../service/protocol/silence.ts';
import type { Field, Options } from '../form/field.ts';

/** As in the protocol, which a test holds these to. */
export const FIELDS = [
  ...['rule', 'severity', 'component', 'component_id', 'title'],
  ...['pipeline', 'job_id', 'phase_id', 'worker_id', 'metric'],
] as const;
export const OPS = ['=', '!=', '~', '!~'] as const;

export function opWords(): Options {
  const words: Record<Matcher['op'], string> = {
    '=': t('is'),
    '!=': t('is not'),
    '~': t('is like'),
    '!~': t('is not like'),
  };
  return OPS.map((op) => [op, words[op]]);
}

const HOUR_MS = 3_600_000;
/** The length of a silence that lasts until a time. */
export const UNTIL = 'until';

/** How long it lasts from now, or until when. */
export function silenceFields(length: string): Field[] {
  return [
    {
      ...{ as: 'choice', path: '/length', label: t('Lasts') },
      options: [
        [String(HOUR_MS), t('1 hour')],
        [String(4 * HOUR_MS), t('4 hours')],
        [String(24 * HOUR_MS), t('1 day')],
        [String(7 * 24 * HOUR_MS), t('1 week')],
        [UNTIL, t('until a time')],
      ],
    },
    ...(length === UNTIL
      ? [{ as: 'text', path: '/ends_at', label: t('Until'), type: 'datetime-local' } as const]
      : []),
    {
      ...{ as: 'text', path: '/comment', label: t('Comment'), rows: 2, empty: 'blank' },
      help: t('Why nobody is to be told, for all who wonder.'),
    },
  ];
}

/** `2026-11-22T14:30`, as a field for local times has it. */
export function localTime(time: number): string {
  const offset = new Date(time).getTimezoneOffset() * 60_000;
  return new Date(time - offset).toISOString().slice(0, 16);
}
