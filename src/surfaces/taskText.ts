import { t } from '@vscode/l10n';
import type { TaskRecord } from '../../service/protocol/domain.ts';
import { taskFacts } from '../views/workFacts.ts';
import { aligned, clean, errorLines } from './logText.ts';

export interface TaskText {
  text: string;
  /** The line, from 0, at which the error begins. */
  line: number;
}

/** A task as a person reads it: the facts, then the error with its stack. */
export function taskText(task: TaskRecord, now: number): TaskText {
  const facts = taskFacts({ ...task, error: null }, now);
  const lines = [clean(task.task_id), '', ...aligned(facts).map(clean)];
  if (!task.error) return { text: `${lines.join('\n')}\n`, line: 0 };
  const line = lines.length + 2;
  return { text: [...lines, '', t('Error'), ...errorLines(task.error), ''].join('\n'), line };
}
