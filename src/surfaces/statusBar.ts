import * as vscode from 'vscode';
import { openAlerts } from '../alerts.ts';
import { commandId, STATUS_ITEM } from '../contributions.ts';
import type { Failures } from '../failures.ts';
import { Lifetime } from '../lifetime.ts';
import type { Mirror } from '../mirror.ts';
import type { Supervisor } from '../service/supervisor.ts';
import { Throttle } from '../throttle.ts';
import { hover } from '../views/item.ts';
import { statusText } from './statusText.ts';

const PAINT_EVERY_MS = 250;

/** The one item that says whether anything is wrong. */
export class StatusBar implements vscode.Disposable {
  private readonly lifetime = new Lifetime();
  readonly item = this.lifetime.track(
    vscode.window.createStatusBarItem(STATUS_ITEM, vscode.StatusBarAlignment.Left, 50),
  );
  private readonly paints = this.lifetime.track(
    new Throttle<undefined>(PAINT_EVERY_MS, () => this.paint()),
  );

  constructor(
    private readonly mirror: Mirror,
    private readonly failures: Failures,
    private readonly supervisor: Supervisor,
  ) {
    const look = (): void => this.paints.add(undefined);
    this.lifetime.track(mirror.onDidChange(look));
    this.lifetime.track(failures.onDidChange(look));
    this.lifetime.track(supervisor.onDidChangeState(look));
    this.item.name = 'Pipescope';
    this.item.command = commandId('showWhatIsWrong');
    this.paint();
    this.item.show();
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private paint(): void {
    const jobs = [...this.mirror.jobs.values()];
    const alerts = openAlerts(this.mirror.alerts.values());
    const failed = this.failures.openOf(jobs);
    const service = this.supervisor.state;
    const status = statusText({ service, jobs, failed, alerts, now: Date.now() });
    this.item.text = status.text;
    this.item.tooltip = hover(`Pipescope: ${status.sentence}`, status.rows);
    this.item.accessibilityInformation = { label: `Pipescope: ${status.sentence}`, role: 'button' };
    this.item.backgroundColor = status.error
      ? new vscode.ThemeColor('statusBarItem.errorBackground')
      : undefined;
  }
}
