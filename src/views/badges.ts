import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { count } from '../../service/protocol/describe.ts';

/** VS Code 1.96 shows the number of one view of a container; newer ones add them up. */
const LAST_WITH_ONE = 96;

/** Where they are not added up, that of the jobs counts the alerts as well. */
function areAddedUp(): boolean {
  const [major = 1, minor = 0] = vscode.version.split('.').map((part) => Number.parseInt(part, 10));
  return major > 1 || minor > LAST_WITH_ONE;
}

/** Failed jobs that nobody has looked at. */
export function jobsBadge(failed: number, alerts: number): vscode.ViewBadge | undefined {
  const counted = areAddedUp() ? 0 : alerts;
  if (failed + counted === 0) return undefined;
  const waiting = [
    failed > 0 ? count(failed, t('{0} failed job'), t('{0} failed jobs')) : '',
    counted > 0 ? count(counted, t('{0} alert'), t('{0} alerts')) : '',
  ];
  const [first = '', second] = waiting.filter((part) => part !== '');
  const tooltip =
    second === undefined ? t('{0} to look at', first) : t('{0} and {1} to look at', first, second);
  return { value: failed + counted, tooltip };
}

/** Alerts that nobody has acknowledged. */
export function alertsBadge(open: number): vscode.ViewBadge | undefined {
  if (open === 0 || !areAddedUp()) return undefined;
  const tooltip = count(open, t('{0} alert to acknowledge'), t('{0} alerts to acknowledge'));
  return { value: open, tooltip };
}
