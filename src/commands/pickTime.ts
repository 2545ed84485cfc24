import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { count } from '../../service/protocol/describe.ts';
import { endTime } from '../../service/protocol/describeAlerts.ts';

export const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds that a person picks, each shown with when it ends. */
export async function pickTime(
  title: string,
  choices: readonly number[],
): Promise<number | undefined> {
  const now = Date.now();
  const items = choices.map((ms) => ({
    label: inWords(ms),
    description: t('until {0}', endTime(now + ms, now)),
    ms,
  }));
  return (await vscode.window.showQuickPick(items, { title }))?.ms;
}

function inWords(ms: number): string {
  if (ms % DAY === 0) return count(ms / DAY, t('{0} day'), t('{0} days'));
  if (ms % HOUR === 0) return count(ms / HOUR, t('{0} hour'), t('{0} hours'));
  return count(ms / MINUTE, t('{0} minute'), t('{0} minutes'));
}
