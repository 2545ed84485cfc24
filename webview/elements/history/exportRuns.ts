import { t } from '@vscode/l10n';
import { messageOf } from '../../../service/protocol/errors.ts';
import type { JobRecord } from '../../../service/protocol/record.ts';
import type { App } from '../../app.ts';
import { allRows } from '../../pages.ts';
import { saveCsv } from '../../textFile.ts';
import { runsTable } from './columns.ts';

export interface Export {
  path: string;
  signal: AbortSignal;
  progress: (done: number, total: number) => void;
}

/** Saves every run of the list as CSV. What goes wrong is said to the person. */
export async function exportRuns(app: App, { path, signal, progress }: Export): Promise<void> {
  const all = allRows<JobRecord>(app, { path, name: 'jobs', signal }, progress);
  try {
    const jobs = await untilAborted(all, signal);
    if (jobs !== null) saveCsv(app, t('Runs'), runsTable(jobs));
  } catch (error) {
    app.store.say({ level: 'error', message: messageOf(error) });
  }
}

/** Null once it was aborted: a question that is given up is never answered. */
function untilAborted<T>(task: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
    task.then((value) => resolve(signal.aborted ? null : value), reject);
  });
}
