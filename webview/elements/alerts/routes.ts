import { t } from '@vscode/l10n';
import type { Routed } from '../../../service/protocol/notification.ts';

/** What became of a change of an alert on its way to one channel, and why. */
export function routeText({ outcome, reason = '' }: Routed): string {
  switch (outcome) {
    case 'queued':
      return t('told');
    case 'digest':
      return heldBack(reason);
    case 'silenced':
      return t('not told: silenced by {0}', reason);
    case 'inhibited':
      return t('not told: {0} says it already', reason);
    case 'quiet_hours':
      return t('not told now: quiet hours');
    case 'filtered':
      return t('not told: this channel does not take it');
  }
}

function heldBack(reason: string): string {
  if (reason === 'cooldown') return t('in the next digest: it was told of this a moment ago');
  if (reason === 'rate') return t('in the next digest: it was told of too many alerts this minute');
  if (reason === 'flapping') return t('in the next digest: it comes and goes');
  return t('in the next digest');
}
