/** Work that lies unevenly on the workers: divide it evenly, or into more parts. */
import { isOpen, nextUp } from '../explored.ts';
import type { Idea, Strategy } from '../types.ts';
import { because, bottleneckOf, findingEvidence, gainOf } from './words.ts';

/** An even division brings most of what the slowest worker costs back. */
const SHARE = 0.8;

export const spreadWork: Strategy = {
  name: 'spread_work',
  kind: 'spread',
  propose({ parameter, situation, explored }): Idea | null {
    const finding = bottleneckOf(situation, ['SKEW'], parameter.phase_id);
    if (finding === null) return null;
    const { value } = parameter;
    const to = typeof value === 'boolean' ? (value ? null : true) : nextUp(parameter, explored);
    if (to === null || !isOpen(explored, to)) return null;
    const how = to === true ? 'Divided evenly' : `In ${to} parts in place of ${String(value)}`;
    return {
      to,
      sentence: `${finding.sentence} ${how}, all workers end at about the same time.`,
      expected_gain: gainOf(finding, SHARE),
      confidence: finding.confidence,
      evidence: findingEvidence(finding),
      ...because(finding),
      costs: typeof to === 'number',
    };
  },
};
