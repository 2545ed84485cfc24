import { t } from '@vscode/l10n';
import type { AlertRecord } from '../../service/protocol/record.ts';
import type { Matcher } from '../../service/protocol/silence.ts';

export interface SilenceChoice {
  label: string;
  /** What would be silenced, as names and values. */
  detail: string;
  matchers: Matcher[];
}

const LONGEST_VALUE = 256;

/** What can be silenced about an alert, the narrowest first. */
export function silenceChoices(alert: AlertRecord, pipeline: string | undefined): SilenceChoice[] {
  const subject = [
    ...(alert.rule === null ? [equal('title', alert.title)] : [equal('rule', alert.rule)]),
    equal('component', alert.component),
    ...(alert.component_id === null ? [] : [equal('component_id', alert.component_id)]),
    // A job's id differs with each run: the pipeline is what comes again.
    ...(pipeline === undefined ? [] : [equal('pipeline', pipeline)]),
    ...(alert.phase_id === null ? [] : [equal('phase_id', alert.phase_id)]),
  ];
  return [
    choice(t('This alert, and when it comes again'), subject),
    ...(alert.rule === null
      ? []
      : [choice(t('Every alert of this rule'), [equal('rule', alert.rule)])]),
    ...(pipeline === undefined
      ? []
      : [choice(t('Every alert of this pipeline'), [equal('pipeline', pipeline)])]),
  ];
}

function choice(label: string, matchers: Matcher[]): SilenceChoice {
  const detail = matchers.map(({ field, op, value }) => `${field} ${op} ${value}`).join(', ');
  return { label, detail, matchers };
}

/** A value that is too long for a matcher is matched by how it begins. */
function equal(field: string, value: string): Matcher {
  if (value.length <= LONGEST_VALUE) return { field, op: '=', value };
  return { field, op: '~', value: `${value.slice(0, LONGEST_VALUE - 1)}*` };
}
