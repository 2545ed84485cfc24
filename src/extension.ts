import { join } from 'node:path';
import { config, t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { writeAs } from '../service/protocol/intl.ts';
import { AlertNews } from './alertNews.ts';
import type { App } from './app.ts';
import { registerCommands } from './commands/register.ts';
import { ALIVE_EVERY_MS, Failures } from './failures.ts';
import { ALWAYS, Interest } from './interest.ts';
import { Lifetime } from './lifetime.ts';
import { Mirror } from './mirror.ts';
import { MutedRules } from './mutedRules.ts';
import { ChannelSecrets } from './service/channelSecrets.ts';
import { Supervisor } from './service/supervisor.ts';
import { AlertNotifications } from './surfaces/alertNotifications.ts';
import { DashboardPanels } from './surfaces/dashboardPanels.ts';
import { Diagnostics } from './surfaces/diagnostics.ts';
import { LogDocuments } from './surfaces/logDocument.ts';
import { Notifications } from './surfaces/notifications.ts';
import { StatusBar } from './surfaces/statusBar.ts';
import { TaskDocuments } from './surfaces/taskDocument.ts';
import { AlertPreferences } from './views/alertPreferences.ts';
import { AlertsView } from './views/alertsView.ts';
import { JobsView } from './views/jobsView.ts';
import { Preferences } from './views/preferences.ts';
import { WorkersView } from './views/workersView.ts';
import { ContextKeys } from './vscode/contextKeys.ts';
import { dataDir, setting } from './vscode/settings.ts';

/** What tests in the window look at; other extensions get nothing. */
export interface TestApi extends App {
  readonly lifetime: Lifetime;
  readonly statusBar: StatusBar;
  readonly news: AlertNews;
  readonly activatedInMs: number;
}

export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  const began = performance.now();
  // Before anything else: what is made below may speak at once.
  const { bundle } = vscode.l10n;
  if (bundle) config({ contents: bundle });
  writeAs(bundle ? vscode.env.language : 'en', () => [
    Intl.DateTimeFormat().resolvedOptions().locale,
  ]);
  const lifetime = new Lifetime();
  context.subscriptions.push(lifetime);
  const parts = build(context, lifetime);
  connect(parts, lifetime);
  const test = context.extensionMode === vscode.ExtensionMode.Test;
  return test ? { ...parts, lifetime, activatedInMs: performance.now() - began } : undefined;
}

type Parts = Omit<TestApi, 'lifetime' | 'activatedInMs'> & { keys: ContextKeys };

function build(context: vscode.ExtensionContext, lifetime: Lifetime): Parts {
  const log = lifetime.track(vscode.window.createOutputChannel('Pipescope', { log: true }));
  const demoOutput = lifetime.track(
    vscode.window.createOutputChannel(t('Pipescope Demo Pipeline')),
  );
  const keys = new ContextKeys();
  const mirror = new Mirror();
  const failures = new Failures(context.workspaceState, Date.now);
  const muted = new MutedRules(context.globalState);
  const news = new AlertNews(context.workspaceState, () => failures.since);
  const launch = () => ({
    cli: context.asAbsolutePath(join('dist', 'cli.js')),
    dataDir: dataDir(),
    idleExit: setting('keepRunning') ? '0' : '10m',
  });
  const supervisor = lifetime.track(new Supervisor({ launch, topics: [...ALWAYS], log }));
  const { connection } = supervisor;
  const interest = lifetime.track(new Interest(mirror, (topics) => connection.setTopics(topics)));
  const preferences = new Preferences(context.workspaceState, {
    grouped: () => setting('jobs.groupByPipeline'),
    most: () => setting('jobs.maxShown'),
  });
  const views = { mirror, failures, interest, supervisor, preferences };
  const jobsView = lifetime.track(new JobsView(views, keys));
  const workersView = lifetime.track(new WorkersView({ mirror, supervisor, interest }, keys));
  const arrangement = new AlertPreferences(context.workspaceState);
  const alertsView = lifetime.track(
    new AlertsView({ mirror, muted, supervisor, preferences: arrangement }, keys),
  );
  const logDocuments = lifetime.track(new LogDocuments(mirror, interest));
  const taskDocuments = lifetime.track(new TaskDocuments(mirror));
  lifetime.track(new Diagnostics(mirror, logDocuments, log));
  lifetime.track(new Notifications(mirror, failures, log));
  lifetime.track(new AlertNotifications({ mirror, news, muted, log }));
  const statusBar = lifetime.track(new StatusBar(mirror, failures, supervisor));
  const secrets = lifetime.track(new ChannelSecrets(context.secrets, { connection, dataDir, log }));
  const { extensionUri } = context;
  const panels = lifetime.track(
    new DashboardPanels({ extensionUri, supervisor, secrets, state: context.workspaceState }),
  );
  const app = {
    context,
    log,
    demoOutput,
    mirror,
    interest,
    failures,
    muted,
    supervisor,
    panels,
    logDocuments,
    taskDocuments,
  };
  const parts = { ...app, jobsView, workersView, alertsView, statusBar, news, keys };
  lifetime.track(registerCommands(parts));
  return parts;
}

/** Joins the parts: frames into the mirror, the mirror's changes into the ledger of failures. */
function connect(
  { supervisor, mirror, failures, news, keys, log }: Parts,
  lifetime: Lifetime,
): void {
  lifetime.track(
    supervisor.connection.onFrame((frame) => {
      if (frame.type === 'records') mirror.apply(frame);
    }),
  );
  lifetime.track(
    mirror.onDidChange(({ reset, jobs }) => {
      const changed = [...jobs].map((id) => mirror.jobs.get(id)).filter((job) => job !== undefined);
      failures.observe(changed, reset);
    }),
  );
  lifetime.track(
    mirror.onDidChange(({ reset, alerts }) => {
      const changed = [...alerts].map((id) => mirror.alerts.get(id));
      news.observe(
        changed.filter((alert) => alert !== undefined),
        reset,
      );
    }),
  );
  // Who acknowledged an alert, in whichever window or page, has looked at its job.
  lifetime.track(
    mirror.onDidChange(({ alerts }) => {
      for (const id of alerts) {
        const alert = mirror.alerts.get(id);
        const job = alert?.acknowledged ? mirror.jobs.get(alert.job_id ?? '') : undefined;
        if (job) failures.lookedAt(job);
      }
    }),
  );
  lifetime.every(ALIVE_EVERY_MS, () => failures.alive());
  keys.set('service', supervisor.state.kind);
  lifetime.track(supervisor.onDidChangeState(({ kind }) => keys.set('service', kind)));
  lifetime.track(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('pipescope.dataDir')) supervisor.attach();
    }),
  );
  // After activate() has returned: the window does not wait for a look at files and sockets.
  const soon = setImmediate(() => {
    supervisor.attach();
    if (setting('startWithWindow')) supervisor.firstUse();
    log.debug(`Data directory: ${dataDir()}`);
  });
  lifetime.track({ dispose: () => clearImmediate(soon) });
}
