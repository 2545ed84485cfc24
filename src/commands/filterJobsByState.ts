import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { statusWord } from '../../service/protocol/describe.ts';
import { numeral } from '../../service/protocol/intl.ts';
import { STATUSES } from '../../service/protocol/states.ts';
import type { Command } from './command.ts';

export const filterJobsByState: Command = (app) => async () => {
  const { preferences } = app.jobsView;
  const { states } = preferences.arrangement;
  const jobs = [...app.mirror.jobs.values()];
  const items = STATUSES.map((status) => ({
    label: statusWord(status),
    description: numeral(jobs.filter((job) => job.status === status).length),
    picked: states.includes(status),
    status,
  }));
  const title = t('Show jobs in these states (none chosen: all)');
  const picked = await vscode.window.showQuickPick(items, { title, canPickMany: true });
  if (picked) preferences.filter({ states: picked.map(({ status }) => status) });
};
