/** What is said of alerts in rows and on hover: beside their title, and what became of them on the way to each channel. */
import { t } from '@vscode/l10n';
import { count, relativeTime, severityWord } from './describe.ts';
import { formatDate } from './intl.ts';
import type { Routed } from './notification.ts';
import type { AlertRecord } from './record.ts';

const DAY_MS = 86_400_000;

/** "error · 4 min ago · came back twice", "warning · acknowledged by ada since 2 h ago until 12:00". */
export function alertDescription(alert: AlertRecord, now: number): string {
  const parts = [
    severityWord(alert.severity),
    alert.acknowledged ? acknowledgement(alert, now) : relativeTime(alert.last_raised_at, now),
    alert.reopened_count > 0
      ? count(alert.reopened_count, t('came back once'), t('came back {0} times'))
      : '',
    alert.flapping ? t('comes and goes') : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function acknowledgement(alert: AlertRecord, now: number): string {
  const { acknowledged_by: by, acknowledged_until: until } = alert;
  const since = relativeTime(alert.acknowledged_at ?? alert.raised_at, now);
  if (until == null)
    return by === null
      ? t('acknowledged since {0}', since)
      : t('acknowledged by {0} since {1}', by, since);
  const end = endTime(until, now);
  return by === null
    ? t('acknowledged since {0} until {1}', since, end)
    : t('acknowledged by {0} since {1} until {2}', by, since, end);
}

/** When something ends, short: `16:00`, with the date where that is not within a day. */
export function endTime(time: string | number, now: number): string {
  const at = typeof time === 'number' ? time : Date.parse(time);
  const near = at - now < DAY_MS;
  return formatDate(at, { ...(!near && { dateStyle: 'medium' }), timeStyle: 'short' });
}

/** What became of an alert's latest change on its way to one channel. */
export function routedWords({ channel_id, outcome, reason = '' }: Routed): string {
  switch (outcome) {
    case 'queued':
      return channel_id === 'vscode' ? t('shown in VS Code') : t('sent, or waiting to be sent');
    case 'digest':
      return digestWords(reason);
    case 'silenced':
      return t('not told: silenced by {0}', reason);
    case 'inhibited':
      return t('not told: {0} says it already', reason);
    case 'quiet_hours':
      return t('not told: quiet hours');
    case 'filtered':
      return t('not told: not for this channel');
  }
}

function digestWords(reason: string): string {
  switch (reason) {
    case 'cooldown':
      return t('told with the next digest: the same was told not long ago');
    case 'rate':
      return t('told with the next digest: too many at once');
    case 'flapping':
      return t('told with the next digest: it comes and goes');
    default:
      return t('told with the next digest');
  }
}
