// The extension with the service it starts itself: a process of its own that it finds, loses and finds again.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandId } from '../../../src/contributions.ts';
import type { TestApi } from '../../../src/extension.ts';
import { until } from '../../src/wire/until.ts';
import { findService, readTokens } from '../../support/vscode/service.ts';

const dataDir = process.env.PIPESCOPE_DATA_DIR ?? '';
const LIMIT = 20_000;

describe('the service that a window starts', function () {
  this.timeout(60_000);
  let api: TestApi;
  before(async () => {
    const extension = vscode.extensions.getExtension<TestApi>('pipescope.pipescope');
    assert.ok(extension);
    api = await extension.activate();
  });

  const connected = (): Promise<true> =>
    until('connected', () => api.supervisor.state.kind === 'connected', LIMIT);
  const report = async (events: object[]): Promise<void> => {
    const answer = await fetch(`${findService(dataDir)?.url ?? ''}/api/v1/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${readTokens(dataDir).ingest}`,
      },
      body: JSON.stringify(events),
    });
    assert.equal(answer.status, 202, await answer.text());
  };
  const row = (id: string): string | undefined => {
    const node = api.jobsView.tree.getChildren().find((each) => each.jobId === id);
    return node && String(api.jobsView.tree.getTreeItem(node).description);
  };

  it('starts by the command and answers', async () => {
    await vscode.commands.executeCommand(commandId('startService'));
    await connected();
    const pid = findService(dataDir)?.pid;
    assert.ok(pid !== undefined && pid !== process.pid);
  });

  it('brings what a pipeline reports into the tree within a second', async () => {
    const began = performance.now();
    await report([
      {
        type: 'job.started',
        job_id: 'real',
        name: 'real',
        phases: [{ phase_id: 'P00' }, { phase_id: 'P01' }],
      },
      { type: 'phase.started', job_id: 'real', phase_id: 'P00' },
    ]);
    await until('the job', () => row('real')?.startsWith('running'), LIMIT);
    assert.ok(performance.now() - began < 1000);
    await until('its phases', () => api.mirror.phases('real').length === 2, LIMIT);
  });

  it('makes a problem of a phase that fails, and an alert', async () => {
    const error = { message: 'no such table', type: 'SqlError' };
    await report([
      { type: 'phase.failed', job_id: 'real', phase_id: 'P00', error },
      { type: 'job.failed', job_id: 'real', error },
    ]);
    const problem = await until(
      'the problem',
      () =>
        vscode.languages.getDiagnostics().find(([uri]) => uri.path === '/real/real.log')?.[1][0],
      LIMIT,
    );
    assert.equal(problem.message, 'P00: SqlError: no such table');
    assert.match(row('real') ?? '', /^failed at P00 · /);
    await until('the alert', () => api.alertsView.tree.getChildren().length > 0, LIMIT);
    await vscode.commands.executeCommand(commandId('acknowledgeAlert'), { jobId: 'real' });
    await until(
      'no open alert',
      () => [...api.mirror.alerts.values()].every(({ acknowledged }) => acknowledged),
      LIMIT,
    );
  });

  it('comes back by itself after it was killed, with everything', async () => {
    const pid = findService(dataDir)?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    await until(
      'another process',
      () => findService(dataDir)?.pid !== pid && api.supervisor.state.kind === 'connected',
      LIMIT,
    );
    assert.ok(api.mirror.jobs.has('real'));
  });

  it('is restarted by the command', async () => {
    const pid = findService(dataDir)?.pid;
    await vscode.commands.executeCommand(commandId('restartService'));
    await connected();
    assert.notEqual(findService(dataDir)?.pid, pid);
  });

  it('stops by the command', async () => {
    await vscode.commands.executeCommand(commandId('stopService'));
    await until('off', () => api.supervisor.state.kind === 'off', LIMIT);
    assert.equal(findService(dataDir), undefined);
  });
});
