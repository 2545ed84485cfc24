/** What a report says above its regions. */
import { t } from '@vscode/l10n';
import { duration, exactTime, progress, statusWord } from '../../service/protocol/describe.ts';
import type { JobRecord } from '../../service/protocol/record.ts';
import type { App } from '../app.ts';
import { exactSpan, rangeWords } from '../elements/timePicker/words.ts';
import { jobMs } from '../format.ts';

export function titleOf(job: JobRecord | undefined): string {
  return job === undefined ? 'Pipescope' : t('{0}: {1}', job.name, statusWord(job.status));
}

/** Each with its name. `now` is epoch milliseconds: when the report is made. */
export function factsOf({ store, session, time }: App, now: number): [string, string][] {
  const { job } = store;
  const span = time.span();
  return [
    ...(job === undefined ? [] : jobFacts(job, now)),
    [t('Time shown'), `${rangeWords(session.view.range, now)}: ${exactSpan(span)}`],
    [t('Made'), t('{0}, by Pipescope', exactTime(now))],
    ...(store.stale
      ? [[t('Service'), t('It did not answer: what is shown may be old.')] as [string, string]]
      : []),
  ];
}

function jobFacts(job: JobRecord, now: number): [string, string][] {
  const { started_at: start, ended_at: end, status } = job;
  const done = status === 'RUNNING' && job.progress !== null ? ` ${progress(job.progress)}` : '';
  return [
    [t('Job'), job.job_id],
    [t('Pipeline'), job.pipeline],
    [t('Status'), `${statusWord(status)}${done}`],
    ...(start === null ? [] : [[t('Started'), exactTime(start)] as [string, string]]),
    ...(end === null ? [] : [[t('Ended'), exactTime(end)] as [string, string]]),
    [t('Time'), duration(jobMs(job, now))],
  ];
}
