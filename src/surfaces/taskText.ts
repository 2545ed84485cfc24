import type { TaskRecord } from '../../service/protocol/domain.ts';
import { taskFacts } from '../views/workFacts.ts';
import { clean, errorLines } from './logText.ts';

export interface TaskText {
  text: string;
  /** The line, from 0, at which the error begins. */
  line: number;
}

/** A task as a person reads it: the facts, then the error with its stack. */
export function taskText(task: TaskRecord, now: number): TaskText {
  const facts = taskFacts(task, now).filter(([name]) => name !== 'Error');
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  const head = facts.map(([name, value]) => clean(`${name.padEnd(width)}${value}`));
  const lines = [clean(task.task_id), '', ...head];
  if (!task.error) return { text: `${lines.join('\n')}\n`, line: 0 };
  const line = lines.length + 2;
  return { text: [...lines, '', 'Error', ...errorLines(task.error), ''].join('\n'), line };
}
