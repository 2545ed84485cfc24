import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import { count } from '../../service/protocol/describe.ts';
import { messageOf } from '../../service/protocol/errors.ts';
import type { AlertRecord } from '../../service/protocol/record.ts';
import { type Severity, severityRank } from '../../service/protocol/states.ts';
import { type AlertNews, isHeldBack, isToBeTold } from '../alertNews.ts';
import { activeAlerts } from '../alerts.ts';
import { Lifetime } from '../lifetime.ts';
import type { Log } from '../log.ts';
import type { Mirror } from '../mirror.ts';
import { type MutedRules, ruleOf } from '../mutedRules.ts';
import { setting } from '../vscode/settings.ts';
import { type Button, say } from './say.ts';

/** What comes within this time of the first is told together. */
const GATHER_MS = 2000;
const MOST_GATHERED = 1000;
/** A notification that was hidden is never answered; after this time the next may come all the same. */
const ANSWER_LIMIT_MS = 5 * 60_000;

export interface AlertNotificationsParts {
  mirror: Mirror;
  news: AlertNews;
  muted: MutedRules;
  log: Log;
}

/** Tells of alerts, one notification at a time: what comes while one waits for its answer is told together after it. */
export class AlertNotifications implements vscode.Disposable {
  private readonly lifetime = new Lifetime();
  private readonly waiting = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private limit: NodeJS.Timeout | undefined;
  private isAsking = false;
  private ended = false;

  constructor(private readonly parts: AlertNotificationsParts) {
    this.lifetime.track(parts.news.onNews((alerts) => this.gather(alerts)));
    this.lifetime.track({ dispose: () => clearTimeout(this.timer) });
    this.lifetime.track({ dispose: () => clearTimeout(this.limit) });
  }

  dispose(): void {
    this.ended = true;
    this.lifetime.dispose();
  }

  private gather(alerts: readonly AlertRecord[]): void {
    for (const { alert_id: id } of alerts)
      if (this.waiting.size < MOST_GATHERED) this.waiting.add(id);
    this.tellSoon();
  }

  private tellSoon(): void {
    if (this.isAsking || this.waiting.size === 0 || this.ended) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.tell().catch((error: unknown) => this.parts.log.error(messageOf(error)));
    }, GATHER_MS);
  }

  private async tell(): Promise<void> {
    const { mirror } = this.parts;
    const gathered = [...this.waiting].map((id) => mirror.alerts.get(id));
    this.waiting.clear();
    const alerts = activeAlerts(gathered.filter((alert) => alert !== undefined)).filter((alert) =>
      this.isWanted(alert),
    );
    const [first] = alerts;
    if (!first) return;
    this.isAsking = true;
    const late = new Promise<void>((resolve) => {
      this.limit = setTimeout(resolve, ANSWER_LIMIT_MS);
    });
    try {
      await Promise.race([this.ask(first, alerts), late]);
    } finally {
      clearTimeout(this.limit);
      this.isAsking = false;
      this.tellSoon();
    }
  }

  /** Still as it was when it came, of a rule that may speak, and not what the notification of a failed job says already. */
  private isWanted(alert: AlertRecord): boolean {
    const level = setting('notifications.level');
    const isGrave = severityRank(alert.severity) >= severityRank('ERROR');
    const isAskedFor = level === 'warning' || (level === 'error' && isGrave);
    const { mirror, muted } = this.parts;
    const job = alert.job_id === null ? undefined : mirror.jobs.get(alert.job_id);
    return isAskedFor && isToBeTold(alert) && !muted.has(ruleOf(alert)) && job?.status !== 'FAILED';
  }

  private async ask(first: AlertRecord, alerts: readonly AlertRecord[]): Promise<void> {
    const held = [...this.parts.mirror.alerts.values()].filter(isHeldBack).length;
    await say(levelOf(first.severity), sentence(first, alerts.length, held), [
      [t('Show in Dashboard'), 'showJobInDashboard', { alertId: first.alert_id }],
      alerts.length > 1
        ? [t('Acknowledge All'), 'acknowledgeAllAlerts', {}]
        : [t('Acknowledge'), 'acknowledgeAlert', { alertId: first.alert_id }],
      muteButton([...new Set(alerts.map(ruleOf))]),
    ]);
  }
}

/** Of several rules a person picks. */
function muteButton(rules: readonly string[]): Button {
  const title = rules.length > 1 ? t('Do Not Show Again...') : t('Do Not Show Again for This Rule');
  return [title, 'muteAlertRule', {}, rules];
}

function sentence({ title, description }: AlertRecord, n: number, held: number): string {
  const said = [description === '' ? title : `${title}: ${description}`];
  if (n > 1) said.push(count(n - 1, t('{0} more alert with it.'), t('{0} more alerts with it.')));
  if (held > 0)
    said.push(
      count(
        held,
        t('{0} alert is held back; the Alerts view shows it.'),
        t('{0} alerts are held back; the Alerts view shows them.'),
      ),
    );
  return said.join(' ');
}

function levelOf(severity: Severity): 'error' | 'warning' | 'info' {
  if (severityRank(severity) >= severityRank('ERROR')) return 'error';
  return severity === 'WARNING' ? 'warning' : 'info';
}
