/** What the analysis found before the judge: worth an alert, or over. */
import type { Finding } from '../protocol/finding.ts';
import type { Rule } from '../protocol/rule.ts';
import { findingAbout } from './about.ts';
import { thingKey } from './openAlerts.ts';
import { type Names, type RuleIndex, fitsLabels } from './ruleIndex.ts';
import { KINDS } from './rules/index.ts';
import type { KindPart } from './rules/kind.ts';
import type { Out, Verdicts } from './verdicts.ts';

/** The table of findings as the judge reads it. */
export interface FoundThings {
  readonly hasNews: boolean;
  takeChanged(): ReadonlySet<string>;
  get(finding_id: string): Finding | undefined;
  isOpen(finding_id: string): boolean;
  open(): readonly Finding[];
}

interface FindingJudgeParts {
  findings: FoundThings;
  verdicts: Verdicts;
  index: () => RuleIndex;
  /** Epoch milliseconds since when what is so would have been found again. */
  listeningSince: (after_ms: number) => number;
}

/** What was noticed longer ago was told then, or nobody wants to hear it any more. */
const PAST_MS = 86_400_000;
/** What is still so after a start is found again within this time. */
const AGAIN_MS = 120_000;

export class FindingJudge {
  readonly #parts: FindingJudgeParts;
  #pending = new Set<string>();

  constructor(parts: FindingJudgeParts) {
    this.#parts = parts;
  }

  /** Looks at what changed. */
  judgeChanged(out: Out): void {
    for (const id of this.#parts.findings.takeChanged()) this.#judge(id, out);
  }

  /** Looks at what was pending. */
  judgePending(out: Out): void {
    const again = this.#pending;
    this.#pending = new Set();
    for (const id of again) this.#judge(id, out);
  }

  /** What is so now is looked at again with the next tick. */
  lookAtAll(): void {
    for (const { finding_id } of this.#parts.findings.open()) this.#pending.add(finding_id);
  }

  /** What a scope can name of it; nothing of one that is gone. */
  namesOf(finding_id: string): Names {
    const finding = this.#parts.findings.get(finding_id);
    if (finding === undefined) return {};
    const { pipeline, phase_id: phase, worker_id: worker, class: subject } = finding;
    return {
      ...{ phase, subject },
      ...(pipeline !== null && { pipeline }),
      ...(worker !== null && { worker }),
    };
  }

  #judge(finding_id: string, out: Out): void {
    const finding = this.#parts.findings.get(finding_id);
    if (finding === undefined) return;
    const rules = this.#parts.index().matching('finding', this.namesOf(finding_id));
    for (const rule of rules)
      if (fitsLabels(rule.scope, (name) => finding.labels[name])) this.#take(rule, finding, out);
  }

  #take(rule: Rule, finding: Finding, out: Out): void {
    const { verdicts } = this.#parts;
    const { judge } = KINDS[rule.kind] as unknown as KindPart<'anomaly'> & { watches: 'finding' };
    const verdict = judge(finding, rule as never);
    const about = findingAbout(rule, finding);
    if (verdict.is === 'bad') {
      if (Date.parse(finding.noticed_at) < out.now - PAST_MS) return;
      if (verdicts.take({ rule, about, verdict }, out)) this.#pending.add(finding.finding_id);
      return;
    }
    if (verdicts.isIdle) return;
    verdicts.rest(about.key, undefined, verdict.is);
    if (verdict.is !== 'good') return;
    for (const id of verdicts.open.ids(about.key)) verdicts.resolve(id, verdict.why, out);
  }

  /** What was so before a start and was not found again has ended. A change of history stays until it is undone. */
  sweep(out: Out): void {
    const { verdicts, findings, index, listeningSince } = this.#parts;
    if (verdicts.open.size === 0 || out.now - listeningSince(AGAIN_MS) < AGAIN_MS) return;
    for (const { alert, rule_id, key } of verdicts.open.all()) {
      const rule = index().rule(rule_id);
      const { component = '', component_id = '' } = alert.raised ?? {};
      if (rule === undefined || KINDS[rule.kind].watches !== 'finding') continue;
      if (component === 'change' || findings.isOpen(component_id)) continue;
      if (key === thingKey(rule_id, component, component_id))
        verdicts.resolve(alert.alert_id, 'It was not found again.', out);
    }
  }
}
