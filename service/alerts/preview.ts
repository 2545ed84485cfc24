/** How often a rule would have fired, from history and series: what is kept, looked at as the judge looks at it. */
import { timeText } from '../core/view.ts';
import { numeral } from '../protocol/intl.ts';
import type { Rule, RuleOccasion, RulePreview } from '../protocol/rule.ts';
import { ruleOf } from './openAlerts.ts';
import {
  type FoundOccasion,
  type Previewed,
  type PreviewParts,
  type Span,
  toOccasion,
} from './previewParts.ts';
import { previewRuns } from './previewRuns.ts';
import { previewSchedule } from './previewSchedule.ts';
import { previewSeries } from './previewSeries.ts';
import { KINDS } from './rules/index.ts';

export type { PreviewParts } from './previewParts.ts';

const HOUR_MS = 3_600_000;
/** The newest are shown; all are counted. */
const MAX_OCCASIONS = 100;

/**
 * Looks at the last `hours`. Reads only what is kept; `limits` says what could not be looked at. Rejects with the reason of
 * the signal when it is ended.
 */
export async function preview(
  rule: Rule,
  hours: number,
  parts: PreviewParts,
): Promise<RulePreview> {
  parts.signal?.throwIfAborted();
  const span = { from: parts.now - hours * HOUR_MS, to: parts.now };
  const { found, limits } = await previewOf(rule, span, parts);
  found.sort((a, b) => b.time - a.time);
  const occasions: RuleOccasion[] = found.slice(0, MAX_OCCASIONS).map(toOccasion);
  return {
    from: timeText(span.from),
    to: timeText(span.to),
    count: found.length,
    sentence: sentenceOf(found.length, hours),
    occasions,
    limits: limits.length === 0 ? null : limits.join(' '),
  };
}

function previewOf(
  rule: Rule,
  span: { from: number; to: number },
  parts: PreviewParts,
): Previewed | Promise<Previewed> {
  const { watches } = KINDS[rule.kind];
  if (watches === 'series' || watches === 'queue') return previewSeries(rule, span, parts);
  if (rule.kind === 'missed_schedule') return previewSchedule(rule, span, parts);
  if (watches === 'run' && rule.kind !== 'silent_job') return previewRuns(rule, span, parts);
  return previewAlerts(rule, span, parts);
}

/** Of what such rules look at only now is known: what the rule itself has raised is all the history there is. */
function previewAlerts(
  { rule_id, kind }: Rule,
  { from, to }: Span,
  parts: PreviewParts,
): Previewed {
  const found: FoundOccasion[] = [];
  for (const alert of parts.model.alerts.values()) {
    const { raised, resolved } = alert;
    if (raised === null || ruleOf(alert) !== rule_id) continue;
    const { time, component_id = '', value = null, job_id = null } = raised;
    if (time < from || time > to) continue;
    found.push({ time, until: resolved?.time ?? null, subject: component_id, value, job_id });
  }
  const limits = [
    `Nothing else is kept of what rules of the kind "${kind}" look at: the alerts that the rule "${rule_id}" has raised are counted, as it was then.`,
  ];
  return { found, limits };
}

function sentenceOf(count: number, hours: number): string {
  const often = count === 0 ? 'not have fired' : count === 1 ? 'have fired once' : null;
  const last = `in the last ${numeral(hours)} h.`;
  return often ? `Would ${often} ${last}` : `Would have fired ${numeral(count)} times ${last}`;
}
