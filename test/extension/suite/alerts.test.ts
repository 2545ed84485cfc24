// The Alerts view in a real window, fed by a real WebSocket server on the window's data directory.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Routed } from '../../../service/protocol/notification.ts';
import { type CommandName, commandId } from '../../../src/contributions.ts';
import type { TestApi } from '../../../src/extension.ts';
import { setting } from '../../../src/vscode/settings.ts';
import type { Node } from '../../../src/views/node.ts';
import { alert, job, log } from '../../src/wire/records.ts';
import { RecordServer } from '../../src/wire/recordServer.ts';
import { until } from '../../src/wire/until.ts';

const LIMIT = 10_000;
const MINUTE = 60_000;

describe('the alerts of a window', function () {
  this.timeout(30_000);
  const server = new RecordServer(process.env.PIPESCOPE_DATA_DIR ?? '');
  let api: TestApi;

  before(async () => {
    const extension = vscode.extensions.getExtension<TestApi>('pipescope.pipescope');
    assert.ok(extension);
    api = await extension.activate();
    await server.start();
    await until('connected', () => api.supervisor.state.kind === 'connected', LIMIT);
  });
  after(async () => {
    await api.muted.mute([...api.muted.all], false);
    api.alertsView.preferences.group('severity');
    await server.stop();
    await until('off', () => api.supervisor.state.kind === 'off', LIMIT);
  });

  const run = (name: CommandName, ...about: unknown[]): Thenable<unknown> =>
    vscode.commands.executeCommand(commandId(name), ...about);
  const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE).toISOString();
  /** Rows as a person reads them, an indented line each. */
  const rows = (parent?: Node): string[] =>
    api.alertsView.tree.getChildren(parent).flatMap((node) => {
      const { label, description } = api.alertsView.tree.getTreeItem(node);
      const text = `${parent ? '  ' : ''}${label as string} | ${description || ''}`;
      return [text, ...rows(node)];
    });
  const itemOf = (id: string, parent?: Node): vscode.TreeItem | undefined => {
    const { tree } = api.alertsView;
    for (const node of tree.getChildren(parent)) {
      const found = node.alertId === id ? tree.getTreeItem(node) : itemOf(id, node);
      if (found) return found;
    }
    return undefined;
  };
  /** Does something at the moment at which the group of an alert is drawn anew, because its state has changed. */
  const whileDrawn = async (id: string, act: () => void): Promise<void> => {
    rows();
    const one = api.mirror.alerts.get(id);
    assert.ok(one);
    let drawn = false;
    const listening = api.alertsView.tree.onDidChangeTreeData(() => {
      listening.dispose();
      drawn = true;
      act();
    });
    server.publish({ alerts: [{ ...one, acknowledged: !one.acknowledged }] });
    await until('drawn anew', () => drawn, LIMIT);
  };
  const isAddedUp = !vscode.version.startsWith('1.96');

  it('stand in groups by severity, the gravest first, counted in the badge', async () => {
    const routed: Routed[] = [{ channel_id: 'vscode', outcome: 'filtered' }];
    const common = { raised_at: ago(4), last_raised_at: ago(4), routed };
    server.publish({
      jobs: [job({ job_id: 'run-7', name: 'nightly-report' })],
      alerts: [
        alert({ alert_id: 'slow', title: 'P02 is slow', job_id: 'run-7', ...common }),
        alert({ alert_id: 'disk', title: 'Disk full', severity: 'CRITICAL', ...common }),
        alert({ alert_id: 'load', title: 'CPU high', rule: 'cpu', ...common, reopened_count: 2 }),
      ],
    });
    await until('three alerts', () => api.mirror.alerts.size === 3, LIMIT);
    assert.deepEqual(rows(), [
      'Critical | 1 alert',
      '  Disk full | critical · 4 min ago',
      'Warning | 2 alerts',
      '  P02 is slow | warning · 4 min ago',
      '  CPU high | warning · 4 min ago · came back 2 times',
    ]);
    const badge = (): number | undefined => api.alertsView.view.badge?.value;
    await until('the badge', () => badge() === (isAddedUp ? 3 : undefined), LIMIT);
  });

  it('stand by job after the button of the title, and stay so', async () => {
    await run('groupAlertsByJob');
    assert.deepEqual(rows(), [
      'nightly-report | 1 alert',
      '  P02 is slow | warning · 4 min ago',
      'No Job | 2 alerts',
      '  Disk full | critical · 4 min ago',
      '  CPU high | warning · 4 min ago · came back 2 times',
    ]);
    assert.equal(api.context.workspaceState.get('alerts.grouping'), 'job');
    await run('groupAlertsBySeverity');
    assert.equal(rows()[0], 'Critical | 1 alert');
  });

  it('draws anew only the row that changed', async () => {
    await new Promise((resolve) => setTimeout(resolve, 600));
    const refreshed: (string | undefined)[][] = [];
    const listening = api.alertsView.tree.onDidChangeTreeData((nodes) =>
      refreshed.push(nodes ? nodes.map(({ id }) => id) : [undefined]),
    );
    const slow = api.mirror.alerts.get('slow');
    assert.ok(slow);
    server.publish({ alerts: [{ ...slow, description: 'Now 3 times as long as usual' }] });
    await until('a refresh', () => refreshed.length > 0, LIMIT);
    listening.dispose();
    assert.deepEqual(refreshed, [['alert/slow']]);
  });

  it('say who acknowledged them, since when and until when, and wait again when it is taken back', async () => {
    server.commands.length = 0;
    await run('acknowledgeAlert', { alertId: 'load' });
    const known = await until(
      'acknowledged',
      () => {
        const row = rows().find((text) => text.includes('CPU high'));
        return row?.includes('acknowledged by ') ? row : undefined;
      },
      LIMIT,
    );
    assert.match(
      known,
      /^ {2}CPU high \| warning · acknowledged by \S+ since just now · came back/,
    );
    assert.equal(itemOf('load')?.contextValue, 'alert.acknowledged rule');
    assert.ok(rows().includes('Warning | 2 alerts · 1 acknowledged'));
    await run('unacknowledgeAlert', { alertId: 'load' });
    await until('open again', () => itemOf('load')?.contextValue === 'alert.open rule', LIMIT);
    const [first, second] = server.commands;
    assert.deepEqual(
      [first?.command, second?.command],
      ['alert.acknowledge', 'alert.unacknowledge'],
    );
  });

  it('are acknowledged all of a job by the row of the job', async () => {
    server.commands.length = 0;
    await run('groupAlertsByJob');
    await run('acknowledgeAlert', api.alertsView.tree.getChildren()[0]);
    const asked = server.commands.find((frame) => frame.command === 'alert.acknowledge_all');
    assert.equal(asked?.job_id, 'run-7');
    await run('groupAlertsBySeverity');
  });

  it('tell on hover what became of them in each channel, and trust nothing', () => {
    const routed: Routed[] = [
      { channel_id: 'vscode', outcome: 'queued' },
      { channel_id: 'on-call', outcome: 'silenced', reason: 's1' },
    ];
    const disk = api.mirror.alerts.get('disk');
    assert.ok(disk);
    api.mirror.alerts.set('disk', { ...disk, routed, description: '[x](command:evil)' });
    const tooltip = itemOf('disk')?.tooltip as vscode.MarkdownString;
    api.mirror.alerts.set('disk', disk);
    assert.match(tooltip.value, /Channel vscode \| shown in VS Code/);
    assert.match(tooltip.value, /Channel on\\-call \| not told\\: silenced/);
    assert.ok(!tooltip.value.includes('](command:'));
    assert.ok(!tooltip.isTrusted);
  });

  it('of a rule are muted for the person, marked so, and heard again', async () => {
    void run('muteAlertRule', { alertId: 'load' });
    await until('muted', () => itemOf('load')?.contextValue === 'alert.open rule muted', LIMIT);
    assert.deepEqual(api.context.globalState.get('alerts.mutedRules'), ['cpu']);
    await run('unmuteAlertRule', { alertId: 'load' });
    assert.equal(itemOf('load')?.contextValue, 'alert.open rule');
    assert.deepEqual(api.context.globalState.get('alerts.mutedRules'), []);
  });

  it('are known to a menu whose row was drawn anew at the moment of the click', async () => {
    server.commands.length = 0;
    // The editor has forgotten the rows below what is drawn anew until it asks for them: it then names none.
    await whileDrawn('slow', () => void run('unacknowledgeAlert', undefined, undefined));
    const asked = await until(
      'the command',
      () => server.commands.find((frame) => frame.command === 'alert.unacknowledge'),
      LIMIT,
    );
    assert.equal(asked.alert_id, 'slow');
    await until('open', () => itemOf('slow')?.contextValue === 'alert.open job', LIMIT);
  });

  it('are asked for where several rows were drawn anew at that moment', async () => {
    await vscode.env.clipboard.writeText('');
    await whileDrawn('slow', () => void run('copyAlert', undefined, undefined));
    const answered = async (): Promise<boolean> => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return (await vscode.env.clipboard.readText()) !== '';
    };
    await until('the answer', answered, LIMIT);
    assert.match(await vscode.env.clipboard.readText(), /^(P02 is slow|CPU high) /);
  });

  it('are copied as text', async () => {
    await run('copyAlert', { alertId: 'disk' });
    const text = await vscode.env.clipboard.readText();
    assert.match(text, /^Disk full \(critical, .+\)\nP02 takes longer than 30 s\.\ndisk$/);
  });

  it('make no problem when they are of thresholds, with or without a job', async () => {
    const of = (): vscode.Diagnostic[] =>
      vscode.languages
        .getDiagnostics()
        .flatMap(([, all]) => all)
        .filter(({ source }) => source === 'Pipescope');
    server.publish({
      logs: [log({ log_id: 'l', job_id: 'run-7', level: 'warning' })],
      alerts: [
        alert({
          ...{ alert_id: 'bound', rule: 'my-bound', severity: 'CRITICAL', job_id: 'run-7' },
          ...{ phase_id: 'P02', metric: 'queue_size', value: 900, threshold: 100 },
        }),
      ],
    });
    await until('the alert', () => api.mirror.alerts.has('bound'), LIMIT);
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.deepEqual(of(), []);
  });

  it('are no setting: none holds an address or a secret, and a workspace may not say where things are', () => {
    const { properties } = (
      vscode.extensions.getExtension('pipescope.pipescope')?.packageJSON as {
        contributes: { configuration: { properties: Record<string, { scope: string }> } };
      }
    ).contributes.configuration;
    const suspicious = Object.keys(properties).filter((id) =>
      /url|secret|token|password|webhook|smtp|channel|host|port/i.test(id),
    );
    assert.deepEqual(suspicious, []);
    assert.equal(setting('notifications.level'), 'warning');
  });
});
