import type { AlertRecord } from '../../../service/protocol/record.ts';

export interface AlertNames {
  rules: ReadonlyMap<string, string>;
  channels: ReadonlyMap<string, string>;
}

/** What can be done with a row; it is drawn from this alone. */
export interface AlertRow {
  alert: AlertRecord;
  index: number;
  total: number;
  now: number;
  /** What the job is called. */
  jobName: string;
  opened: boolean;
  /** Whether Tab reaches it. */
  active: boolean;
  /** Undefined where alerts are not picked. */
  picked: boolean | undefined;
  /** What the rule and the channels are called, by their ids; empty until that is known. */
  names: AlertNames;
  toggle: () => void;
  pick: (on: boolean) => void;
  acknowledge: () => void;
  unacknowledge: () => void;
  note: () => void;
  resolve: () => void;
  show: () => void;
  silence: () => void;
  /** Undefined for alerts that no rule raised. */
  editRule: (() => void) | undefined;
}

/** Longer texts than a line can hold only cost time. */
export function cutText(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 299)}…`;
}
