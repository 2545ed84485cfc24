import * as vscode from 'vscode';
import { PANEL } from '../contributions.ts';
import { Lifetime } from '../lifetime.ts';
import {
  type AlertsPlace,
  DashboardPanel,
  panelOptions,
  type PanelParts,
} from './dashboardPanel.ts';

/** The dashboards of this window; they come back after a reload. */
export class DashboardPanels implements vscode.WebviewPanelSerializer {
  private readonly lifetime = new Lifetime();
  private readonly open = new Set<DashboardPanel>();

  constructor(private readonly parts: PanelParts) {
    this.lifetime.track(vscode.window.registerWebviewPanelSerializer(PANEL, this));
  }

  /** Brings the dashboard to the front, made if there is none, and shows a job in it. */
  show(jobId?: string, phaseId?: string): DashboardPanel {
    const dashboard = [...this.open].at(-1) ?? this.create();
    dashboard.panel.reveal();
    if (jobId !== undefined) dashboard.show(jobId, phaseId);
    return dashboard;
  }

  /** Beside the editor that is in front; a dashboard that is there already moves to it. */
  showBeside(): void {
    const { Beside } = vscode.ViewColumn;
    const dashboard = [...this.open].at(-1);
    if (dashboard) dashboard.panel.reveal(Beside, true);
    else this.create(Beside, true);
  }

  /** Sets jobs beside each other, the first being what the others are held against. */
  compare(jobIds: readonly string[]): void {
    this.show().compare(jobIds);
  }

  /** Brings the alerts to the front, or what tells of them. */
  showAlerts(what: AlertsPlace): void {
    this.show().showAlerts(what);
  }

  /** Called with the panel of the window before its reload; the page has kept its own state. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.adopt(panel);
    return Promise.resolve();
  }

  dispose(): void {
    for (const dashboard of [...this.open]) dashboard.dispose();
    this.open.clear();
    this.lifetime.dispose();
  }

  private create(
    viewColumn = vscode.window.activeTextEditor?.viewColumn ?? vscode.ViewColumn.Active,
    preserveFocus = false,
  ): DashboardPanel {
    const options = panelOptions(this.parts.extensionUri);
    const column = { viewColumn, preserveFocus };
    return this.adopt(vscode.window.createWebviewPanel(PANEL, 'Pipescope', column, options));
  }

  private adopt(panel: vscode.WebviewPanel): DashboardPanel {
    const dashboard = new DashboardPanel(panel, this.parts);
    panel.iconPath = vscode.Uri.joinPath(this.parts.extensionUri, 'media', 'icon.png');
    this.open.add(dashboard);
    panel.onDidDispose(() => {
      this.open.delete(dashboard);
      dashboard.dispose();
    });
    return dashboard;
  }
}
