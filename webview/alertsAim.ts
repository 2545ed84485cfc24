import type { Matcher } from '../service/protocol/silence.ts';

/** One thing that the alerts are to open: an alert, a rule in its form, or the form of a silence filled with these. */
export type AlertsAim =
  | { open: 'alert'; alert_id: string }
  | { open: 'rule'; rule_id: string }
  | { open: 'silence'; matchers: readonly Matcher[] };
